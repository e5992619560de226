import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { atEachStep, both, campaign, inTurn, storyOf } from './campaign.ts';
import { articleFaults, chainFaults, commandFaults, type Row, timerFaults, topicFaults } from './checking.ts';
import { disagreements, feedFaults, folded } from './folding.ts';
import type { Given } from './people.ts';
import { boardWanted, pageWanted, threadWanted } from './shown.ts';
import { steps } from './steps.ts';

test('people lose nothing and are told nothing that is not so, at whichever step a process dies, and whatever strikes then: a small campaign of one seed', async () => {
  const struck: string[] = [];
  const siege = both(atEachStep, inTurn(4));
  const outcome = await campaign({ seed: 1319, siege, clients: 3, restMs: 300, say: (line) => struck.push(line) });
  expect(storyOf(outcome)).toContain('nothing lost, doubled, reordered or invented');
  const all = Object.keys(steps).length + 4;
  expect([...outcome.struck, ...outcome.leftOut]).toHaveLength(all);
  expect(outcome.leftOut.filter((one) => one.includes('nobody came to it'))).toEqual([]);
  // A machine may not have all that it takes.
  expect(outcome.leftOut.length).toBeLessThan(3);
  expect(outcome.accepted).toBeGreaterThan(10);
}, 600_000);

/** A log of three events of one article, written by hand from the layout that is documented. */
function goodLog(): Row[] {
  let hash: Buffer = createHash('sha256').update('log:0').digest();
  return [1, 2, 3].map((position): Row => {
    const metadata = JSON.stringify({ actor: { id: 'rana' } });
    const parts = [
      'article-a',
      'ArticleRevised',
      '1',
      metadata,
      '{}',
      `e${position}`,
      'a',
      `c${position}`,
      'f',
      'draft',
      '1',
    ];
    parts.push('ArticleRevised', '1', '', '', '', '');
    const framed = parts.map((text) => Buffer.concat([numbers(4, text.length), Buffer.from(text)]));
    const inner = createHash('sha256').update(Buffer.concat(framed)).digest();
    const at = [numbers(8, position), numbers(8, position), numbers(8, 10 + position)];
    hash = createHash('sha256')
      .update(Buffer.concat([hash, ...at, inner]))
      .digest();
    return {
      ...{ shard: 0, position: String(position), stream: 'article-a', version: String(position), payload: '{}' },
      ...{ type: 'ArticleRevised', schema_version: 1, metadata, recorded_at: String(10 + position), hash },
      ...{
        event_id: `e${position}`,
        key: 'a',
        command_id: `c${position}`,
        fingerprint: 'f',
        status: 'draft',
        events: 1,
      },
      ...{ internal_type: 'ArticleRevised', internal_version: 1, internal_payload: null },
      ...{ public_type: null, public_version: null, public_payload: null },
    };
  });
}
function numbers(bytes: 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeUInt32BE(value);
  else buffer.writeBigInt64BE(BigInt(value));
  return buffer;
}
const told = (version: number, status = 200): Given => ({
  ...{ service: 'drafting', who: 'reporter rana', path: '/articles/a/revise', body: {}, key: `k${version}` },
  answer: { status, body: { id: 'a', version, position: '', state: 'draft' } },
});

test('the checkers name an event that is edited, missing, doubled, moved, or cut out with its chain', () => {
  const [one, two, three] = goodLog() as [Row, Row, Row];
  expect(chainFaults('drafting', 'log', [one, two, three])).toEqual([]);
  const wrong: Row[][] = [
    ...[
      [one, { ...two, payload: '{"a":1}' }, three],
      [one, three],
      [one, two, two, three],
      [two, one, three],
    ],
    ...[
      [one, two, { ...three, version: '4' }],
      [one, two, { ...three, recorded_at: '1' }],
    ],
  ];
  for (const rows of wrong) expect(chainFaults('drafting', 'log', rows)).not.toEqual([]);
  expect(chainFaults('drafting', 'another', [one])).not.toEqual([]);
});

test('the checkers name a command that was accepted and is lost, one that nobody was told of, and one never answered', () => {
  const rows = goodLog();
  expect(commandFaults('drafting', rows, [told(1), told(2), told(3)])).toEqual([]);
  expect(commandFaults('drafting', rows.slice(0, 2), [told(1), told(2), told(3)])).toEqual([
    'POST /articles/a/revise (key k3) was accepted as article-a 3, which is not in the log',
  ]);
  expect(commandFaults('drafting', rows, [told(1), told(2), told(3, 409)])).toEqual([
    'drafting: article-a 3 is in the log (command c3, ArticleRevised), and nobody was told so',
  ]);
  const { answer: _answer, ...open } = told(4);
  expect(commandFaults('drafting', rows, [told(1), told(2), told(3), open])).toHaveLength(1);
});

const said = (position: number) => ({
  ...{ id: `e${position}`, key: 'a', type: 'stet.ArticleRevised.v1', value: `{"number":${position}}` },
});
const sent = (...positions: number[]) =>
  positions.map((position) => {
    const at = { position: BigInt(position), previous: BigInt(position - 1) };
    return { ...said(position), partition: 0, ...at };
  });

test('the checkers let a topic repeat, and name what it lacks, adds, turns round, or says otherwise', () => {
  const announced = [1, 2, 3].map((position) => ({ ...said(position), shard: 0, position: String(position) }));
  expect(topicFaults('drafting', announced, sent(1, 2, 1, 2, 3, 1, 2, 3))).toEqual([]);
  for (const wrong of [sent(1, 3), sent(1, 2), sent(2, 1, 3), sent(1, 2, 3, 4), []])
    expect(topicFaults('drafting', announced, wrong)).toHaveLength(1);
  // One that has lost something, and was sent it again.
  expect(topicFaults('drafting', announced, sent(3, 1, 2, 3), true)).toEqual([]);
  for (const wrong of [sent(3, 1, 2), sent(3, 1, 3), sent(4, 1, 2, 3), sent(3, 2, 1)])
    expect(topicFaults('drafting', announced, wrong, true)).toHaveLength(1);
  for (const other of [{ value: '{"number": 3}' }, { key: 'b' }, { type: 'stet.ArticleRevised.v2' }, { id: 'e4' }])
    expect(
      topicFaults('drafting', announced, [...sent(1, 2), ...sent(3).map((one) => ({ ...one, ...other }))]),
    ).toEqual([expect.stringContaining('drafting/0 has 3 ')]);
});

test('the checkers name an article whose newest item is not the last of the feed', () => {
  const other = sent(2).map((one) => ({ ...one, key: 'b' }));
  const feed = [...sent(1), ...other, ...sent(3, 1)];
  expect(articleFaults(feed, [...sent(1), ...other, ...sent(3)])).toEqual([]);
  for (const wrong of [sent(1, 3), [...other, ...sent(3, 1)], [...other, ...sent(1)], [...other, ...sent(4)]])
    expect(articleFaults(feed, wrong)).toHaveLength(1);
});

test('the checkers name a time that never came due, came twice, too early or after it was not to, or came to nothing', () => {
  const due = '2026-05-04T18:00:00Z';
  const event = (type: string, schedule = 1, after = 0) => ({
    ...{ stream: 'publication-a', type, recorded_at: String((Date.parse(due) + after) * 1000) },
    payload: JSON.stringify({ schedule, due, outcome: 'published' }),
  });
  const [set, came, out] = [event('PublicationScheduled'), event('ScheduleCameDue'), event('ArticlePublished')];
  const [moved, stopped] = [event('PublicationScheduled', 2), event('PublicationStopped')];
  const [next, nextCame, updated] = [event('UpdateScheduled', 2), event('UpdateCameDue', 2), event('ArticleUpdated')];
  const found = (...rows: object[]) => timerFaults(rows as Row[]);
  const fine = [
    [set, out],
    [set, stopped],
    [set, came, out, next, nextCame, updated],
    [set, moved, event('ScheduleCameDue', 2), out],
    [set, event('PublicationDescheduled'), moved, event('ScheduleCameDue', 2), out],
    [out, next, event('UpdateDescheduled', 2)],
  ];
  for (const rows of fine) expect(found(...rows)).toEqual([]);
  const wrong: [string, ...object[]][] = [
    ['never came due', set],
    ['never came due', set, came, out, moved],
    ['never came due', set, event('VersionWaiting')],
    ['not set any more', set, came, out, came, out],
    ['not set any more', set, moved, came, out],
    ['not set any more', set, stopped, came, out],
    ['before its time', set, event('ScheduleCameDue', 1, -1), out],
    ['is not out', set, came],
    ['not set any more', out, next, event('UpdateDescheduled', 2), nextCame, updated],
    ['never came due', out, next, updated],
    ['never came due', out, next, event('ArticleHeld')],
    ['before its time', out, next, event('UpdateCameDue', 2, -1), updated],
    ['is not out', out, next, nextCame, out],
  ];
  for (const [what, ...rows] of wrong) expect(found(...rows)).toEqual([expect.stringContaining(what)]);
});

const sentAs = (happened: readonly [type: string, data: object][]) =>
  happened.map(([type, data], at) => ({
    ...{ partition: 0, position: BigInt(at + 1), previous: BigInt(at) },
    ...{ id: `e${at}`, key: 'a', type: `stet.${type}.v1` },
    value: JSON.stringify({ articleId: 'a', version: 1, ...data }),
  }));
const content = (html: string) => ({ content: { headline: 'Bridge', blocks: [{ html }] } });
const written: [string, object][] = [
  ['ArticleStarted', content('It is open.')],
  ...['ArticleSubmitted', 'ArticleClaimed', 'ArticleApproved'].map((type): [string, object] => [type, {}]),
];
const desk = sentAs(written);
const corrected: [string, object][] = [
  ['PublicationOpened', {}],
  ['ArticlePublished', content('It is open.')],
  ['CorrectionReady', {}],
  ['ArticleCorrected', { ...content('It is closed.'), note: 'It was never open.', correctionId: 'c', class: 'REFILE' }],
  ['ArticleUpdated', content('It is open again.')],
  ['ArticleRepeated', {}],
];
const comments = sentAs(
  ['CommentSubmitted', 'CommentApproved', 'CommentRejected'].map((type) => [type, { commentId: 'c1' }]),
);
const come = (...more: [string, object][]) => {
  const publication = sentAs([...corrected, ...more]);
  const articles = folded({ drafting: desk, publication, moderation: comments.slice(0, 2) });
  const article = articles.get('a');
  if (!article) throw new Error('There is none.');
  return { articles, article };
};

test('what people are to see is folded from the topics once more, whatever repeats', () => {
  const { article } = come();
  const board = { state: 'approved', headline: 'Bridge', version: 1, publication: 'published', out: 1, corrections: 0 };
  expect(boardWanted(article)).toEqual(board);
  expect(pageWanted(article, new Map([['c1', 'So?']]))).toEqual({
    ...{ status: 200, version: 1, headline: 'Bridge', words: ['It is open again.'], notes: ['It was never open.'] },
    ...{ count: 1, comments: [['c1', 'So?']] },
  });
  const publication = sentAs(corrected);
  const twice = folded({ drafting: desk, publication: [...publication, ...publication], moderation: comments });
  expect(twice.get('a')).toEqual({ ...article, comments: [{ id: 'c1', isVisible: false }] });
  const states = ([type, data]: [string, object]) => {
    const { article: after } = come([type, data]);
    return [boardWanted(after).publication, pageWanted(after, new Map()).status, threadWanted(after)];
  };
  expect(states(['ArticleUnpublished', {}])).toEqual(['unpublished', 404, 'frozen']);
  expect(states(['ArticleHeld', { state: 'held' }])).toEqual(['held', 404, 'frozen']);
  expect(states(['KillAsked', {}])).toEqual(['kill-asked', 404, 'frozen']);
  expect(states(['ArticleKilled', {}])).toEqual(['killed', 410, 'closed']);
  const none = folded({ drafting: desk, publication: [], moderation: [] }).get('a');
  expect(none && pageWanted(none, new Map())).toEqual({ status: 404 });
});

const item = (type: string, ...words: string[]) => {
  const bodies = words.length > 0 ? [{ contentType: 'text/plain', value: words[0] }] : [];
  const descriptions = words.slice(1).map((value) => ({ role: 'correction', value }));
  return [type, { item: { headlines: [{ value: 'Bridge' }], bodies, descriptions } }] as [string, object];
};

test('the checkers name what the feed lacks, adds or says otherwise, and what drafting and publication do not agree on', () => {
  const { articles } = come(['ArticleKilled', {}]);
  const [out, gone] = [item('ItemReleased', 'It is open.'), item('ItemCanceled')];
  const noted = (type: string, text: string) => item(type, text, 'It was never open.');
  const put = [noted('ItemRefiled', 'It is closed.'), noted('ItemUpdated', 'It is open again.')];
  const after = [...put, noted('ItemRepeated', 'It is open again.')];
  expect(feedFaults(articles, sentAs([out, ...after, gone]))).toEqual([]);
  const wrong = [
    ...[[out, ...after], [out, gone], [], [out, ...after, gone, out], [...put, out, gone]],
    [out, item('ItemRefiled', 'It is closed.'), ...after.slice(1), gone],
    [out, ...after, item('ItemCanceled', 'It is open again.')],
  ];
  for (const sent of wrong) expect(feedFaults(articles, sentAs(sent))).toHaveLength(1);
  expect(disagreements(articles)).toEqual([]);
  const disagreed = (last: [string, object], ...out: [string, object][]) =>
    disagreements(folded({ drafting: sentAs([...written, last]), publication: sentAs(out), moderation: [] }));
  const asked: [string, object] = ['ClearanceStopped', { hold: 'version' }];
  for (const late of [['ArticleSpiked', {}], ['ApprovalWithdrawn', {}], asked] as [string, object][]) {
    expect(disagreed(late, ...corrected)).toHaveLength(1);
    expect(disagreed(late)).toEqual([]);
  }
  expect(disagreed(asked, ...corrected, ['ArticleHeld', { state: 'held' }])).toEqual([]);
});

test('a campaign that cannot go on is told with its seed and what struck until then, and what was left out does not count', () => {
  const outcome = { seed: 7, struck: ['1.0 s: Kafka is killed'], ended: [], leftOut: ['2.0 s: a disk refuses writes'] };
  const counts = { accepted: 3, refused: 0, events: 9 };
  expect(storyOf({ ...outcome, ...counts, faults: [] })).toContain('1 faults (1 left out); nothing lost');
  const broken = storyOf({ ...outcome, ...counts, faults: ['it broke off: not ready again'] });
  expect(broken).toMatch(/^Seed 7: .*WRONG:\n {2}it broke off: not ready again\n.*Kafka is killed$/s);
});
