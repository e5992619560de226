import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SourceEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { ask, chief, duty, editor, id as articleId, otherDesk, second } from '../article/samples.ts';
import { mayKnowOf, type Source, source, type SourceCommand } from './source.ts';

const sourceId = '01890000-0000-7000-8000-000000000099';
const somebody = (id: string, role: string, ...desks: string[]): Actor => ({ id, name: id, roles: [role], desks });
const reporter = somebody('rana', 'reporter', 'city');
const officer = somebody('pia', 'privacy-officer');
const told = { desk: 'city', description: 'a harbour officer', why: 'c1', identity: 'c2' };
const by = ({ id, name }: Actor) => ({ sourceId, by: { id, name } });

const registered: SourceEvent = { type: 'SourceRegistered', data: { ...by(reporter), ...told } };
const verified: SourceEvent = { type: 'SourceVerified', data: by(editor) };
const retracted = { type: 'SourceRetracted', data: { ...by(editor), reason: 'c3' } } as const;
const destroyed: SourceEvent = { type: 'SourceKeyDestroyed', data: by(officer) };

/** Who registered it, another reporter of the desk and one of none, two editors of it, of whom the first has verified it, and so on. */
const people = {
  ...{ w: reporter, r: somebody('ravi', 'reporter', 'city'), x: somebody('xenia', 'reporter') },
  ...{ e: editor, s: second, o: otherDesk, c: chief, d: duty, p: officer, a: somebody('anna', 'auditor') },
};
const commands = (actor: Actor) => ({
  register: ask('register', { sourceId, ...told }, actor),
  verify: ask('verify', {}, actor),
  look: ask('look', { reason: 'c3' }, actor),
  quote: ask('quote', { articleId }, actor),
  retract: ask('retract', { reason: 'c3' }, actor),
  'destroy-key': ask('destroy-key', {}, actor),
});
const asked: Asked<Source, SourceCommand, SourceEvent> = {
  ...{ people, commands },
  states: {
    registered: [registered],
    verified: [registered, verified],
    retracted: [registered, verified, retracted],
    destroyed: [registered, verified, retracted, destroyed],
  },
};
const law = `
             registered  verified  retracted  destroyed
register     -           -         -          -
verify       esc         esc       -          -
look         wp          wep       wep        -
quote        wresc       wresc     -          -
retract      wesc        wesc      wesc       -
destroy-key  p           p         p          p`;

test('who may do what with a source, by its state, is as the table has it', () => {
  const { tried, listed, misfits } = rightsIn(source, asked);
  expect(tried).toBe(law.slice(1));
  expect(listed).toBe(law.slice(1));
  expect(misfits).toEqual([]);
});

test('whoever registered it does not verify it, whatever else they are', () => {
  const both = { ...editor, id: reporter.id, roles: ['reporter', 'editor'] };
  given(source, [registered])
    .when(ask('verify', {}, both))
    .thenRejected('second-person');
  given(source, [registered])
    .when(ask('verify', {}, editor))
    .then(verified);
  given(source, [registered, verified])
    .when(ask('verify', {}, editor))
    .then();
});

test('whoever knew it once knows it only as long as they are of the newsroom', () => {
  const gone = { ...reporter, roles: ['moderator'] };
  const { state } = given(source, [registered]);
  expect([mayKnowOf(state, reporter), mayKnowOf(state, gone)]).toEqual([true, false]);
  given(source, [registered])
    .when(ask('look', { reason: 'c3' }, gone))
    .thenRejected('role-required');
});

test('to other desks it is as if there were none', () => {
  const { state } = given(source, [registered]);
  const may = Object.entries(people).filter(([, actor]) => mayKnowOf(state, actor));
  expect(may.map(([letter]) => letter).join('')).toBe('wrescpa');
});

test('each look is recorded, an article once, a retraction once', () => {
  const seen: SourceEvent = { type: 'SourceIdentitySeen', data: { ...by(editor), reason: 'c3' } };
  const quoted: SourceEvent = { type: 'SourceQuoted', data: { ...by(reporter), articleId } };
  const all = [registered, verified, seen, quoted];
  given(source, all)
    .when(ask('look', { reason: 'c3' }, editor))
    .then(seen);
  given(source, all)
    .when(ask('quote', { articleId }, second))
    .then();
  given(source, [...all, retracted])
    .when(ask('retract', { reason: 'c4' }, editor))
    .then();
  const retract = (ifOut: 'tell' | 'hold') => given(source, all).when(ask('retract', { reason: 'c3', ifOut }, editor));
  retract('tell').then(retracted);
  const holding: SourceEvent = { type: 'SourceRetracted', data: { ...retracted.data, ifOut: 'hold' } };
  retract('hold').then(holding);
  expect(given(source, [...all, holding]).state.ifOut).toBe('hold');
  // Asked again to be held, it is: nobody may have thought of it at first, or somebody has released it since.
  const again = (...events: SourceEvent[]) => given(source, [...all, ...events]).state.heldAgain;
  for (const first of [retracted, holding])
    given(source, [...all, first])
      .when(ask('retract', { reason: 'c3', ifOut: 'hold' as const }, editor))
      .then(holding);
  expect([again(retracted), again(retracted, holding), again(holding, holding, holding)]).toEqual([undefined, 1, 2]);
  expect(given(source, [...all, retracted, holding]).state.ifOut).toBeUndefined();
});

test('any history refuses only with a Rejection, and comes to the same state again', () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom(...Object.keys(commands(editor))), fc.constantFrom(...Object.values(people))),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (history) => {
      const events: SourceEvent[] = [];
      for (const [type, actor] of history) {
        try {
          const command = commands(actor)[type as SourceCommand['type']] as SourceCommand;
          events.push(...source.decide(command, given(source, events).state));
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      }
      const { state } = given(source, events);
      expect(state.verifiedBy.map(({ id }) => id)).not.toContain(state.registeredBy.id || '-');
      expect(given(source, structuredClone(events)).state).toEqual(state);
    }),
  );
});
