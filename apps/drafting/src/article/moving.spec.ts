import { expect, test } from '@jest/globals';
import type { ArticleEvent, DeskEvent, MoveRule } from '#contracts';
import { given } from '#testing';
import { desk } from '../desk/desk.ts';
import { article } from './article.ts';
import { ask, chief, editor, flow, otherDesk, reporter, second, told } from './samples.ts';

const person = { by: { id: 'carl', name: 'carl' } };
/** A desk with these stages and rules, as articles meet it. */
const known = (id: string, stages: string[], rules: MoveRule[] = []) => {
  const events: DeskEvent[] = [
    { type: 'DeskStagesSet', data: { ...person, desk: id, stages } },
    { type: 'DeskMoveRulesSet', data: { ...person, desk: id, rules } },
  ];
  return { ...given(desk, events).state, version: 2 };
};
const city = known('city', ['desk', 'subs']);
const sport = known('sport', ['matches', 'final']);
const reason = 'A race.';
const move = (
  to: { desk?: string; stage?: string },
  { actor = editor, from = city, target = to.desk === 'sport' ? sport : city } = {},
) => ({ ...ask('move', { ...to, reason }, actor), given: { desk: from, target } });
const moved = (from: [string, string], to: [string, string], { state = 'draft', actor = editor } = {}): ArticleEvent =>
  told('ArticleMoved', actor, {
    ...{ from: { desk: from[0], stage: from[1] }, to: { desk: to[0], stage: to[1] } },
    ...{ reason, state, applied: { from: 2, to: 2 } },
  });

test("it goes to the first stage of another desk, or to the one that is named; there it is handed in, in nobody's hands", () => {
  given(article, [flow.started])
    .when(move({ desk: 'sport' }))
    .then(moved(['city', ''], ['sport', 'matches']));
  const editing = [flow.started, flow.submitted, flow.claimed];
  const handedIn = moved(['city', ''], ['sport', 'final'], { state: 'submitted' });
  given(article, editing)
    .when(move({ desk: 'sport', stage: 'final' }))
    .then(handedIn);
  const { state } = given(article, [...editing, handedIn]);
  expect(state).toMatchObject({ status: 'submitted', editor: '', desk: 'sport', stage: 'final' });
});

test('between stages of its desk it stays as it is; where it is already, nothing happens', () => {
  const editing = [flow.started, flow.submitted, flow.claimed];
  const toSubs = moved(['city', ''], ['city', 'subs'], { state: 'editing' });
  given(article, editing)
    .when(move({ stage: 'subs' }))
    .then(toSubs);
  const { state } = given(article, [...editing, toSubs]);
  expect(state).toMatchObject({ status: 'editing', editor: 'edna', stage: 'subs' });
  given(article, [...editing, toSubs])
    .when(move({ stage: 'subs' }))
    .then();
  given(article, editing).when(move({})).then();
  const refused = given(article, editing)
    .when(move({ stage: 'matches' }))
    .thenRejected('unknown-stage');
  expect(refused.details).toEqual({ stages: ['desk', 'subs'] });
});

test('an editor of either desk moves it, and nobody else; then it is those of the new desk who edit it', () => {
  const asking = (actor: typeof editor, to = 'sport') =>
    given(article, [flow.started]).when(move({ desk: to }, { actor }));
  asking(otherDesk).then(moved(['city', ''], ['sport', 'matches'], { actor: otherDesk }));
  asking(chief).then(moved(['city', ''], ['sport', 'matches'], { actor: chief }));
  asking(otherDesk, 'world').thenRejected('other-desk');
  asking(reporter).thenRejected('role-required');
  // Of the other desk, but as a reporter there.
  asking({ ...otherDesk, at: { sport: ['reporter'] } }).thenRejected('other-desk');
  const there = given(article, [flow.started, moved(['city', ''], ['sport', 'matches'])]);
  there.when(ask('spike', { reason }, second)).thenRejected('other-desk');
  there.when(ask('spike', { reason }, otherDesk)).then(told('ArticleSpiked', otherDesk, { reason }));
});

test('a rule of either desk refuses what fits it, with its reason', () => {
  const rule = (more: Partial<MoveRule>): MoveRule => ({ rule: 'r', way: 'in', reason: 'Not so.', ...more });
  const into = (to: MoveRule, stage = 'final') =>
    given(article, [flow.started]).when(
      move({ desk: 'sport', stage }, { target: known('sport', ['matches', 'final'], [to]) }),
    );
  const passes = (stage = 'final') => moved(['city', ''], ['sport', stage]);
  const refused = into(rule({})).thenRejected('move-refused');
  expect([refused.message, refused.details]).toEqual(['Not so.', { desk: 'sport', rule: 'r' }]);
  into(rule({ way: 'out' })).then(passes());
  into(rule({ stage: 'final' })).thenRejected('move-refused');
  into(rule({ stage: 'final' }), 'matches').then(passes('matches'));
  into(rule({ kinds: ['story'], states: ['draft'] })).thenRejected('move-refused');
  into(rule({ kinds: ['flash'] })).then(passes());
  into(rule({ kinds: ['story'], states: ['submitted'] })).then(passes());
  into(rule({ lacking: ['standfirst'] })).thenRejected('move-refused');
  into(rule({ lacking: ['byline', 'words'] })).then(passes());
  const leaving = (out: MoveRule, to: { desk?: string; stage?: string }) =>
    given(article, [flow.started, moved(['city', ''], ['city', 'desk'])]).when(
      move(to, { from: known('city', ['desk', 'subs'], [out]) }),
    );
  expect(leaving(rule({ way: 'out' }), { desk: 'sport' }).thenRejected('move-refused').details).toEqual({
    ...{ desk: 'city', rule: 'r' },
  });
  leaving(rule({ way: 'out' }), { stage: 'subs' }).then(moved(['city', 'desk'], ['city', 'subs']));
  leaving(rule({ way: 'out', stage: 'desk' }), { stage: 'subs' }).thenRejected('move-refused');
});
