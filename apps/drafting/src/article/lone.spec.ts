import { expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { desk } from '../desk/desk.ts';
import { article } from './article.ts';
import { timersOf } from './timers.ts';
import { ask, chief, content, editor, flow, reporter, second, timer, told } from './samples.ts';

const at = '2026-01-01T00:00:00.000000Z';
const [p1, p2] = ['p1', 'p2'];
const fire = { ...content, urgency: 1 };
/** Written by the editor who is to approve it. */
const own = (text = fire) => [
  told('ArticleStarted', editor, { desk: 'city', kind: 'story', version: 1, content: text }),
  told('ArticleSubmitted', editor, { version: 1 }),
  told('ArticleClaimed', editor, { reason: '' }),
];
const city = (allowed: boolean) => ({
  desk: {
    ...given(desk, [{ type: 'DeskLoneApprovalSet', data: { by: { id: 'carl', name: 'carl' }, desk: 'city', allowed } }])
      .state,
    version: 3,
  },
});
const approve = (allowed: boolean, alone?: string) => ({
  ...ask('approve', { version: 1, alone }, editor),
  given: city(allowed),
});
const approved: ArticleEvent = told('ArticleApproved', editor, {
  ...{ version: 1, desk: 'city', kind: 'story', content: fire, knownStops: 0, applied: { desk: 3 } },
});
const alone = told('ApprovedAlone', editor, { at, version: 1, blocks: [p1, p2], reason: 'It burns.' });
const due = ask('second-look-due', { version: 1 }, timer);

test('one person approves what is urgent where the desk allows it and they say why; nothing else, nor elsewhere', () => {
  given(article, own()).when(approve(true, 'It burns.')).then(approved, alone);
  given(article, own()).when(approve(true)).thenRejected('four-eyes');
  given(article, own()).when(approve(false, 'It burns.')).thenRejected('four-eyes');
  given(article, own({ ...fire, urgency: 3 }))
    .when(approve(true, 'It burns.'))
    .thenRejected('four-eyes');
});

test('where a second person has seen it, none is owed whatever is said', () => {
  const seen = [flow.started, flow.submitted, flow.claimed];
  const events = article.decide({ ...approve(true, 'It burns.') }, given(article, seen).state);
  expect(events.map(({ type }) => type)).toEqual(['ArticleApproved']);
});

test('somebody else looks at the version that was approved alone; nobody does so twice', () => {
  const owed = given(article, [...own(), approved, alone]);
  const sign = (version: number, actor = second) => ask('countersign', { version }, actor);
  owed.when(sign(1, editor)).thenRejected('second-person');
  owed.when(sign(2)).thenRejected('version-seen-stale');
  const signed = told('Countersigned', second, { at, version: 1 });
  owed.when(sign(1)).then(signed);
  given(article, [...own(), approved, alone, signed])
    .when(sign(1, chief))
    .thenRejected('no-second-look');
  owed.when(sign(1, reporter)).thenRejected('role-required');
});

test('after an hour it is told once, and no timer runs any more; none does once it was looked at', () => {
  const owed = given(article, [...own(), approved, alone]);
  expect(timersOf(owed.state)).toMatchObject([{ name: 'second-look', epoch: 1, at: '2026-01-01T01:00:00.000000Z' }]);
  const overdue = told('SecondLookOverdue', editor, { at, version: 1 });
  owed.when(due).then(overdue);
  const after = given(article, [...own(), approved, alone, overdue]);
  after.when(due).thenRejected('timer-outdated');
  expect(timersOf(after.state)).toEqual([]);
  const signed = given(article, [...own(), approved, alone, told('Countersigned', second, { at, version: 1 })]);
  signed.when(due).thenRejected('timer-outdated');
  expect(timersOf(signed.state)).toEqual([]);
  // Whoever has not looked in time may do so all the same.
  after.when(ask('countersign', { version: 1 }, second)).then(told('Countersigned', second, { at, version: 1 }));
});
