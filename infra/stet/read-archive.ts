// An archive as it is read: whatever is wrong with it is Wrong.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import Value from 'typebox/value';
import { isLog, Manifest, manifestFile, type Part, parts, type Row } from './archive.ts';
import { Wrong } from './command.ts';
import type { Ground } from './ground.ts';

export async function manifestIn(folder: string): Promise<Manifest> {
  const file = join(folder, manifestFile);
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text === '') throw new Wrong(`There is no ${file}: that is no archive, or one that was not finished.`);
  try {
    const manifest: unknown = JSON.parse(text);
    if (Value.Check(Manifest, manifest)) return manifest;
  } catch {
    // Then it is none either.
  }
  throw new Wrong(`${file} is not a manifest that this version of Stet can read.`);
}

/** The parts that are there, each file as it was written. Only keyring and vault may be kept elsewhere. */
export async function partsIn(folder: string, manifest: Manifest, ground: Ground): Promise<Part[]> {
  const there: Part[] = [];
  for (const part of parts) {
    const { file, sha256 } = manifest.parts[part];
    const path = join(folder, file);
    if (!existsSync(path)) {
      if (!isLog(part)) continue;
      throw new Wrong(`There is no ${path}: the archive is not whole.`);
    }
    const sum = createHash('sha256');
    for await (const bytes of createReadStream(path)) {
      sum.update(bytes as Buffer);
      ground.progress(`${file}: reading its sum`);
    }
    if (sum.digest('hex') !== sha256) throw new Wrong(`${path} is not what was written: its SHA-256 is another.`);
    there.push(part);
  }
  return there;
}

/** Rows that are read at a time; one of them may have a megabyte. */
const page = 100;

/** The rows of a file in their order, some of one table at a time. */
export async function* pagesIn(path: string): AsyncGenerator<{ table: string; rows: readonly Row[] }> {
  let [table, rows]: [string, Row[]] = ['', []];
  for await (const line of linesIn(path)) {
    const [[next, row] = ['', {}]] = Object.entries(JSON.parse(line) as Record<string, Row>);
    if (rows.length === page || (next !== table && rows.length > 0)) {
      yield { table, rows };
      rows = [];
    }
    table = next;
    rows.push(row);
  }
  if (rows.length > 0) yield { table, rows };
}

/** Not by readline, for which a line also ends at separators that may stand in a text. */
async function* linesIn(path: string): AsyncGenerator<string> {
  const text = pipeline(createReadStream(path), createGunzip({ chunkSize: 1 << 18 }), () => undefined);
  let rest = '';
  for await (const piece of text.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw new SyntaxError('the last line is not whole');
}
