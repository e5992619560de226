import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, block, content, events, id, moderator, told } from '../samples.ts';
import { articlePage } from './article-page.projection.ts';

let page: Projecting;
beforeAll(async () => {
  page = await projecting(articlePage);
});
afterAll(() => page.close());

const release = { edition: { paper: 'The Daily', date: '2026-03-01' }, path: 'city/bridge-opens' };
const released = { article_id: articleId, state: 'published', article: { version: 1 }, release };

test('a release puts the text on the page, with where and when it appeared', async () => {
  await page.given(events.published()).then({
    article_page: [
      {
        ...released,
        article: { version: 1, headline: 'Bridge opens', blocks: [{ id: 'p1', html: 'It is open.' }] },
        head: 'Bridge opens\nR. Porter',
        body: 'It is open.',
        published_in: 'Published in The Daily, March 1st, 2026.',
      },
    ],
  });
});

test('HTML that the log holds and nobody may send is cleaned once more', async () => {
  const text = content({
    blocks: [block('p1', '<em>Open</em><script>steal()</script><a href="javascript:x()">!</a>')],
  });
  await page.given(events.published(text)).then({
    article_page: [{ article: { blocks: [{ html: '<em>Open</em><a>!</a>' }] }, body: 'Open!' }],
  });
  const image = { alt: 'Cars', credit: 'R. Porter', rights: 'Once.' };
  const shown = (href: string, shownAs: object) =>
    page
      .given(
        events.published(content({ blocks: [{ ...block('i1', 'Cars<br>.', 'image'), image: { href, ...image } }] })),
      )
      .then({
        article_page: [{ article: { blocks: [{ html: 'Cars.', image: shownAs }] }, body: 'Cars. (R. Porter)' }],
      });
  await shown('https://pictures.example/1.jpg', { href: 'https://pictures.example/1.jpg', ...image });
  await shown(
    'https://me:secret@pictures.example/1.jpg',
    expect.not.objectContaining({ href: expect.anything() as unknown }),
  );
});

test('a correction changes the text, keeps the edition, and stands on its own row', async () => {
  const shut = content({ blocks: [block('p1', 'It is shut.')] });
  await page.given(events.published(), events.corrected(1, shut)).then({
    article_page: [{ ...released, article: { version: 2 }, body: 'It is shut.' }],
    page_correction: [
      { item: 2, shown: { class: 'CORRECTED', number: 1, note: 'It was shut.', difference: [{ block: 'p1' }] } },
    ],
  });
});

test('a refile changes the text, and has a row of its own where it has a note to readers; a repeat changes nothing, an update the text alone', async () => {
  const text = (html: string) => content({ blocks: [block('p1', html)] });
  const refile = (item: number, note: string) =>
    events.corrected(1, text(`Text ${item}.`), { class: 'REFILE', note, item });
  await page.given(events.published(), events.corrected(1, text('Shut.')), refile(3, 'Misspelt.'), refile(4, '')).then({
    article_page: [{ ...released, article: { version: 2 }, body: 'Text 4.' }],
    page_correction: [
      { item: 2, shown: { class: 'CORRECTED', number: 1 } },
      { item: 3, shown: { class: 'REFILE', number: 1, note: 'Misspelt.' } },
    ],
  });
  await page.given(events.published(), events.held(), events.updated(1, text('Busy.'))).then({
    article_page: [{ ...released, article: { version: 2 }, body: 'Busy.' }],
  });
  for (const withheld of [events.held(), events.unpublished(), events.published()])
    await page.given(events.published(), withheld, events.repeated()).then({ article_page: [released] });
});

test('taken down, held, restored: the state alone changes', async () => {
  await page
    .given(events.published(), events.unpublished())
    .then({ article_page: [{ ...released, state: 'unpublished' }] });
  await page.given(events.published(), events.held()).then({ article_page: [{ ...released, state: 'held' }] });
  await page.given(events.published(), events.held(), events.released()).then({ article_page: [released] });
  await page.given(events.published(), events.killAsked()).then({ article_page: [{ ...released, state: 'held' }] });
  await page
    .given(events.published(), events.killAsked(), events.killDeclined('published'))
    .then({ article_page: [released] });
});

test('a kill leaves not a word of the text', async () => {
  const kill = [events.published(), events.killAsked(), events.killed()];
  await page
    .given(...kill)
    .then({ article_page: [{ state: 'killed', article: null, release: null, head: null, body: null }] });
});

test('a comment is published, rejected, withdrawn or ended by what was decided last', async () => {
  const said = (number: number) => events.submitted(id(number), `No. ${number}`);
  await page
    .given(
      ...[said(11), said(12), said(13), said(14), said(15)],
      ...[events.let(id(11)), events.let(id(12)), events.rejected(id(12)), events.rejected(id(13)), events.let(id(13))],
      ...[events.rejected(id(14))],
    )
    .then({
      page_comment: [
        { comment_id: id(11), status: 'published', shown: { id: id(11), text: 'No. 11', author: 'Amna' } },
        { comment_id: id(12), status: 'rejected' },
        { comment_id: id(13), status: 'published' },
        { comment_id: id(14), status: 'rejected' },
        { comment_id: id(15), status: 'pending' },
      ],
    });
});

test('of a comment whose reader was erased nothing is left, whether what says so has come or not', async () => {
  const erased = told('CommentErased', { commentId: id(16), by: moderator });
  await page.given(events.submitted(id(16), 'Mine.'), events.let(id(16)), erased).then({
    page_comment: [{ comment_id: id(16), status: 'erased', shown: null }],
  });
  await page.given(events.submitted(id(16), ''), events.let(id(16))).then({
    page_comment: [{ comment_id: id(16), status: 'published', shown: null }],
  });
});

test('what other services say of an article that is not out makes no page', async () => {
  await page.given(events.started(), events.opened(1), events.thread('ThreadOpened')).then({ article_page: [] });
  expect(Object.keys(articlePage.on)).not.toContain('ArticleApproved');
});
