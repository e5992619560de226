import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type pg from 'pg';
import {
  contractOf,
  contractsByTopic,
  deskContracts,
  lifted,
  styleContracts,
  templateContracts,
  sealedFields,
  sourceContracts,
  sourcingContracts,
} from '#contracts';
import type { DomainEvent } from '#decider';
import { type Announcement, type Folding, type StoredEvent, upcast } from '#event-store';
import { MasterKey } from '#keyring';
import { fold } from '#projections';
import { idOf, message } from '#testing';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import { latest, type Line, versionOf } from '../../apps/drafting/src/article/line.ts';
import { correctionLog } from '../../apps/drafting/src/correction/correction.announcements.ts';
import { deskLog } from '../../apps/drafting/src/desk/desk.announcements.ts';
import { styleLog } from '../../apps/drafting/src/style/style.announcements.ts';
import { sourceLog } from '../../apps/drafting/src/source/source.announcements.ts';
import { sourcingLog } from '../../apps/drafting/src/sourcing/sourcing.announcements.ts';
import { packageLog } from '../../apps/drafting/src/package/package.announcements.ts';
import { planLog } from '../../apps/drafting/src/plan/plan.announcements.ts';
import { templateLog } from '../../apps/drafting/src/template/template.announcements.ts';
import { commentLog } from '../../apps/moderation/src/comment/comment.announcements.ts';
import { commenterLog } from '../../apps/moderation/src/commenter/commenter.announcements.ts';
import { threadLog } from '../../apps/moderation/src/thread/thread.announcements.ts';
import { wordingLog } from '../../apps/moderation/src/wording/wording.announcements.ts';
import { publicationLog } from '../../apps/publication/src/publication/publication.announcements.ts';
import { opening } from '../../apps/reading/src/open-read-models.ts';

/**
 * Every event type in every version ever written, as a real story left them in the logs, and what they added up to then: in the aggregates,
 * and in the rows of each read model, whose messages keep the version that they were sent in. It is only ever added to: what is in a log or
 * on a topic stays readable for ever. A contract that is changed without a new version, a version without an upcaster, and a fold that reads
 * old events otherwise than before each turn this red. A read model with a new version is built anew, and recorded anew.
 */
interface Golden {
  readonly events: readonly (Pick<StoredEvent, 'stream' | 'type' | 'schemaVersion' | 'data'> & { service: string })[];
  /** The SHA-256 of the states that each stream went through. */
  readonly states: Readonly<Record<string, string>>;
  /** The SHA-256 of each schema, by type and version. */
  readonly schemas: Readonly<Record<string, string>>;
  /** The SHA-256 of what each stream makes of a read model's rows, by the read model's name and version, and by stream. */
  readonly rows: Rows;
}
type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** An aggregate, as far as this goes. */
type Log = Folding & { announce(event: DomainEvent, after: unknown): Announcement };
const file = new URL('golden.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const logs: Readonly<Record<string, Log>> = Object.fromEntries(
  (
    [
      articleLog,
      correctionLog,
      sourceLog,
      sourcingLog,
      deskLog,
      styleLog,
      templateLog,
      planLog,
      packageLog,
      publicationLog,
      threadLog,
      wordingLog,
      commentLog,
      commenterLog,
    ] as readonly Log[]
  ).map((log) => [log.category, log]),
);
const ajv = new Ajv({ strict: false });
formats.default(ajv);

/** Objects by sorted names, maps and sets as lists, so that equal states have equal text. */
function canonical(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(canonical);
  if (value instanceof Set || Array.isArray(value)) return [...value].map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]);
}
const digest = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex');

/** A line of work by all its versions, each whole, however a state keeps them. */
function whole(state: unknown): unknown {
  const { line, ...rest } = state as { line?: Line };
  if (!line) return state;
  let newest: object | undefined;
  for (let number = 1; number <= latest(line); number++) newest = { ...versionOf(line, number), previous: newest };
  return { ...rest, line: { at: line.at, newest, readBy: line.readBy } };
}
const logOf = (stream: string): Log => {
  const log = logs[stream.slice(0, stream.indexOf('-'))];
  if (!log) throw new Error(`Nothing folds ${stream}.`);
  return log;
};
/** Each event as its aggregate knows it now, with the state after it. */
function replayed(stream: string, events: Golden['events']) {
  const log = logOf(stream);
  let state = log.decider.initial;
  return events.map((stored) => {
    const event = upcast(stored, log.upcasters, log.versionOf(stored.type));
    state = log.decider.evolve(state, event);
    return { stored, event, state };
  });
}
const streams = [...Map.groupBy(golden.events, ({ stream }) => stream)].map(
  ([stream, events]) => [stream, replayed(stream, events)] as const,
);
// Every state on the way counts: a later event may cover up what an earlier one was read as.
const statesNow = () =>
  Object.fromEntries(
    streams.map(([stream, events]) => [stream, digest(events.map(({ state }) => digest(whole(state))))]),
  );

/** What of a stream left on its service's topic, as it was written, in the order of a log that holds nothing else: so streams can be added. */
const sent = streams.map(([stream, events]) => {
  const messages = events.flatMap(({ stored, event, state }, at) => {
    if (logOf(stream).announce(event, state).internal !== 'payload') return [];
    const { service: topic, type, schemaVersion: version, data } = stored;
    const position = BigInt(at + 1);
    const time = `2026-03-01T08:00:00.${String(at).padStart(6, '0')}Z`;
    return [message({ topic, type, version, data, position, time, id: idOf(`${stream} ${at}`) })];
  });
  return { stream, messages };
});
/** A database with nothing in it: no key of those whom golden events are about, and no rows before the first event. */
const empty = { query: () => Promise.resolve({ rows: [] }) } as unknown as pg.ClientBase;
async function rowsNow(): Promise<Rows> {
  const rows: Record<string, Record<string, string>> = {};
  for (const model of opening(new MasterKey(Buffer.alloc(32)))) {
    const own: Record<string, string> = (rows[`${model.name} ${model.version}`] = {});
    for (const { stream, messages } of sent) {
      const read = messages.filter(({ topic }) => model.topics.includes(topic));
      const { tables } = fold(model, (await model.open?.(empty, read, model)) ?? read);
      if (tables.size > 0)
        own[stream] = digest(Object.fromEntries([...tables].map(([name, all]) => [name, Object.fromEntries(all)])));
    }
  }
  return rows;
}
const contracts = Object.entries(contractsByTopic)
  .filter(([topic]) => topic !== 'feed')
  .flatMap(([, all]) => all);
const schemasNow = () =>
  Object.fromEntries(
    [
      ...contracts,
      ...sourceContracts,
      ...sourcingContracts,
      ...deskContracts,
      ...styleContracts,
      ...templateContracts,
      contractOf('WordingClaimed'),
    ].map(({ type, version, schema }) => [`${type} ${version}`, digest(schema)]),
  );

// Recording adds the digests of what is new; it never changes one that stands.
if (process.env.STET_RECORD) {
  const states = { ...statesNow(), ...golden.states };
  const schemas = { ...schemasNow(), ...golden.schemas };
  const rows = Object.fromEntries(
    Object.entries(await rowsNow()).map(([model, now]) => [model, { ...now, ...golden.rows[model] }]),
  );
  writeFileSync(file, `${JSON.stringify({ ...golden, states, schemas, rows }, null, 2)}\n`);
}

test('every event type is there in each of its versions', () => {
  const recorded = new Set(golden.events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`));
  const written = Object.keys(schemasNow()).flatMap((name) => {
    const [type = '', newest] = name.split(' ');
    return Array.from({ length: Number(newest) }, (_, at) => `${type} ${at + 1}`);
  });
  expect(written.filter((name) => !recorded.has(name))).toEqual([]);
});

test('no schema has changed without a new version', () => {
  expect(golden.schemas).toMatchObject(schemasNow());
});

test('whatever has personal fields is of an aggregate that seals them', () => {
  const personal = golden.events.filter(
    ({ type, schemaVersion: version }) => sealedFields({ type, version }).length > 0,
  );
  expect(personal.length).toBeGreaterThan(0);
  const categories = new Set(personal.map(({ stream }) => stream.slice(0, stream.indexOf('-'))));
  expect([...categories].filter((category) => !logs[category]?.personal)).toEqual([]);
});

test('each event, lifted to the newest version, is as its contract has it, in the log as on a topic', () => {
  const misfits = streams.flatMap(([, events]) =>
    events.flatMap(({ stored: { schemaVersion: version, ...stored }, event }) => {
      const { schema, ...newest } = contractOf(event.type);
      if (!ajv.validate(schema, event.data)) return [`${event.type}: ${ajv.errorsText()}`];
      const message = lifted({ ...stored, version });
      const alike = message.version === newest.version && digest(message.data) === digest(event.data);
      return alike ? [] : [`${event.type} ${version}: a message of it is lifted to something else`];
    }),
  );
  expect(misfits).toEqual([]);
});

test('the events add up to what they added up to when they were written', () => {
  expect(statesNow()).toEqual(golden.states);
});

test('the rows of each read model are what they were when they were recorded', async () => {
  expect(await rowsNow()).toEqual(golden.rows);
});
