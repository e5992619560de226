import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Given } from './people.ts';

/** What is found wrong, in words; these know nothing of the code, only tables, topics and the answers that clients were given. */

export const logs = ['drafting', 'publication', 'moderation'] as const;
export type LogName = (typeof logs)[number];
const people = /^(rana|edna|site|(duty-editor|chief|moderator)-\d)$/;
const streams: Readonly<Record<string, string>> = {
  ...{ articles: 'article', corrections: 'correction', publications: 'publication', comments: 'comment' },
};

export interface Row {
  readonly shard: number;
  readonly position: string;
  readonly stream: string;
  readonly version: string;
  readonly type: string;
  readonly schema_version: number;
  readonly payload: string;
  readonly metadata: string;
  readonly recorded_at: string;
  readonly hash: Buffer;
  readonly event_id: string;
  readonly key: string;
  readonly command_id: string | null;
  readonly fingerprint: string | null;
  readonly status: string | null;
  readonly events: number | null;
  readonly internal_type: string | null;
  readonly internal_version: number | null;
  readonly internal_payload: string | null;
  readonly public_type: string | null;
  readonly public_version: number | null;
  readonly public_payload: string | null;
}

/** A log as its table has it, in order, and its id. */
export async function logOf(admin: pg.Client, log: LogName): Promise<{ id: string; rows: Row[] }> {
  const { rows: ids } = await admin.query<{ id: string }>(`select id from ${log}.log`);
  const { rows } = await admin.query<Row>(
    `select *, payload::text, metadata::text, internal_payload::text, public_payload::text from ${log}.event order by shard, position`,
  );
  return { id: ids[0]?.id ?? '', rows };
}

/** Positions 1..n in each shard, versions 1..n in each stream, times that never go back, and the chain of hashes. */
export function chainFaults(log: LogName, id: string, rows: readonly Row[]): string[] {
  const found: string[] = [];
  const versions = new Map<string, number>();
  for (const [shard, own] of Map.groupBy(rows, (row) => row.shard)) {
    let hash: Buffer = createHash('sha256').update(`${id}:${shard}`).digest();
    let time = 0n;
    for (const [at, row] of own.entries()) {
      const where = `${log} shard ${shard} position ${row.position}`;
      if (row.position !== String(at + 1)) found.push(`${where}: should be ${at + 1}`);
      if (BigInt(row.recorded_at) < time) found.push(`${where}: is older than the one before it`);
      time = BigInt(row.recorded_at);
      const version = (versions.get(row.stream) ?? 0) + 1;
      versions.set(row.stream, version);
      if (row.version !== String(version))
        found.push(`${where}: ${row.stream} should be at ${version}, not ${row.version}`);
      hash = linked(hash, row);
      if (!hash.equals(row.hash)) found.push(`${where}: the chain does not hold`);
      hash = row.hash;
    }
  }
  return found;
}

function linked(before: Buffer, row: Row): Buffer {
  const covered = [
    ...[row.stream, row.type, row.schema_version, row.metadata, row.payload, row.event_id, row.key],
    ...[row.command_id, row.fingerprint, row.status, row.events],
    ...[row.internal_type, row.internal_version, row.internal_payload],
    ...[row.public_type, row.public_version, row.public_payload],
  ];
  const framed = covered.flatMap((value) => {
    const bytes = Buffer.from(String(value ?? ''));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  const numbers = Buffer.alloc(24);
  for (const [at, value] of [row.position, row.version, row.recorded_at].entries())
    numbers.writeBigInt64BE(BigInt(value), at * 8);
  const inner = createHash('sha256').update(Buffer.concat(framed)).digest();
  return createHash('sha256')
    .update(Buffer.concat([before, numbers, inner]))
    .digest();
}

/** Where each accepted command of a client ends, as `stream version`, with its command id. */
function written(rows: readonly Row[]): Map<string, string> {
  const answered = Object.values(streams).map((kind) => `${kind}-`);
  const byPeople = rows.filter(
    ({ stream, metadata }) =>
      answered.some((kind) => stream.startsWith(kind)) && people.test((JSON.parse(metadata) as Metadata).actor.id),
  );
  return new Map(
    byPeople.flatMap(({ command_id, stream, version, type, events }) =>
      command_id === null ? [] : [[`${stream} ${Number(version) + Number(events) - 1}`, `${command_id}, ${type}`]],
    ),
  );
}
interface Metadata {
  readonly actor: { readonly id: string };
}
const streamOf = (path: string, id: string) => `${streams[path.split('/')[1] ?? ''] ?? ''}-${id}`;

/** Every command that a client was told is done stands in the log once, at the version told; nothing else of any client does. */
export function commandFaults(log: LogName, rows: readonly Row[], given: readonly Given[]): string[] {
  const there = written(rows);
  const own = given.filter(({ service }) => service === log);
  const named = ({ path, key }: Given) => `POST ${path} (key ${key})`;
  const told = Map.groupBy(
    own.filter(({ answer }) => answer && answer.status < 300),
    ({ path, answer }) => `${streamOf(path, answer?.body.id ?? '')} ${answer?.body.version ?? ''}`,
  );
  return [
    ...own.filter(({ answer }) => !answer).map((one) => `${named(one)} was never answered`),
    ...[...told].flatMap(([at, ones]) => [
      ...(there.has(at) ? [] : [`${ones.map(named).join(' and ')} was accepted as ${at}, which is not in the log`]),
      // Moderators who decide the same at once are both told so; nobody else shares a version.
      ...(new Set(ones.map(({ path }) => path)).size > 1
        ? [`${at} was answered to ${ones.map(named).join(' and ')}`]
        : []),
    ]),
    ...[...there].flatMap(([at, command]) =>
      told.has(at) ? [] : [`${log}: ${at} is in the log (command ${command}), and nobody was told so`],
    ),
  ];
}

/** A time that was set for an article, and stands until it comes due or somebody decides otherwise. */
interface Schedule {
  readonly schedule: number;
  readonly due: string;
}
const sets = ['PublicationScheduled', 'UpdateScheduled'];
/** What goes out when it comes due. */
const comings: Readonly<Record<string, string>> = {
  ...{ ScheduleCameDue: 'ArticlePublished', UpdateCameDue: 'ArticleUpdated' },
};
const endsIt = [
  ...[...Object.keys(comings), 'PublicationDescheduled', 'UpdateDescheduled'],
  ...['ArticlePublished', 'PublicationStopped'],
];

/** Each time that was set came due once, never before it was, unless it was moved or somebody decided otherwise first; what came due is out if it says so. */
export function timerFaults(rows: readonly Row[]): string[] {
  const streams = Map.groupBy(rows, ({ stream }) => stream);
  return [...streams].flatMap(([stream, own]) => scheduleFaults(own).map((what) => `${stream} ${what}`));
}

function scheduleFaults(rows: readonly Row[]): string[] {
  const found: string[] = [];
  let stands: Schedule | undefined;
  for (const [at, row] of rows.entries()) {
    if (sets.includes(row.type)) stands = JSON.parse(row.payload) as Schedule;
    if (row.type in comings) found.push(...comingFaults(row, stands, rows[at + 1]));
    if (endsIt.includes(row.type)) stands = undefined;
  }
  return stands ? [...found, `was set for ${stands.due} as ${stands.schedule}, and never came due`] : found;
}

function comingFaults({ type, payload, recorded_at }: Row, set: Schedule | undefined, next: Row | undefined): string[] {
  const { schedule, due, outcome } = JSON.parse(payload) as Schedule & { outcome: string };
  return [
    ...(schedule === set?.schedule ? [] : [`came due as ${schedule}, for which it was not set any more`]),
    ...(BigInt(recorded_at) < BigInt(Date.parse(due)) * 1000n ? ['came due before its time'] : []),
    ...(outcome !== 'overdue' && next?.type !== comings[type] ? ['came due and is not out'] : []),
  ];
}

/** What a message says beside where it stands, byte for byte. */
interface Said {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly value: string;
}
export interface Announced extends Said {
  readonly position: string;
  readonly shard: number;
}
/** What a log announced on its topic, as the table says; on a public topic it goes by an id of its own. */
export async function announcedBy(admin: pg.Client, log: LogName, slot: 'internal' | 'public'): Promise<Announced[]> {
  const value = slot === 'internal' ? 'coalesce(internal_payload, payload)' : 'public_payload';
  const { rows } = await admin.query<Announced>(
    `select shard, position, event_id || $1 as id, key, 'stet.' || ${slot}_type || '.v' || ${slot}_version as type, ${value}::text as value
       from ${log}.event where ${slot}_type is not null order by shard, position`,
    [slot === 'public' ? '-public' : ''],
  );
  return rows;
}

/** A message of a topic, as it came. */
export interface Sent extends Said {
  readonly partition: number;
  readonly position: bigint;
  readonly previous: bigint;
}
/** Each partition as it is read by whoever takes what follows the last that they took, wherever it lies. */
export function inOrder(sent: readonly Sent[]): Sent[] {
  const last = new Map<number, bigint>();
  return sent.filter(({ partition, position, previous }) => {
    const isNext = previous === (last.get(partition) ?? 0n);
    if (isNext) last.set(partition, position);
    return isNext;
  });
}

/** The newest item of each article, on the topic that is compacted, is what the feed said of it last: nothing missing, nothing else. */
export function articleFaults(feed: readonly Sent[], articles: readonly Sent[]): string[] {
  const order = feed.toSorted((one, other) => Number(one.position - other.position));
  const [wanted, found] = [order, articles].map((sent) => new Map(sent.map((one) => [one.key, one])));
  return [...new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])].flatMap((key) => {
    const [last, newest] = [wanted?.get(key), found?.get(key)];
    if (last && newest && isSame(last, newest)) return [];
    return [`articles has ${newest?.id ?? 'nothing'} as the newest of ${key}, and the feed ${last?.id ?? 'nothing'}`];
  });
}
const isSame = (one: Said & { position: bigint | string }, other: Said & { position: bigint | string }) =>
  String(one.position) === String(other.position) &&
  (['id', 'key', 'type', 'value'] as const).every((name) => one[name] === other[name]);

/**
 * Without what repeats, the topic is the log: nothing missing, nothing else, in its order. Where it has lost something (`hasLost`), that was
 * sent again: whoever takes only what follows the last they took comes to the same.
 */
export function topicFaults(
  topic: string,
  announced: readonly Announced[],
  sent: readonly Sent[],
  hasLost = false,
): string[] {
  const shards = Map.groupBy(announced, ({ shard }) => shard);
  const partitions = Map.groupBy(sent, ({ partition }) => partition);
  return [...new Set([...shards.keys(), ...partitions.keys()])].flatMap((shard) =>
    runFaults(`${topic}/${shard}`, shards.get(shard) ?? [], partitions.get(shard) ?? [], hasLost),
  );
}

function fresh(sent: readonly Sent[]): Sent[] {
  let last = 0n;
  return sent.filter(({ position }) => {
    const isNew = position > last;
    if (isNew) last = position;
    return isNew;
  });
}
function runFaults(where: string, wanted: readonly Announced[], sent: readonly Sent[], hasLost: boolean): string[] {
  const read = hasLost ? inOrder(sent) : fresh(sent);
  const shown = (at: Announced | Sent | undefined) => (at ? `${at.position} (${at.type} ${at.id})` : 'nothing');
  const wrong = Array.from({ length: Math.max(read.length, wanted.length) }, (_, at) => at).find((at) => {
    const [one, other] = [read[at], wanted[at]];
    return !one || !other || !isSame(one, other);
  });
  const known = new Map(wanted.map((one) => [one.position, one]));
  const strange = sent.find(
    (one) => !isSame(one, known.get(String(one.position)) ?? one) || !known.has(String(one.position)),
  );
  if (wrong === undefined) return strange ? [`${where} has ${shown(strange)}, and the log does not`] : [];
  const [has, should] = [shown(read[wrong]), shown(wanted[wrong])];
  return [`${where} has ${has} where the log has ${should}${has === should ? ', and other words or another key' : ''}`];
}
