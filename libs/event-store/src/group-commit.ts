import type pg from 'pg';
import { type Append, type Appended, appendAll } from './append.ts';
import { Gather, type Waiting } from './gather.ts';
import { isTransient } from './transient.ts';

const atOnce = 50;
/** While one call holds the lock of its heads until it is on disk, the next is on its way. */
const sideBySide = 2;

/**
 * Appends go together in one call. A call never holds two commands of one stream or one id, nor one whose guard another command of the call
 * appends to; those wait for the next. If a call raises, each of its commands is tried alone, so that one which cannot be stored fails by
 * itself; if what is wrong will pass, all of them fail, and may be sent again: the command ids make that harmless.
 */
export class GroupCommit {
  private readonly calls: Gather<Append, Appended>;

  constructor(private readonly pool: pg.Pool) {
    this.calls = new Gather({ send: (batch) => this.send(batch), atOnce, sideBySide, together });
  }

  /** Resolves when the append is durable, or fails with the reason why it was not made. */
  append(append: Append): Promise<Appended> {
    return this.calls.ask(append);
  }

  private async send(batch: readonly Waiting<Append, Appended>[]): Promise<void> {
    try {
      const appends = batch.map(({ asked }) => asked);
      const answers = await appendAll(this.pool, appends);
      for (const [at, one] of batch.entries()) {
        const answer = answers.get(at + 1);
        if (answer) one.done(answer);
        else one.failed(new Error('The append function did not answer for every command.'));
      }
    } catch (error) {
      if (batch.length === 1 || isTransient(error)) for (const one of batch) one.failed(error);
      else for (const one of batch) await this.send([one]);
    }
  }
}

function together(): (append: Append) => boolean {
  const streams = new Set<string>();
  const ids = new Set<string>();
  return ({ stream, commandId, guards }) => {
    if (streams.has(stream) || ids.has(commandId) || guards.some((guard) => streams.has(guard.stream))) return false;
    streams.add(stream);
    ids.add(commandId);
    return true;
  };
}
