import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { type ArticleEvent, type Block, type Content, contractOf, edited } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { article, type ArticleCommand } from './article.ts';
import { person } from './editing.ts';
import { same } from './merging.ts';
import {
  ask,
  chief,
  content,
  duty,
  editor,
  flow,
  id,
  lawyer,
  machine,
  otherDesk,
  paragraph,
  reporter,
  second,
} from './samples.ts';

const blockId = fc.constantFrom('p1', 'p2', 'p3', '__proto__', 'constructor');
const html = fc.constantFrom('One.', 'Two.', '<em> </em>', 'نص 👩‍👩‍👧');
const block = fc.record({ id: blockId, html }).map(({ id, html }) => paragraph(id, html));
const blocks = fc.uniqueArray(block, { selector: ({ id }) => id, maxLength: 4 });
const version = fc.integer({ min: 1, max: 6 });
const fields = fc.record({ headline: fc.constantFrom('', 'A', 'B'), urgency: version }, { requiredKeys: [] });
const revision = fc.record(
  {
    base: version,
    fields,
    put: blocks,
    remove: fc.array(blockId, { maxLength: 2 }),
    order: fc.array(blockId, { maxLength: 4 }),
  },
  { requiredKeys: ['base'] },
);
const text = blocks.map((blocks): Content => ({ ...content, blocks }));
const anybody = fc.constantFrom(reporter, editor, second, otherDesk, chief, lawyer, machine);
const state = fc.constantFrom('cleared', 'published', 'unpublished', 'stopped', 'killed');
const known = fc.record({ state, version, content: text, stops: version }, { requiredKeys: [] });
const by = <D>(data: fc.Arbitrary<D>, type: ArticleCommand['type'], actors: fc.Arbitrary<Actor> = anybody) =>
  fc.tuple(data, actors).map(([given, actor]) => ask(type, given, actor) as ArticleCommand);
const answer = fc.constantFrom('pass', 'changes-wanted', 'refuse');
const offset = fc.option(fc.nat({ max: 12 }), { nil: undefined });
const place = fc.option(fc.record({ version, block: blockId, from: offset, to: offset }), { nil: undefined });
/** Of what `ask` makes. */
const someId = '01890000-0000-7000-8000-00000000c0de';
const nothing = fc.constant({});
const other = fc.constantFrom('01890000-0000-7000-8000-0000000000a2', id);
const as = fc.constantFrom('follow-up-of', 'translation-of');
const seen = fc.option(version, { nil: undefined });
const target = fc.record({ latest: fc.integer({ min: 0, max: 3 }), cycle: fc.constantFrom([], [id, id]) });
const command: fc.Arbitrary<ArticleCommand> = fc.oneof(
  { arbitrary: by(revision, 'revise'), weight: 4 },
  { arbitrary: by(fc.record({ version, seen: version }), 'restore-version'), weight: 2 },
  { arbitrary: by(fc.record({ version, blocks: fc.array(blockId, { maxLength: 3 }) }), 'read-back'), weight: 3 },
  { arbitrary: by(fc.record({ version }), 'approve'), weight: 4 },
  { arbitrary: by(fc.constantFrom({ reason: 'R' }, {}), 'claim'), weight: 2 },
  by(
    text.map((content) => ({ ...flow.start, content })),
    'start',
  ),
  by(fc.constant({ session: 'two', reason: 'R', from: { by: reporter, session: 'one' } }), 'take-over-lease'),
  by(nothing, 'submit'),
  by(nothing, 'recall'),
  by(fc.constant({ note: 'N' }), 'return'),
  by(nothing, 'open-next-version'),
  by(fc.record({ version, reason: fc.constant('R') }), 'withdraw-approval'),
  by(nothing, 'discard-next-version'),
  by(fc.constant({ reason: 'R' }), 'spike'),
  by(nothing, 'unspike'),
  by(fc.constant({ reason: 'R' }), 'request-legal-check'),
  { arbitrary: by(fc.record({ version, answer, reason: fc.constantFrom('', 'R') }), 'answer-legal-check'), weight: 2 },
  by(fc.record({ version, reason: fc.constant('R') }), 'waive-legal-check'),
  by(fc.record({ note: fc.constant('N'), blocking: fc.boolean(), mentions: fc.constant([]), on: place }), 'add-note'),
  by(fc.constant({ noteId: someId }), 'resolve-note'),
  { arbitrary: by(fc.record({ version, proposed: block, note: fc.constant('') }), 'suggest-edit'), weight: 2 },
  { arbitrary: by(fc.record({ suggestionId: fc.constant(someId), version }), 'accept-suggestion'), weight: 2 },
  by(fc.constant({ suggestionId: someId, reason: 'R' }), 'reject-suggestion'),
  by(fc.constant({ reason: 'R' }), 'mark-not-for-publication'),
  by(fc.constant({ reason: 'R' }), 'unmark-not-for-publication'),
  by(fc.record({ descendantId: other, language: fc.constant('de') }), 'translate'),
  { arbitrary: by(fc.record({ as, to: other, version: seen, target }), 'link'), weight: 2 },
  by(fc.record({ as, to: other }), 'unlink'),
  by(fc.constant({ until: '2096-01-01T00:00:00.000000Z', zone: 'UTC', reason: 'R' }), 'set-embargo'),
  by(fc.constant({ reason: 'R' }), 'drop-embargo'),
  by(fc.constant({ to: person(second) }), 'assign'),
  by(nothing, 'unassign'),
  by(fc.constant({ deadline: '2026-01-02T00:00:00.000000Z', zone: 'UTC' }), 'set-deadline'),
  by(
    known.map((publication) => ({ event: 'E', by: person(duty), position: 'p', ...publication })),
    'record-publication',
    fc.constant(machine),
  ),
  by(
    fc.record({ correctionId: fc.constant(id), ancestor: text, content: text, by: fc.constant(person(editor)) }),
    'merge-correction',
    fc.constant(machine),
  ),
);

const replay = (events: readonly ArticleEvent[]) => events.reduce(article.evolve, article.initial);
function run(commands: readonly ArticleCommand[]) {
  let state = article.initial;
  const events: ArticleEvent[] = [];
  for (const given of commands) {
    try {
      const decided = article.decide(given, state);
      state = decided.reduce(article.evolve, state);
      events.push(...decided);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
    }
  }
  return { state, events };
}
const begin = ask('start', flow.start, reporter) as ArticleCommand;
const histories = fc.array(command, { maxLength: 40 }).map((commands) => [begin, ...commands]);

test('any history of commands replays to the same state, in events that their contracts describe', () => {
  fc.assert(
    fc.property(histories, (commands) => {
      const { state, events } = run(commands);
      expect(replay(JSON.parse(JSON.stringify(events)) as ArticleEvent[])).toEqual(state);
      for (const { type, data } of events)
        expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
    }),
  );
});

test('what could be done is what succeeds: an action is listed exactly when nothing but its body can refuse it', () => {
  const bodyOnly = [
    'blocks-invalid',
    'block-conflict',
    'unknown-version',
    'version-seen-stale',
    'own-block',
    'reason-required',
    'range-invalid',
    'unknown-note',
    'unknown-suggestion',
    'not-your-suggestion',
    'decided-already',
    ...['note-blocks', 'link-invalid', 'goes-in-a-circle'],
  ];
  fc.assert(
    fc.property(histories, command, (commands, last) => {
      const { state } = run(commands);
      fc.pre(last.actor !== machine);
      const listed = article.actions(state, last.actor).some(({ command }) => command === last.type);
      let code = 'done';
      try {
        article.decide(last, state);
      } catch (error) {
        code = (error as Rejection).code;
      }
      expect([code, code === 'done' || bodyOnly.includes(code)]).toEqual([code, listed]);
    }),
  );
});

interface Seen {
  readonly block: Block;
  readonly people: ReadonlySet<string>;
}
/** The text after an event that sets or approves one. */
function textIn({ type, data }: ArticleEvent, before: Content): Content | undefined {
  if (type === 'PublicationRecorded') return undefined;
  if ('content' in data) return data.content;
  return 'edit' in data ? edited(before, data.edit) : undefined;
}
const readIn = ({ type, data }: ArticleEvent) => (type === 'BlocksReadBack' ? data.blocks : []);

/** Who stands behind each block, told from the events alone: whoever wrote it, read it back or approved it since it reads so. */
function witness(seen: ReadonlyMap<string, Seen>, event: ArticleEvent, text: readonly Block[]): Map<string, Seen> {
  const next = new Map(seen);
  const { id } = event.data.by;
  const add = (block: Block, people: Iterable<string>) =>
    next.set(block.id, { block, people: new Set([...people, id]) });
  for (const block of text) {
    const known = same(seen.get(block.id)?.block, block) ? seen.get(block.id) : undefined;
    if (!known) add(block, []);
    else if (event.type === 'ArticleApproved') add(block, known.people);
  }
  for (const known of readIn(event).flatMap((block) => seen.get(block) ?? [])) add(known.block, known.people);
  return next;
}

test('no block is approved that only one person has seen', () => {
  // Two editors who write, approve and go on: dense in the histories that a wrong rule would let through.
  const editors = fc.constantFrom(editor, second);
  const tempting = fc.oneof(
    by(fc.record({ base: fc.constant(1), put: blocks }), 'revise', editors),
    by(fc.record({ version, blocks: fc.array(blockId, { minLength: 1, maxLength: 3 }) }), 'read-back'),
    by(fc.record({ version }), 'approve', editors),
    by(nothing, 'open-next-version', editors),
  );
  fc.assert(
    fc.property(fc.array(tempting, { maxLength: 40, size: 'max' }), (commands) => {
      const handedIn = [begin, ask('submit', {}, reporter), ask('claim', {}, editor)] as ArticleCommand[];
      const { events } = run([...handedIn, ...commands]);
      let seen = new Map<string, Seen>();
      let text = content;
      for (const event of events) {
        const told = textIn(event, text);
        text = told ?? text;
        seen = witness(seen, event, told?.blocks ?? []);
        if (event.type !== 'ArticleApproved') continue;
        const alone = text.blocks.filter(({ id }) => (seen.get(id)?.people.size ?? 0) < 2);
        expect(alone).toEqual([]);
      }
    }),
  );
});
