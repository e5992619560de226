import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Manifest, Part, Row } from '../../infra/stet/archive.ts';
import { linesIn, manifestIn } from './kept.ts';

/** Archives in which something is not as it was: what, how it is made, what is said of it. */
export function spoiltArchives(archive: string, work: string) {
  /** Which copy a manifest is of. */
  const folders = new Map<Manifest, string>();
  /** A copy of the archive in which something is not as it was. */
  function spoilt(change: (manifest: Manifest) => void): string {
    const folder = join(work, randomUUID());
    cpSync(archive, folder, { recursive: true });
    const manifest = manifestIn(folder);
    folders.set(manifest, folder);
    change(manifest);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    return folder;
  }
  const fileOf = (manifest: Manifest, part: Part) => join(folders.get(manifest) ?? '', manifest.parts[part].file);
  /** Its file as somebody has made it, with the sum that belongs to it. */
  function write(manifest: Manifest, part: Part, bytes: Buffer): void {
    writeFileSync(fileOf(manifest, part), bytes);
    manifest.parts[part] = { ...manifest.parts[part], sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  function rewrite(manifest: Manifest, part: Part, change: (lines: string[]) => string[]): void {
    const lines = change(linesIn(folders.get(manifest) ?? '', manifest.parts[part].file));
    write(manifest, part, gzipSync(lines.map((line) => `${line}\n`).join('')));
  }
  const eventsIn = (lines: readonly string[]) =>
    lines.flatMap((line, at) =>
      line.startsWith('{"event"') ? [{ at, row: (JSON.parse(line) as { event: Row }).event }] : [],
    );
  /** The second event of a shard that has one. */
  function somewhere(lines: readonly string[]) {
    const found = eventsIn(lines).find(({ row }) => row.position === '2');
    if (!found) throw new Error('No shard has two events.');
    return found.at;
  }
  function rowIn(line: string, change: (row: Record<string, string | null>) => void): string {
    const parsed = JSON.parse(line) as Record<string, Record<string, string | null>>;
    for (const row of Object.values(parsed)) change(row);
    return JSON.stringify(parsed);
  }
  const changed = (part: Part, table: string, change: (row: Record<string, string | null>) => void) =>
    spoilt((manifest) => {
      rewrite(manifest, part, (lines) => {
        const at = lines.findIndex((line) => line.startsWith(`{"${table}"`));
        return lines.with(at, rowIn(lines[at] ?? '', change));
      });
    });
  const reordered = (change: (lines: string[], at: number) => string[]) =>
    spoilt((manifest) => {
      rewrite(manifest, 'drafting', (lines) => change(lines, somewhere(lines)));
    });

  const none = () => {
    const folder = join(work, randomUUID());
    mkdirSync(folder);
    return folder;
  };
  const all: readonly (readonly [string, () => string, RegExp])[] = [
    [
      'a byte that was changed',
      () =>
        spoilt((manifest) => {
          const bytes = readFileSync(fileOf(manifest, 'drafting'));
          bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
          writeFileSync(fileOf(manifest, 'drafting'), bytes);
        }),
      /drafting\.ndjson\.gz is not what was written/,
    ],
    [
      'a file that was cut',
      () =>
        spoilt((manifest) => {
          write(manifest, 'publication', readFileSync(fileOf(manifest, 'publication')).subarray(0, -100));
        }),
      /^publication: unexpected end of file$/m,
    ],
    [
      'a file that is not there',
      () =>
        spoilt((manifest) => {
          rmSync(fileOf(manifest, 'moderation'));
        }),
      /There is no .*moderation\.ndjson\.gz/,
    ],
    ['no manifest', none, /There is no .*manifest\.json/],
    [
      'a manifest of another kind',
      () =>
        spoilt((manifest) => {
          Object.assign(manifest, { format: 2 });
        }),
      /manifest\.json is not a manifest that this version/,
    ],
    [
      'another version',
      () =>
        spoilt((manifest) => {
          manifest.parts.moderation.migrations.pop();
        }),
      /^moderation: it was made by another version of Stet/m,
    ],
    [
      'an event that is missing',
      () => reordered((lines, at) => lines.toSpliced(at, 1)),
      /^drafting: shard \d, position 2: a position is missing$/m,
    ],
    [
      'an event that is there twice',
      () => reordered((lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')),
      /^drafting: shard \d, position 3: a position is missing$/m,
    ],
    [
      'events in another order',
      () => reordered((lines, at) => lines.with(at, lines[at - 1] ?? '').with(at - 1, lines[at] ?? '')),
      /^drafting: shard \d, position 1: a position is missing$/m,
    ],
    [
      'an event that was changed',
      () =>
        changed('moderation', 'event', (row) => {
          row.payload = row.payload?.replace('{', '{ ') ?? null;
        }),
      /^moderation: shard \d, position 1: the row is not what was recorded$/m,
    ],
    [
      'a last event that is missing, and is not counted',
      () =>
        spoilt((manifest) => {
          rewrite(manifest, 'drafting', (lines) => lines.toSpliced(eventsIn(lines).at(-1)?.at ?? 0, 1));
          manifest.parts.drafting.rows.event = (manifest.parts.drafting.rows.event ?? 0) - 1;
        }),
      /^drafting: shard \d, position \d+: the head says \d+, and another hash$/m,
    ],
    [
      'a log begun under another id',
      () =>
        changed('drafting', 'log', (row) => {
          row.origin = randomUUID();
        }),
      /^drafting: its heads are not those of the manifest$/m,
    ],
    [
      'a head that says something else',
      () =>
        changed('publication', 'head', (row) => {
          row.position = String(Number(row.position) + 1);
        }),
      /^publication: its heads are not those of the manifest$/m,
    ],
    [
      'a timer that is missing',
      () =>
        spoilt((manifest) => {
          rewrite(manifest, 'publication', (lines) =>
            lines.toSpliced(
              lines.findIndex((line) => line.startsWith('{"timer"')),
              1,
            ),
          );
        }),
      /^publication: it has 1 rows of timer, and the manifest says 2$/m,
    ],
    [
      'a command that is there twice',
      () =>
        spoilt((manifest) => {
          rewrite(manifest, 'publication', (lines) => {
            const at = lines.findIndex((line) => line.startsWith('{"timer"'));
            return lines.toSpliced(at, 0, lines[at] ?? '');
          });
        }),
      /^publication: duplicate key value violates/m,
    ],
    [
      'a checkpoint of a log that is not in it',
      () =>
        changed('moderation', 'reaction_checkpoint', (row) => {
          row.log_id = randomUUID();
        }),
      /^moderation: a reaction's checkpoint is of a log that is not in the archive$/m,
    ],
    [
      'a column that is nowhere',
      () =>
        changed('keyring', 'person', (row) => {
          row.more = null;
        }),
      /^keyring: a row of person has other columns than the table$/m,
    ],
  ];
  return { all, spoilt, fileOf };
}
