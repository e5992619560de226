import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodePosition } from '#contracts';
import { block, content, duty, events, id, told } from '../../apps/reading/src/samples.ts';
import { allOf, newArticle, newComment, openReading, type Reading, type Reply } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

const commentsOf = ({ body }: Reply) => body.comments as { count: number; items: { text: string }[] };
const plain = 'text/plain';

describe('the article page', () => {
  test('is what readers see: by id and by path, for staff and for the site', async () => {
    const of = newArticle();
    const path = `city/${of.articleId}`;
    const after = await reading.send(events.opened(1, content(), of), events.published(content(), { ...of, path }));
    const page = await reading.after(after, 'site', `/articles/${of.articleId}/page`);
    expect(page.status).toBe(200);
    expect(page.body).toEqual({
      ...{ id: of.articleId, path, version: 1, headline: 'Bridge opens', standfirst: '', byline: ['R. Porter'] },
      ...{ dateline: '', section: 'city', language: 'en', keywords: [] },
      blocks: [{ id: 'p1', kind: 'paragraph', html: 'It is open.', attributions: [] }],
      edition: { paper: 'The Daily', date: '2026-03-01' },
      publishedIn: 'Published in The Daily, March 1st, 2026.',
      firstPublishedAt: '2026-03-01T10:00:00.000000Z',
      publishedAt: '2026-03-01T10:00:00.000000Z',
      changedAt: expect.stringMatching(/^2026-03-01T10:\d\d:\d\d\.000001Z$/) as unknown,
      corrections: [],
      comments: { count: 0, items: [] },
      houseRule: [
        'Comments are moderated and generally will be posted if they are on-topic and not abusive.',
        'For more information, please see our Comments FAQ',
      ],
    });
    const same = await reading.call('auditor', `/pages?path=${path}`);
    expect(same).toMatchObject({ status: 200, body: page.body });
  });

  test('is in plain text the file that it was made of, line for line', async () => {
    const of = newArticle();
    const body = [
      ...['پل آج کھل گیا 🌉', 'Who said “so” & why?', 'one', 'two <three>'],
      '“It’s 5 < 6,” said a military official on condition of anonymity.',
    ];
    const comments = ['سلام', 'Good work....  $$$$$$ <b>&amp;', '👩‍👩‍👧 ok'];
    const blocks = [
      block('a', 'پل آج کھل گیا 🌉'),
      block('b', '<em>Who</em> said “so” &amp; why?', 'subheading'),
      block('c', 'one\ntwo &lt;three&gt;', 'list'),
      block('d', '“It’s 5 &lt; 6,” said a military official on condition of anonymity.', 'quote'),
    ];
    const ids = comments.map(newComment);
    const after = await reading.send(
      events.published(content({ blocks, byline: ['A', 'B'] }), {
        ...of,
        edition: { paper: 'The Express Tribune', date: '2011-07-15' },
      }),
      ...comments.map((text, at) => events.submitted(ids[at] ?? '', text, of)),
      ...ids.toReversed().map((commentId) => events.let(commentId, of)),
    );
    const page = await reading.after(after, 'site', `/articles/${of.articleId}/page`, plain);
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(page.headers.get('vary')).toContain('Accept');
    expect(page.text.split('\n')).toEqual([
      ...['Bridge opens', 'A', 'B'],
      ...body,
      'Published in The Express Tribune, July 15th, 2011.',
      'COMMENTS (3)',
      'Comments are moderated and generally will be posted if they are on-topic and not abusive.',
      'For more information, please see our Comments FAQ',
      ...comments,
      '',
    ]);
  });

  test('shows corrections, with what changed', async () => {
    const of = newArticle();
    const shut = content({ blocks: [block('p1', 'It is shut.')] });
    const fields = [{ field: 'headline', words: [{ kind: 'added', text: 'x' }] }];
    const difference = [{ block: 'p1', change: 'changed', words: [{ kind: 'removed', text: 'open' }] }];
    const after = await reading.send(
      events.published(content(), of),
      events.corrected(1, shut, { ...of, note: 'It was shut.', difference, fields }),
    );
    const page = await reading.after(after, 'site', `/articles/${of.articleId}/page`);
    expect(page.body).toMatchObject({
      version: 2,
      blocks: [{ html: 'It is shut.' }],
      corrections: [
        { class: 'CORRECTED', number: 1, note: 'It was shut.', difference, fields, at: '2026-03-01T10:00:00.000000Z' },
      ],
    });
    const text = await reading.after(after, 'site', `/articles/${of.articleId}/page`, plain);
    expect(text.text).toContain('Published in The Daily, March 1st, 2026.\nCorrection 1: It was shut.\nCOMMENTS (0)\n');
  });

  test('is not there before its release, withheld while it is down or held, and gone for good when killed', async () => {
    const of = newArticle();
    const path = `/articles/${of.articleId}/page`;
    const opened = await reading.send(events.started(of), events.opened(1, content(), of));
    expect(await reading.after(opened, 'site', path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const down = await reading.send(events.published(content(), of), events.unpublished(of));
    const withheld = { status: 404, body: { code: 'page-withheld', state: 'unpublished' } };
    expect(await reading.after(down, 'site', path)).toMatchObject(withheld);
    const held = await reading.send(events.published(content(), of), events.held(of));
    expect(await reading.after(held, 'site', path, plain)).toMatchObject({
      status: 404,
      body: { code: 'page-withheld', state: 'held' },
    });
    const back = await reading.send(events.released(of));
    expect(await reading.after(back, 'site', path)).toMatchObject({ status: 200 });
    const killed = await reading.send(events.killAsked(of), events.killed(of));
    const gone = await reading.after(killed, 'auditor', path);
    expect(gone).toMatchObject({ status: 410, body: { code: 'page-killed', state: 'killed', label: 'WITHDRAWN' } });
    expect(gone.text).not.toMatch(/Bridge|open\./);
  });

  test('shows a comment when it is published and the article is live, and no other', async () => {
    const of = newArticle();
    const path = `/articles/${of.articleId}/page`;
    const [yes, pending, no] = [newComment(), newComment(), newComment()];
    const early = await reading.send(
      ...[yes, pending, no].map((commentId) => events.submitted(commentId, `I am ${commentId}`, of)),
      events.let(yes, of),
      events.rejected(no, of),
    );
    expect(await reading.after(early, 'site', path)).toMatchObject({ status: 404 });
    const live = await reading.send(events.published(content(), of));
    const page = await reading.after(live, 'site', path);
    expect(commentsOf(page)).toEqual({
      count: 1,
      items: [{ id: yes, author: 'Amna', text: `I am ${yes}`, at: expect.any(String) as unknown }],
    });
    const withdrawn = await reading.send(told('CommentWithdrawn', { ...of, commentId: yes, by: duty, revision: 1 }));
    expect(commentsOf(await reading.after(withdrawn, 'site', path)).count).toBe(0);
  });

  test('has 500 comments, in the order of submission, page by page; as text all at once', async () => {
    const of = newArticle();
    const path = `/articles/${of.articleId}/page`;
    const texts = Array.from({ length: 500 }, (_, number) => `Comment no. ${number}`);
    const ids = texts.map(newComment);
    const after = await reading.send(
      events.published(content(), of),
      ...texts.map((text, at) => events.submitted(ids[at] ?? '', text, of)),
      ...ids.toReversed().map((commentId) => events.let(commentId, of)),
    );
    const first = await reading.after(after, 'site', path);
    expect(commentsOf(first).count).toBe(500);
    expect(commentsOf(first).items).toHaveLength(50);
    const all = await allOf(reading, 'site', `${path}?limit=99`, (reply) =>
      commentsOf(reply).items.map(({ text }) => text),
    );
    expect(all).toEqual(texts);
    const lines = (await reading.after(after, 'site', path, plain)).text.split('\n');
    expect(lines.slice(-501)).toEqual([...texts, '']);
    expect(lines).toContain('COMMENTS (500)');
  });
});

describe('how new an answer is', () => {
  test('a query waits for what its token names, and says where it stands', async () => {
    const of = newArticle();
    const released = events.published(content(), of);
    const after = encodePosition({
      service: 'publication',
      logId: released.logId,
      shard: 0,
      position: released.position,
    });
    const waiting = reading.after(after, 'site', `/articles/${of.articleId}/page`);
    await reading.send(released);
    const page = await waiting;
    expect(page.status).toBe(200);
    const position = page.headers.get('stet-position') ?? '';
    const again = await reading.after(position, 'site', `/articles/${of.articleId}/page`);
    expect(again.status).toBe(200);
  });

  test('what does not come in time is told, and so is what is no position of these logs', async () => {
    const released = events.published(content(), newArticle());
    await reading.send(released);
    const { logId, position } = released;
    const late = { service: 'publication', logId, shard: 0, position: position + 1n };
    const board = (after: string) => reading.call('editor', `/board?after=${after}`);
    expect(await board(encodePosition(late))).toMatchObject({ status: 504, body: { code: 'position-not-reached' } });
    expect(await board('garbage')).toMatchObject({ status: 400, body: { code: 'bad-position' } });
    const other = encodePosition({ ...late, logId: id(98) });
    expect(await board(other)).toMatchObject({ status: 400, body: { code: 'bad-position' } });
    const stranger = encodePosition({ ...late, service: 'elsewhere' });
    expect(await board(stranger)).toMatchObject({ status: 400, body: { code: 'bad-position' } });
  });
});
