import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import {
  contractOf,
  contractsByTopic,
  deskContracts,
  styleContracts,
  templateContracts,
  sealedFields,
  sourceContracts,
  sourcingContracts,
} from '#contracts';
import { type Folding, type StoredEvent, upcast } from '#event-store';
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

/**
 * Every event type in every version ever written, as a real story left them in the logs, and what they added up to then. It is only ever
 * added to: what is in a log stays readable for ever. A contract that is changed without a new version, a version without an upcaster,
 * and a fold that reads old events otherwise than before each turn this red.
 */
interface Golden {
  readonly events: readonly (Pick<StoredEvent, 'stream' | 'type' | 'schemaVersion' | 'data'> & { service: string })[];
  /** The SHA-256 of the states that each stream went through. */
  readonly states: Readonly<Record<string, string>>;
  /** The SHA-256 of each schema, by type and version. */
  readonly schemas: Readonly<Record<string, string>>;
}
const file = new URL('golden.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const folds: Readonly<Record<string, Folding>> = Object.fromEntries(
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
    ] as readonly Folding[]
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
function statesNow(): Record<string, string> {
  const states: Record<string, string> = {};
  for (const [stream, events] of Map.groupBy(golden.events, (event) => event.stream)) {
    const log = folds[stream.slice(0, stream.indexOf('-'))];
    if (!log) throw new Error(`Nothing folds ${stream}.`);
    let state = log.decider.initial;
    // Every state on the way counts: a later event may cover up what an earlier one was read as.
    const all = events.map((event) => {
      state = log.decider.evolve(state, upcast(event, log.upcasters, log.versionOf(event.type)));
      return digest(whole(state));
    });
    states[stream] = digest(all);
  }
  return states;
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
  writeFileSync(file, `${JSON.stringify({ ...golden, states, schemas }, null, 2)}\n`);
}

test('every event type is there in its newest version', () => {
  const recorded = new Set(golden.events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`));
  expect(Object.keys(schemasNow()).filter((name) => !recorded.has(name))).toEqual([]);
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
  expect([...categories].filter((category) => !folds[category]?.personal)).toEqual([]);
});

test('each event, lifted to the newest version, is as its contract has it', () => {
  const misfits = golden.events.flatMap((event) => {
    const log = folds[event.stream.slice(0, event.stream.indexOf('-'))];
    const { version, schema } = contractOf(event.type);
    const { data } = upcast(event, log?.upcasters, version);
    return ajv.validate(schema, data) ? [] : [`${event.type}: ${ajv.errorsText()}`];
  });
  expect(misfits).toEqual([]);
});

test('the events add up to what they added up to when they were written', () => {
  expect(statesNow()).toEqual(golden.states);
});
