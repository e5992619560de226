import { expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article } from '../article/article.ts';
import { ask, content, editor, flow, machine, paragraph, recorded, second, told } from '../article/samples.ts';

const at = '2026-01-01T00:00:00.000000Z';
const officer = { speaker: 'a harbour officer', kind: 'person', terms: 'anonymous' } as const;
const text = {
  ...content,
  blocks: [
    paragraph('p1', 'It is not safe, said an officer.'),
    { ...paragraph('q1', '“It is not safe.”'), attributions: [officer] },
  ],
};
const inHand = (of = text) => [
  { ...flow.started, data: { ...flow.started.data, content: of } },
  flow.submitted,
  flow.claimed,
];
const approved = told('ArticleApproved', editor, {
  ...{ version: 1, desk: 'city', kind: 'story', content: text, knownStops: 0 },
});
const out = recorded('ArticlePublished', 'published', { version: 1, content: text });
const retract = (block: string) =>
  ask('source-retracted', { by: second, attributions: [{ block, speaker: officer.speaker }] }, machine);
const stopped = told('ClearanceStopped', second, { version: 1, why: 'A source that it quotes was retracted.' });

test('a retraction stops what was approved on it, opens a task on whatever rests on it, and says of the source nothing', () => {
  const open = (about: object) =>
    told('TaskOpened', second, {
      ...{ taskId: '01890000-0000-7000-8000-00000000c0de', at, task: 'retracted-source' },
      ...{ version: 1, out: false, blocks: ['q1'], ...about },
    });
  given(article, [...inHand(), approved])
    .when(retract('q1'))
    .then(stopped, open({}));
  given(article, [...inHand(), approved, out])
    .when(retract('q1'))
    .then(stopped, open({ out: true }));
  const rewritten = [told('NextVersionOpened', editor, {}), flow.revised('q1', 'It is safe.', 2, second)];
  given(article, [...inHand(), approved, out, ...rewritten])
    .when(retract('q1'))
    .then(stopped, open({ out: true }));
  given(article, [...inHand(), approved])
    .when(retract('p1'))
    .then();
  given(article, inHand()).when(retract('q1')).then(open({}));
  given(article, [...inHand(), approved, recorded('ArticleKilled', 'killed')])
    .when(retract('q1'))
    .then();
  expect(JSON.stringify(stopped)).not.toMatch(/harbour|0099/);
});

test('what is out on it is held where that is asked: that version, or, known to be out on it, whatever is out', () => {
  const asking = { ...retract('q1'), data: { ...retract('q1').data, ifOut: 'hold' as const } };
  const holding = (hold: 'version' | 'article') => ({ ...stopped, data: { ...stopped.data, hold } });
  const withdrawn = told('ApprovalWithdrawn', editor, { version: 1, reason: 'Wrong.', stopId: 'one', approved: 0 });
  const stops = (...events: ArticleEvent[]) =>
    article.decide(asking, given(article, events).state).filter(({ type }) => type === 'ClearanceStopped');
  expect(stops(...inHand(), approved)).toEqual([holding('version')]);
  expect(stops(...inHand(), approved, out)).toEqual([holding('article')]);
  // Nobody knows yet whether that was in time.
  expect(stops(...inHand(), approved, withdrawn)).toEqual([holding('version')]);
  // What is out rests on it, and nothing approved that could be stopped.
  const safe = { ...approved, data: { ...approved.data, content } };
  expect(stops(...inHand(), out, safe)).toEqual([holding('article')]);
  expect(stops(...inHand())).toEqual([]);
  // Retracted again, for that alone, it opens no second task.
  const again = { ...asking, data: { ...asking.data, again: true } };
  given(article, [...inHand(), approved, out])
    .when(again)
    .then(holding('article'));
  given(article, inHand()).when(again).then();
});

test('a task is settled by an editor, who says how; once', () => {
  const about = { taskId: 't1', at };
  const opened = told('TaskOpened', second, {
    ...{ ...about, task: 'retracted-source', version: 1, out: false, blocks: ['q1'] },
  });
  const settle = (taskId = 't1') => ask('settle-task', { taskId, how: 'Cut.' }, editor);
  const settled = told('TaskSettled', editor, { ...about, how: 'Cut.' });
  given(article, [...inHand(), opened])
    .when(settle())
    .then(settled);
  given(article, [...inHand(), opened, settled])
    .when(settle())
    .then();
  given(article, [...inHand(), opened])
    .when(settle('t2'))
    .thenRejected('unknown-task');
});
