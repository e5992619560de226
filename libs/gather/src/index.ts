interface Waiting<Q, A> {
  readonly asked: Q;
  readonly done: (answer: A) => void;
  readonly failed: (error: unknown) => void;
}
export interface GatherOptions<Q, A> {
  /** One call for all of them: an answer each, in their order, or it throws and has done nothing. */
  readonly send: (together: readonly Q[]) => Promise<readonly A[]>;
  /** How many go together at most, and how many such calls are on their way at a time. */
  readonly atOnce: number;
  readonly sideBySide: number;
  /** For each call: tells of one after the other whether it may go with those let in before. */
  readonly together?: () => (asked: Q) => boolean;
  /** Whether an error says nothing about what was asked for. */
  readonly passes: (error: unknown) => boolean;
}

/**
 * Sends together what is asked in the same turn of the event loop, or while others are on their way. A lone question goes at once. If a call
 * throws, each of its questions is sent alone, so that one which cannot be answered fails by itself; if what is wrong will pass, all fail.
 */
export class Gather<Q, A> {
  private waiting: Waiting<Q, A>[] = [];
  private called = false;
  private running = 0;

  constructor(private readonly options: GatherOptions<Q, A>) {}

  ask(asked: Q): Promise<A> {
    return new Promise((done, failed) => {
      this.waiting.push({ asked, done, failed });
      this.call();
    });
  }

  private call(): void {
    if (this.called || this.waiting.length === 0 || this.running === this.options.sideBySide) return;
    this.called = true;
    setImmediate(() => {
      this.called = false;
      this.running++;
      void this.send(this.take()).finally(() => {
        this.running--;
        this.call();
      });
      this.call();
    });
  }

  private take(): Waiting<Q, A>[] {
    const { atOnce, together } = this.options;
    const fits = together?.() ?? (() => true);
    const taken: Waiting<Q, A>[] = [];
    this.waiting = this.waiting.filter((one) => {
      if (taken.length === atOnce || !fits(one.asked)) return true;
      taken.push(one);
      return false;
    });
    return taken;
  }

  private async send(taken: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.options.send(taken.map(({ asked }) => asked));
      for (const [at, answer] of answers.entries()) taken[at]?.done(answer);
    } catch (error) {
      if (taken.length === 1 || this.options.passes(error)) for (const one of taken) one.failed(error);
      else for (const one of taken) await this.send([one]);
    }
  }
}
