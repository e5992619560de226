import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { type Content, contractOf, type FeedMessage, type PublicationEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { publicationLog } from './publication.announcements.ts';
import { publication, type PublicationCommand } from './publication.ts';
import type { Publication } from './state.ts';
import {
  ask,
  by as about,
  chief,
  content,
  correctionId,
  duty,
  editor,
  heard,
  lawyer,
  machine,
  otherDesk,
  paragraph,
  reporter,
} from './samples.ts';

const blockId = fc.constantFrom('p1', 'p2', 'p3', '__proto__', 'constructor');
const html = fc.constantFrom('One.', 'Two.', '<em>A</em> & <b>B', 'نص 👩‍👩‍👧');
const block = fc.record({ id: blockId, html }).map(({ id, html: text }) => paragraph(id, text));
const blocks = fc.uniqueArray(block, { selector: ({ id }) => id, maxLength: 3 });
const headline = fc.constantFrom('Bridge reopens', '', '🌉', 'پل کھلا');
const text = fc.record({ blocks, headline }).map((parts): Content => ({ ...content, ...parts }));
const version = fc.integer({ min: 1, max: 4 });
/** 0 stands for the version, or the message, that the command is about when its turn comes: most people have seen that one. */
const seen = fc.constantFrom(0, 0, 0, 1, 2);
const of = fc.constantFrom(correctionId, '01890000-0000-7000-8000-0000000000c2');
const anybody = fc.constantFrom(duty, duty, duty, chief, chief, editor, otherDesk, lawyer, reporter, machine);
const reason = fc.constant({ reason: 'R' });

type Type = PublicationCommand['type'];
const by = <D>(data: fc.Arbitrary<D>, type: Type, actors: fc.Arbitrary<Actor> = anybody) =>
  fc.tuple(data, actors).map(([given, actor]) => ask(type, given, actor) as PublicationCommand);
const fromDrafting = <D>(data: fc.Arbitrary<D>, type: Type) =>
  by(
    data.map((given) => ({ ...about(editor), position: 'p', ...given })),
    type,
    fc.constant(machine),
  );
/** Often of the text that was approved first. */
const approved = fc.oneof(text, fc.constant(content));
const approval = fc.record({ version, content: approved, knownStops: fc.integer({ min: 0, max: 2 }) });
const original = '01890000-0000-7000-8000-0000000000a2';
const conditions = fc.record({
  embargo: fc.constantFrom(null, null, '2026-01-02T00:00:00.000000Z'),
  follows: fc.constantFrom([], [], [original]),
});
const correction = fc.record({ correctionId: of, base: version, version, content: text, ancestor: text });
const paper = 'The Harbour Post';
const edition = fc.record({ paper: fc.constant('E'), date: fc.constant('2011-07-15') }, { requiredKeys: [] });
const late = fc.constantFrom('publish-late', 'keep-back', 'ask');
const times = {
  due: fc.constantFrom('2026-01-02T06:00:00.000000Z', '2026-01-03T06:00:30.000000Z'),
  ...{ day: fc.constant('2026-01-03'), zone: fc.constant('Europe/Berlin') },
};
const timed = { version: seen, ...times, late, paper: fc.constant(paper) };
const when = fc.record({ ...timed, edition });
/** That of a version that waits, once something is out. */
const whenUpdated = fc.record({ ...timed, nothingWasWrong: fc.constant(true) });
/** A timer, of now or outdated, in time or late. */
const due = fc
  .record({
    schedule: fc.integer({ min: 1, max: 2 }),
    now: fc.constantFrom('2026-01-02T06:00:00.000001Z', '2026-02-01T00:00:00.000000Z'),
  })
  .map(({ now, ...data }): PublicationCommand => ({ ...ask('come-due', data, { ...machine, roles: ['timer'] }), now }));
const command: fc.Arbitrary<PublicationCommand> = fc.oneof(
  { arbitrary: by(fc.record({ version: seen, paper: fc.constant(paper), edition }), 'publish'), weight: 4 },
  { arbitrary: by(fc.record({ version: seen, note: fc.constant('N') }), 'correct'), weight: 3 },
  { arbitrary: by(fc.record({ correctionId: of, note: fc.constant('N') }), 'correct'), weight: 3 },
  by(fc.record({ version: seen }), 'refile'),
  by(fc.record({ correctionId: of }), 'refile'),
  by(fc.record({ version: seen, nothingWasWrong: fc.constant(true) }), 'update'),
  by(fc.record({ item: seen }), 'repeat'),
  { arbitrary: by(fc.record({ version: seen }), 'take-version'), weight: 2 },
  { arbitrary: by(when, 'schedule'), weight: 3 },
  { arbitrary: by(whenUpdated, 'schedule'), weight: 3 },
  by(fc.oneof(when, whenUpdated), 'reschedule'),
  by(fc.constant({}), 'deschedule'),
  { arbitrary: due, weight: 3 },
  { arbitrary: by(reason, 'hold'), weight: 2 },
  { arbitrary: by(reason, 'release'), weight: 2 },
  by(reason, 'unpublish'),
  by(reason, 'stop'),
  by(reason, 'ask-kill'),
  { arbitrary: by(fc.constant({}), 'sign-kill', fc.constantFrom(chief, lawyer, editor)), weight: 2 },
  { arbitrary: by(reason, 'decline-kill', fc.constantFrom(chief, lawyer, editor)), weight: 2 },
  {
    arbitrary: fromDrafting(
      approval.map((given) => ({ ...given, desk: 'city', kind: 'story' })),
      'receive-approval',
    ),
    weight: 3,
  },
  fromDrafting(
    fc.record(
      { version, why: fc.constant('W'), hold: fc.constantFrom('version', 'article') },
      { requiredKeys: ['version', 'why'] },
    ),
    'receive-stop',
  ),
  fromDrafting(correction, 'receive-correction'),
  fromDrafting(fc.record({ conditions }), 'receive-conditions'),
);

interface Run {
  readonly state: Publication;
  readonly events: readonly PublicationEvent[];
  readonly feed: readonly { readonly message: FeedMessage; readonly after: Publication }[];
}
/** What each command would name, where that is not the version that waits. */
const namedIn = ({ out, pinned, waiting, item, schedule }: Publication): Partial<Record<Type, number | undefined>> => ({
  ...{ publish: (out ?? pinned).version, repeat: item.number },
  ...{ schedule: out ? waiting?.version : pinned.version, reschedule: (schedule?.update ?? pinned).version },
});
/** The command as it is given in this state. A correction that arrives corrects what is out, as most do. */
function aimed(given: PublicationCommand, state: Publication): PublicationCommand {
  const { out, waiting } = state;
  if (given.type === 'receive-correction')
    return out && given.data.version < 4 ? { ...given, data: { ...given.data, ancestor: out.content } } : given;
  const name = given.type === 'repeat' ? 'item' : 'version';
  if ((given.data as Readonly<Record<string, unknown>>)[name] !== 0) return given;
  const seen = namedIn(state)[given.type] ?? waiting?.version ?? 1;
  return { ...given, data: { ...given.data, [name]: seen } } as PublicationCommand;
}
function run(commands: readonly PublicationCommand[]): Run {
  let { initial: state } = publication;
  const events: PublicationEvent[] = [];
  const feed: { message: FeedMessage; after: Publication }[] = [];
  for (const given of commands) {
    try {
      for (const event of publication.decide(aimed(given, state), state)) {
        state = publication.evolve(state, event);
        events.push(event);
        const { public: message } = publicationLog.announce(event, state);
        if (message) feed.push({ message, after: state });
      }
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
    }
  }
  return { state, events, feed };
}
const opening: PublicationCommand = heard.approval(1);
const histories = fc.array(command, { maxLength: 40, size: 'max' }).map((commands) => [opening, ...commands]);

test('any history of commands replays to the same state, in events and messages that their contracts describe', () => {
  const types = new Set<string>();
  const property = fc.property(histories, (commands) => {
    const { state, events, feed } = run(commands);
    const replayed = (JSON.parse(JSON.stringify(events)) as PublicationEvent[]).reduce(
      publication.evolve,
      publication.initial,
    );
    expect(replayed).toEqual(state);
    for (const { type, data } of [...events, ...feed.map(({ message }) => message)]) {
      types.add(type);
      expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
    }
  });
  // Until there was something of every kind: otherwise the histories would show less than they seem to.
  for (let times = 0; times < 10 && types.size < 29 + 7; times += 1) fc.assert(property, { numRuns: 400 });
  expect(types.size).toBe(29 + 7);
});

test('what could be done is what succeeds: an action is listed exactly when nothing but its body can refuse it', () => {
  const bodyOnly = [
    ...['version-seen-stale', 'text-not-named', 'correction-would-be-lost', 'nothing-corrected'],
    ...['correction-due', 'edition-stays'],
    // These depend on the time, and on other articles.
    ...['under-embargo', 'original-not-out'],
  ];
  fc.assert(
    fc.property(histories, command, (commands, last) => {
      const { state } = run(commands);
      fc.pre(!['machine'].includes(last.actor.id));
      const listed = publication.actions(state, last.actor).some((action) => action.command === last.type);
      let code = 'done';
      try {
        publication.decide(aimed(last, state), state);
      } catch (error) {
        code = (error as Rejection).code;
      }
      if (code === 'done') expect(listed).toBe(true);
      else if (listed) expect(bodyOnly).toContain(code);
    }),
  );
});

const textOf = (message?: FeedMessage) => {
  const { bodies, headlines, descriptions, altIds } = message?.data.item ?? {};
  return { bodies, headlines, descriptions, altIds };
};

test('outsiders can follow: the number grows with every message, and what it says is what stands', () => {
  const standing: Readonly<Record<string, string>> = {
    published: 'usable',
    held: 'withheld',
    unpublished: 'withheld',
    'kill-asked': 'withheld',
    killed: 'canceled',
  };
  fc.assert(
    fc.property(histories, (commands) => {
      const { state, feed } = run(commands);
      expect(feed.map(({ message }) => message.data.item.version)).toEqual(feed.map((_, at) => String(at + 1)));
      for (const { message, after } of feed) {
        const { pubStatus, bodies, altIds } = message.data.item;
        expect(pubStatus).toBe(standing[after.status]);
        expect(bodies === undefined).toBe(pubStatus === 'canceled');
        expect(altIds[0]?.value).toBe(feed[0]?.message.data.item.altIds[0]?.value);
      }
      // The newest item says how things stand, whatever happened since that concerned nobody outside.
      expect(feed.at(-1)?.message.data.item.pubStatus).toBe(feed.length === 0 ? undefined : standing[state.status]);
      expect(feed.length === 0).toBe(state.out === undefined);
      expect(state.item.number).toBe(feed.length);
      // A repeat is no new version: whoever has the message before has its text.
      for (const [at, { message }] of feed.entries()) {
        if (message.type === 'ItemRepeated') expect(textOf(message)).toEqual(textOf(feed[at - 1]?.message));
      }
    }),
    { numRuns: 300 },
  );
});
