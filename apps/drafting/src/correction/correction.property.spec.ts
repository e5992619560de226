import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { contractOf, type CorrectionEvent } from '#contracts';
import { Rejection } from '#decider';
import { given } from '#testing';
import { article } from '../article/article.ts';
import { person } from '../article/editing.ts';
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
  recorded,
  reporter,
  second,
  timer,
} from '../article/samples.ts';
import type { Known } from '../desk/desk.ts';
import { correction, type CorrectionCommand } from './correction.ts';

const urgent = { ...content, urgency: 1 };
const published = given(article, [
  flow.started,
  recorded('ArticlePublished', 'published', { version: 1, content: urgent }),
]);
const blockId = fc.constantFrom('p1', 'p2', 'p3');
const block = fc.tuple(blockId, fc.constantFrom('One.', 'Two.', '')).map(([id, html]) => paragraph(id, html));
const version = fc.integer({ min: 1, max: 5 });
const revision = fc.record(
  { base: version, put: fc.array(block, { maxLength: 2 }), remove: fc.array(blockId, { maxLength: 1 }) },
  { requiredKeys: ['base'] },
);
const reason = fc.constantFrom('Why?', '');
const held = { by: reporter, session: 'one' };
const check = fc.record({ version, answer: fc.constantFrom('pass', 'changes-wanted', 'refuse'), reason });
const alone = fc.option(fc.constant('Urgent.'), { nil: undefined });
/** A desk that lets one person approve what is urgent, and needs a standfirst unless somebody confirms that there is none. */
const desk: Known = {
  ...{ status: 'kept', id: 'city', version: 2, loneApproval: true },
  requirements: new Map([['story', [{ of: 'standfirst', min: 1, warning: true }]]]),
};
const inSteps: Known = {
  ...desk,
  approval: [
    { step: 'law', by: 'legal' },
    { step: 'subs', by: 'editor' },
  ],
};
const by = <D>(data: fc.Arbitrary<D>, type: CorrectionCommand['type']) =>
  fc
    .tuple(
      data,
      fc.constantFrom(reporter, editor, second, otherDesk, chief, lawyer, machine, timer),
      fc.constantFrom(desk, inSteps),
    )
    .map(
      ([data, actor, settled]) =>
        ({ ...ask(type, data, actor), given: { article: published.state, desk: settled } }) as CorrectionCommand,
    );
const open = by(fc.constant({ correctionId: id, articleId: id }), 'open');
const command = fc.oneof(
  { arbitrary: by(revision, 'revise'), weight: 4 },
  { arbitrary: by(fc.record({ version, alone, confirm: fc.constantFrom([], ['standfirst']) }), 'approve'), weight: 3 },
  by(fc.record({ version, seen: version }), 'restore-version'),
  by(fc.record({ session: fc.constant('two'), reason, from: fc.constant(held) }), 'take-over-lease'),
  by(fc.record({ reason }), 'request-legal-check'),
  by(check, 'answer-legal-check'),
  by(fc.record({ version, reason }), 'waive-legal-check'),
  by(fc.record({ version, reason }), 'reject-approval'),
  by(fc.record({ step: fc.constantFrom('law', 'subs'), reason }), 'skip-approval-step'),
  by(fc.constant({}), 'resume-approval'),
  by(fc.constant({}), 'take-approval-steps'),
  by(fc.record({ version }), 'countersign'),
  by(fc.record({ version }), 'second-look-due'),
  { arbitrary: by(fc.record({ version, blocks: fc.array(blockId, { maxLength: 3 }) }), 'read-back'), weight: 3 },
  open,
  by(fc.constant({}), 'discard'),
  by(fc.constant({ by: person(duty) }), 'end'),
);

test('any history of commands replays to the same state, in events that their contracts describe', () => {
  fc.assert(
    fc.property(open, fc.array(command, { maxLength: 30, size: 'max' }), (first, commands) => {
      let state = correction.initial;
      const events: CorrectionEvent[] = [];
      for (const given of [first, ...commands]) {
        try {
          const decided = correction.decide(given, state);
          state = decided.reduce(correction.evolve, state);
          events.push(...decided);
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      }
      const stored = JSON.parse(JSON.stringify(events)) as CorrectionEvent[];
      expect(stored.reduce(correction.evolve, correction.initial)).toEqual(state);
      for (const { type, data } of events)
        expect([type, ...Value.Errors(contractOf(type).schema, data)]).toEqual([type]);
    }),
  );
});
