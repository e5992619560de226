import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, readRecord, recordOf, type Recorded } from './processes.ts';
import { codeOf } from './trouble.ts';

/**
 * Takes the lock `file` for this process, or answers who holds it. It is let go by the answered function; a lock whose holder has ended,
 * however it ended, is taken over.
 */
export function tryLock(file: string, purpose: string): (() => void) | Recorded {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(recordOf(purpose, process.pid)));
  try {
    for (;;) {
      // A link appears with its content or not at all, unlike a file that is created and then written.
      if (link(mine, file)) {
        return () => {
          rmSync(file, { force: true });
        };
      }
      const holder = readRecord(file);
      if (holder && isAlive(holder)) return holder;
      removeStale(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Two may find the same stale lock: what was moved away is looked at again, and put back if a live one got there in between. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readRecord(aside);
  if (moved && isAlive(moved)) link(aside, file);
  rmSync(aside, { force: true });
}

/** Does `work` under the lock, waiting for whoever holds it and saying for whom. */
export async function withLock<T>(
  file: string,
  purpose: string,
  wait: { waiting: (line: string) => void; work: () => Promise<T> },
): Promise<T> {
  let told = false;
  for (;;) {
    const taken = tryLock(file, purpose);
    if (typeof taken === 'function') {
      try {
        return await wait.work();
      } finally {
        taken();
      }
    }
    if (!told) wait.waiting(`Waiting for process ${taken.pid}, which is ${taken.name} …`);
    told = true;
    await sleep(100);
  }
}

/** The text of a small file, or undefined when it is not there. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
