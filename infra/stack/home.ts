import { randomBytes } from 'node:crypto';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { textOf } from './lock.ts';
import type { Place } from './processes.ts';
import { Trouble } from './trouble.ts';

/** The layout of the data folder that this version reads and writes; a later version that changes it counts up. */
const format = 1;
// A fresh Postgres cluster takes 50 MB, Kafka preallocates 20 MB of indexes for each segment.
const leastFreeMb = 300;

/** The folders of one stack. */
export interface Home extends Place {
  readonly path: string;
  readonly data: string;
  /** The password of the database's owner and of the services' roles. */
  readonly password: string;
}

/** Makes the folders that are missing. Throws a Trouble when there is no room, or the data are of a version that is not yet known. */
export function openHome(path: string): Home {
  const at = resolve(path);
  const home = { path: at, data: `${at}/data`, logs: `${at}/logs`, records: `${at}/run` };
  mkdirSync(home.data, { recursive: true });
  for (const folder of [home.logs, home.records]) mkdirSync(folder, { recursive: true });
  requireSpace(at, leastFreeMb);
  const found = Number(textOf(`${home.data}/format`) ?? format);
  if (found > format) {
    throw new Trouble(
      `The data in ${home.data} were made by a newer version of Stet (format ${found}, this one reads ${format}): run that version, or set STET_HOME to another folder.`,
    );
  }
  writeFileSync(`${home.data}/format`, String(format));
  return {
    ...home,
    closing: false,
    password: keep(`${home.data}/password`, () => randomBytes(18).toString('base64url')),
  };
}

/** Throws a Trouble when the disk of `path` has less than `megabytes` left. */
export function requireSpace(path: string, megabytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free >= megabytes) return;
  throw new Trouble(
    `The disk is full: ${path} has ${free} MB left and Stet wants ${megabytes}: free some space, or set STET_HOME to a folder on another disk.`,
  );
}

/** A secret that is made once, kept in a file that only its owner can read. */
export function keep(file: string, make: () => string): string {
  const kept = textOf(file);
  if (kept) return kept;
  const made = make();
  writeFileSync(file, made, { mode: 0o600 });
  return made;
}
