import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { block, content, editor, events, id, told } from '../samples.ts';
import { articleHistory } from './article-history.projection.ts';

let history: Projecting;
beforeAll(async () => {
  history = await projecting(articleHistory);
});
afterAll(() => history.close());

test('every event of every service is a row: who, what, when', async () => {
  await history
    .given(
      ...[events.started(), events.claimed({ reason: 'mine' }), events.approved(1)],
      ...[events.opened(1), events.published(), events.thread('ThreadOpened')],
    )
    .then({
      article_event: [
        { service: 'drafting', type: 'ArticleStarted', by_name: 'R. Porter', details: { desk: 'city', version: 1 } },
        { service: 'drafting', type: 'ArticleClaimed', by_name: 'E. Ditor', details: { reason: 'mine' }, line: null },
        { service: 'drafting', type: 'ArticleApproved', content: null },
        { service: 'moderation', type: 'ThreadOpened' },
        { service: 'publication', type: 'PublicationOpened', content: null },
        { service: 'publication', type: 'ArticlePublished', details: { path: 'city/bridge-opens' } },
      ],
    });
});

test('only what changes a line of work brings its text: the article’s own, and each correction’s', async () => {
  const text = content({ blocks: [block('p1', 'Shut.')] });
  const correctionId = id(7);
  await history
    .given(
      ...[events.started(), events.revised(2, text)],
      told('CorrectionOpened', { by: editor, correctionId, desk: 'city', base: 1, content: content() }),
      told('CorrectionRevised', { by: editor, correctionId, version: 2, content: text, changed: ['p1'] }),
    )
    .then({
      article_event: [
        { line: 'article', version: 1, content: content() },
        { line: 'article', version: 2, content: text },
        { line: correctionId, version: 1 },
        { line: correctionId, version: 2, content: text },
      ],
    });
});

test('the words of a comment stay out of it', async () => {
  const said = events.submitted(id(11), 'Nobody but moderators reads this here');
  await history.given(said, events.rejected(id(11))).then({
    article_event: [
      { type: 'CommentSubmitted', details: { commentId: id(11), revision: 1, articleVersion: 1 } },
      { type: 'CommentRejected', details: { reason: 'abusive' } },
    ],
  });
  expect(Object.keys(articleHistory.on)).not.toContain('WordingClaimed');
});
