import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { heads } from '#event-store';
import {
  columnsOf,
  folderOf,
  followChain,
  isLog,
  kept,
  type Manifest,
  manifestFile,
  migrationsOf,
  type Part,
  parts,
  type Row,
  tablesOf,
  within,
} from './archive.ts';
import { type Command, Wrong } from './command.ts';
import type { Ground, Writer } from './ground.ts';

/** Rows that are in memory at a time; one of them may have a megabyte. */
const page = 100;

async function* rowsOf(client: pg.ClientBase, table: string, order: readonly string[]): AsyncGenerator<Row> {
  const columns = (await columnsOf(client, table)).map(({ name }) => `${name}::text`).join(', ');
  // By the columns themselves, not by their texts.
  const by = order.map((name) => `t.${name}`).join(', ');
  await client.query(`declare page no scroll cursor for select ${columns} from ${table} as t order by ${by}`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${page} from page`);
    yield* rows;
    if (rows.length < page) break;
  }
  await client.query('close page');
}

interface Writing {
  readonly client: pg.ClientBase;
  readonly ground: Ground;
  readonly folder: string;
}

/** Writes one file, and answers what the manifest says of it. */
async function writePart({ client, ground, folder }: Writing, part: Part, known: Manifest['heads'][Writer]) {
  const counts: Record<string, number> = {};
  const chain = isLog(part) ? followChain(known) : undefined;
  async function* lines(): AsyncGenerator<string> {
    for (const [table, order] of Object.entries(tablesOf(part))) {
      let count = 0;
      for await (const row of rowsOf(client, table, order)) {
        if (table === 'event') chain?.take(row);
        count += 1;
        yield `${JSON.stringify({ [table]: row })}\n`;
        ground.progress(`${part}: ${count} rows of ${table}`);
      }
      counts[table] = count;
    }
    chain?.end();
  }
  const sum = createHash('sha256');
  const file = `${part}.ndjson.gz`;
  await pipeline(
    Readable.from(lines()),
    createGzip(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sum.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { file, sha256: sum.digest('hex'), rows: counts, migrations: await migrationsOf(client, part) };
}

async function writeAll(writing: Writing): Promise<Manifest> {
  const { client } = writing;
  const all: Partial<Manifest['parts']> = {};
  const ends: Partial<Manifest['heads']> = {};
  // One snapshot of everything: what one service has reacted to is in the log of the other.
  await client.query(
    `begin isolation level repeatable read read only; set local timezone = 'UTC'; set local bytea_output = 'hex'`,
  );
  for (const part of parts) {
    await client.query(`set local search_path = ${part}`);
    const known = isLog(part) ? (await heads(client)).map(kept) : [];
    all[part] = await within(part, () => writePart(writing, part, known));
    if (isLog(part)) ends[part] = known;
  }
  return {
    ...{ format: 1, made_at: new Date().toISOString() },
    ...{ parts: all as Manifest['parts'], heads: ends as Manifest['heads'] },
  };
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new Wrong(`${folder} is not empty: name another folder.`);
}

export const exportCommand: Command = {
  operands: ['DIR'],
  about: 'writes all logs, and keyring and vault each as a file of its own, into an empty folder',
  async run(ground, [dir = '']) {
    const folder = folderOf(ground, dir);
    await emptyFolder(folder);
    const client = await ground.pool('drafting').connect();
    try {
      const manifest = await writeAll({ client, ground, folder });
      const file = join(folder, manifestFile);
      await writeFile(`${file}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
      await rename(`${file}.part`, file);
      const lines = Object.values(manifest.parts).map(({ file: name, rows }) => {
        const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
        return `${join(folder, name)}  ${counts.join(', ')}`;
      });
      return { lines, json: manifest, wrong: false };
    } finally {
      // What stands half read is not used again.
      client.release(true);
    }
  },
};
