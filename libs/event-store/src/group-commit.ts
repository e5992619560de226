import type pg from 'pg';
import { Gather } from '#gather';
import type { Keyring } from '#keyring';
import { type Append, type Appended, appendAll } from './append.ts';
import { sealed } from './sealed.ts';
import { isTransient } from './transient.ts';

/**
 * Appends go together, twenty-five in a call at most; while one call holds the lock of its heads until it is on disk, the next is on its way: were
 * all that wait in one call, this process and the database would take turns. A call never holds two commands of one stream or one id, nor one whose
 * guard another command of the call appends to; those wait for the next.
 */
export const groupCommit = (pool: pg.Pool, keyring: Keyring | undefined): Gather<Append, Appended> =>
  new Gather({
    send: async (appends) => appendAll(pool, await sealed(appends, keyring)),
    ...{ atOnce: 25, sideBySide: 2, together, passes: isTransient },
  });

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
