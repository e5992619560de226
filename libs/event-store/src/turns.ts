/** More is asked of the log than it can take now. Nothing of the command was done. */
export class Overloaded extends Error {
  readonly retryAfterSeconds = 1;
}

export interface Bounds {
  /** Pieces of work that may wait or run at a time. */
  readonly limit: number;
  /** Those of one name: one that is flooded leaves room for the others. */
  readonly each: number;
  /** Milliseconds after which nobody waits for a piece of work any more: it is not begun. */
  readonly patience: number;
}
interface Line {
  last: Promise<unknown>;
  length: number;
}

/** Work on one name, one after the other; different names side by side. What is beyond a bound is refused. */
export class Turns {
  depth = 0;
  private readonly lines = new Map<string, Line>();

  constructor(private readonly bounds: Bounds) {}

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { limit, each, patience } = this.bounds;
    const line = this.lines.get(name) ?? { last: Promise.resolve(), length: 0 };
    if (this.depth >= limit || line.length >= each) throw new Overloaded('The log is busy.');
    this.depth++;
    line.length++;
    this.lines.set(name, line);
    const until = performance.now() + patience;
    const mine = line.last.then(() => {
      if (performance.now() > until) throw new Overloaded('The log was busy for too long.');
      return work();
    });
    line.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.depth--;
      line.length--;
      if (line.length === 0) this.lines.delete(name);
    }
  }

  async idle(): Promise<void> {
    await Promise.all([...this.lines.values()].map(({ last }) => last));
  }
}

/** What comes of it, or an error that passes by itself, after so many milliseconds: it may come to something yet. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(Object.assign(new Error('The log does not answer.'), { code: 'ETIMEDOUT' }));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
