import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { contractOf, type CorrectionEvent } from '#contracts';
import { Rejection } from '#decider';
import { ask, chief, content, editor, id, lawyer, otherDesk, paragraph, reporter, second } from '../article/samples.ts';
import { correction, type CorrectionCommand } from './correction.ts';

const published = { correctionId: id, articleId: id, desk: 'city', writers: ['rana'], base: 1, content };
const blockId = fc.constantFrom('p1', 'p2', 'p3');
const block = fc.tuple(blockId, fc.constantFrom('One.', 'Two.', '')).map(([id, html]) => paragraph(id, html));
const version = fc.integer({ min: 1, max: 5 });
const revision = fc.record(
  { base: version, put: fc.array(block, { maxLength: 2 }), remove: fc.array(blockId, { maxLength: 1 }) },
  { requiredKeys: ['base'] },
);
const by = <D>(data: fc.Arbitrary<D>, type: CorrectionCommand['type']) =>
  fc
    .tuple(data, fc.constantFrom(reporter, editor, second, otherDesk, chief, lawyer))
    .map(([given, actor]) => ask(type, given, actor) as CorrectionCommand);
const command = fc.oneof(
  { arbitrary: by(revision, 'revise'), weight: 4 },
  { arbitrary: by(fc.record({ version }), 'approve'), weight: 3 },
  { arbitrary: by(fc.record({ version, blocks: fc.array(blockId, { maxLength: 3 }) }), 'read-back'), weight: 3 },
  by(fc.constant(published), 'open'),
  by(fc.constant({}), 'discard'),
);

test('any history of commands replays to the same state, in events that their contracts describe', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      let state = correction.initial;
      const events: CorrectionEvent[] = [];
      for (const given of [ask('open', published, reporter), ...commands] as CorrectionCommand[]) {
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
