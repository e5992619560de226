import { createHash } from 'node:crypto';
import { type Owed, owed, type RowEach, rowEach, type RowOfStream, rowOfStream } from './expected.ts';
import { type Announced, type Ask, type Hole, holeOf } from './hole.ts';
import { reactionsOf, type Stand } from './standing.ts';

/** Some events of one log, and how far its readers came: all of one snapshot, so that whoever has passed an event must have taken it. */
export interface Checked {
  readonly ask: Ask;
  readonly log: string;
  readonly events: readonly Announced[];
  readonly stands: readonly Stand[];
}

/** What has not come of these events though whoever had to see to it has passed them. */
export async function compare(checked: Checked): Promise<Hole[]> {
  const { log } = checked;
  const holes: Hole[] = [];
  for (const one of rowEach) if (one.log === log) holes.push(...(await lackingRows(checked, one)));
  for (const one of rowOfStream) if (one.log === log) holes.push(...(await wrongRows(checked, one)));
  for (const one of owed) if (one.topic === log) holes.push(...(await unanswered(checked, one)));
  return holes;
}

const positionOf = ({ stands }: Checked, where: string, shard: number): bigint =>
  stands.find((stand) => stand.where === where && stand.head.shard === shard)?.at ?? 0n;
const passed = (checked: Checked, where: string, isOf: (type: string) => boolean) =>
  checked.events.filter(
    ({ shard, position, type }) => isOf(type) && BigInt(position) <= positionOf(checked, where, shard),
  );

async function lackingRows(checked: Checked, { model, types, has }: RowEach): Promise<Hole[]> {
  const { ask, log } = checked;
  const events = passed(checked, model, (type) => types.has(type));
  if (events.length === 0) return [];
  const rows = await ask<{ id: string }>(
    `select e.id::text from unnest($1::uuid[], $2::bigint[], $3::uuid[]) as e(key, position, id) where not exists (${has})`,
    [events.map(({ key }) => key), events.map(({ position }) => position), events.map(({ id }) => id)],
  );
  const lacking = events.filter(({ id }) => rows.some((row) => row.id === id));
  const excused = await excusedIn(checked, model, lacking);
  return lacking.flatMap((event) => {
    if (excused.skipped.has(event.id)) return [];
    const detail = `it stands at ${positionOf(checked, model, event.shard)}, and has no row of this event`;
    return [
      holeOf(excused.parked.has(event.key) ? 'parked' : 'missing', event, { where: model, service: log, detail }),
    ];
  });
}

async function wrongRows(checked: Checked, { model, kind, shows, column }: RowOfStream): Promise<Hole[]> {
  const { ask, log } = checked;
  const types = Object.keys(shows).filter((type) => shows[type] !== null);
  const ofKind = passed(checked, model, (type) => types.includes(type));
  const streams = new Map(ofKind.filter(({ stream }) => stream.startsWith(`${kind}-`)).map((one) => [one.stream, one]));
  if (streams.size === 0) return [];
  const rows = await ask<Announced & { shown: string | null }>(
    `select last.*, (${column}) as shown
       from (select *, substr(stream, ${kind.length + 2})::uuid as id from unnest($1::text[], $2::bigint[]) as of(stream, upto)) as e
      cross join lateral (
        select shard, position::text, stream, key, id, type from ${log}.announced a
         where slot = 'internal' and a.stream = e.stream and a.type = any ($3) and a.position <= e.upto order by a.version desc limit 1) as last`,
    [[...streams.keys()], [...streams.values()].map(({ shard }) => String(positionOf(checked, model, shard))), types],
  );
  const wrong = rows.filter(({ type, shown }) => shown === null || (shows[type] !== 'any' && shows[type] !== shown));
  const excused = await excusedIn(checked, model, wrong);
  return wrong.flatMap((event) => {
    if (excused.skippedKeys.has(event.key)) return [];
    const at = `it stands at ${positionOf(checked, model, event.shard)}, and`;
    const detail =
      event.shown === null ? `${at} has no row` : `${at} shows '${event.shown}', not '${shows[event.type] ?? ''}'`;
    const why = event.shown === null ? 'missing' : 'differs';
    return [holeOf(excused.parked.has(event.key) ? 'parked' : why, event, { where: model, service: log, detail })];
  });
}

async function unanswered(checked: Checked, { by, topic, reaction, types }: Owed): Promise<Hole[]> {
  const { ask } = checked;
  const where = reactionsOf(by);
  const asked = passed(checked, where, (type) => types.includes(type));
  if (asked.length === 0) return [];
  const commands = new Map(asked.map((event) => [derivedId('reaction', reaction, event.id, '0'), event]));
  const known = await ask<{ id: string }>(
    `select command_id::text as id from ${by}.event where command_id = any ($1::uuid[])
      union all select command_id::text from ${by}.repeat where command_id = any ($1::uuid[])`,
    [[...commands.keys()]],
  );
  for (const { id } of known) commands.delete(id);
  if (commands.size === 0) return [];
  const ids = [...commands.values()].map(({ id }) => id);
  const parked = await ask<{ id: string }>(
    `select message_id as id from ${by}.reaction_parked where topic = $1 and message_id = any ($2)`,
    [topic, ids],
  );
  const skipped = await ask<{ id: string }>(
    `select message_id as id from ${by}.parked_wish where outcome = 'skipped' and message_id = any ($1)`,
    [ids],
  );
  return [...commands.values()].flatMap((event) => {
    if (skipped.some(({ id }) => id === event.id)) return [];
    const why = parked.some(({ id }) => id === event.id) ? 'parked' : 'missing';
    const at = positionOf(checked, where, event.shard);
    const detail = `they stand at ${at}, and ${by} has decided nothing about this (${reaction})`;
    return [holeOf(why, event, { where, service: topic, detail })];
  });
}

/** Articles of which something is parked; events that an operator had left out, and the articles that they are about. */
async function excusedIn({ ask, log }: Checked, model: string, events: readonly Announced[]) {
  if (events.length === 0) return { parked: new Set(), skipped: new Set(), skippedKeys: new Set() };
  const keys = events.map(({ key }) => key);
  const parked = await ask<{ key: string }>(
    `select distinct key from projection_parked join projection_version using (projection, version)
      where serving and projection = $1 and topic = $2 and key = any ($3)`,
    [model, log, keys],
  );
  const wishes = await ask<{ key: string; id: string }>(
    `select key, message_id as id from parked_wish
      where outcome = 'skipped' and starts_with(reader, $1) and topic = $2 and key = any ($3)`,
    [`${model}_v`, log, keys],
  );
  return {
    parked: new Set(parked.map(({ key }) => key)),
    skipped: new Set(wishes.map(({ id }) => id)),
    skippedKeys: new Set(wishes.map(({ key }) => key)),
  };
}

/** The id that a reaction's command has: a UUID (version 8) of the SHA-256 of its parts, each behind its length in 4 bytes. */
function derivedId(...parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    sum.update(length).update(part);
  }
  const bytes = sum.digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
