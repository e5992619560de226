/** More is asked of the log than it can take now. Nothing of the command was done. */
export class Overloaded extends Error {
  readonly retryAfterSeconds = 1;
}

/** Work on one name, one after the other; different names side by side. At most `limit` pieces of work wait or run at a time. */
export class Turns {
  depth = 0;
  private readonly last = new Map<string, Promise<unknown>>();

  constructor(private readonly limit: number) {}

  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.depth >= this.limit) throw new Overloaded('The log is busy.');
    this.depth++;
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.last.set(name, settled);
    try {
      return await mine;
    } finally {
      this.depth--;
      if (this.last.get(name) === settled) this.last.delete(name);
    }
  }

  async idle(): Promise<void> {
    await Promise.all(this.last.values());
  }
}
