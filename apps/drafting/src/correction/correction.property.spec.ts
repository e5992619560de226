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
} from '../article/samples.ts';
import { correction, type CorrectionCommand } from './correction.ts';

const published = given(article, [flow.started, recorded('ArticlePublished', 'published', { version: 1, content })]);
const blockId = fc.constantFrom('p1', 'p2', 'p3');
const block = fc.tuple(blockId, fc.constantFrom('One.', 'Two.', '')).map(([id, html]) => paragraph(id, html));
const version = fc.integer({ min: 1, max: 5 });
const revision = fc.record(
  { base: version, put: fc.array(block, { maxLength: 2 }), remove: fc.array(blockId, { maxLength: 1 }) },
  { requiredKeys: ['base'] },
);
const by = <D>(data: fc.Arbitrary<D>, type: CorrectionCommand['type']) =>
  fc
    .tuple(data, fc.constantFrom(reporter, editor, second, otherDesk, chief, lawyer, machine))
    .map(([data, actor]) => ({ ...ask(type, data, actor), given: { article: published.state } }) as CorrectionCommand);
const open = by(fc.constant({ correctionId: id, articleId: id }), 'open');
const command = fc.oneof(
  { arbitrary: by(revision, 'revise'), weight: 4 },
  { arbitrary: by(fc.record({ version }), 'approve'), weight: 3 },
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
