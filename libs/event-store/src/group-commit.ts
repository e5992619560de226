import type pg from 'pg';
import { type Append, type Appended, appendAll } from './append.ts';

interface Waiting {
  readonly append: Append;
  readonly done: (appended: Appended) => void;
  readonly failed: (error: unknown) => void;
}
const atOnce = 50;
const lost = (error: unknown) =>
  error instanceof Error && 'code' in error
    ? /^(08|57P|40|ECONN|EPIPE)/.test(String(error.code))
    : String(error).includes('Connection terminated');

/**
 * Sends what arrives while an append is in flight together in the next one. A lone command goes at once. A call never holds two commands
 * of one stream or one id, nor one whose guard another command of the call appends to; those wait for the next. If a call raises, each of its commands is tried alone, so that one which cannot be
 * stored fails by itself; a lost connection is tried again, which the command ids make harmless.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly pool: pg.Pool) {}

  /** Resolves when the append is durable, or fails with the reason why it was not made. */
  append(append: Append): Promise<Appended> {
    return new Promise((done, failed) => {
      this.waiting.push({ append, done, failed });
      this.running ??= this.run().finally(() => (this.running = undefined));
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.send(this.take());
  }

  private take(): Waiting[] {
    const streams = new Set<string>();
    const ids = new Set<string>();
    const taken: Waiting[] = [];
    this.waiting = this.waiting.filter((one) => {
      const { stream, commandId, guards } = one.append;
      if (taken.length === atOnce || streams.has(stream) || ids.has(commandId)) return true;
      if (guards.some((guard) => streams.has(guard.stream))) return true;
      streams.add(stream);
      ids.add(commandId);
      taken.push(one);
      return false;
    });
    return taken;
  }

  private async send(batch: readonly Waiting[], attempt = 1): Promise<void> {
    try {
      const answers = await appendAll(
        this.pool,
        batch.map(({ append }) => append),
      );
      for (const [at, one] of batch.entries()) {
        const answer = answers[at];
        if (answer) one.done(answer);
        else one.failed(new Error('The append function answered too few rows.'));
      }
    } catch (error) {
      if (lost(error) && attempt < 4) await this.send(batch, attempt + 1);
      else if (batch.length > 1) for (const one of batch) await this.send([one]);
      else batch[0]?.failed(error);
    }
  }
}
