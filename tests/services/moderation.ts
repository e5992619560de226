import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { ModerationModule } from '../../apps/moderation/src/moderation.module.ts';
import { onArticlePublished } from '../../apps/moderation/src/on-article-published.ts';
import { openAlone, type Reply } from './alone.ts';

export const dora = { id: 'dora', name: 'Dora' };
export const amna = { id: 'r-17', name: 'Amna' };
export const offTopic = { reason: 'off-topic', note: 'About another bridge.' };
/** A body of its own words, unless they are given. */
export const comment = (articleId: string, text: string = randomUUID()) => ({
  ...{ articleId, reader: amna, text, articleVersion: 1 },
});

/** Moderation alone, with publication to be heard, a site that brings comments, and moderators. */
export async function openModeration() {
  const alone = await openAlone({ name: 'moderation', module: ModerationModule });
  /** What publication tells of an article. */
  const told = (articleId: string, type: string, data: object = {}) =>
    alone.hear(onArticlePublished, { type, key: articleId, data: { articleId, by: dora, ...data } });
  const submit = (articleId: string, text?: string, headers?: Record<string, string>): Promise<Reply> =>
    alone.call('site', '/comments', comment(articleId, text), headers);
  return {
    ...alone,
    told,
    submit,
    async published(version = 1): Promise<string> {
      const articleId = randomUUID();
      await told(articleId, 'ArticlePublished', { version });
      return articleId;
    },
    async submitted(articleId: string, text?: string): Promise<string> {
      const { status, body } = await submit(articleId, text);
      expect(status).toBe(201);
      return String(body.id);
    },
    decide: (id: string, command: string, more: object = {}, who = 'moderator mona') =>
      alone.call(who, `/comments/${id}/${command}`, { revision: 1, ...more }),
    comment: async (id: string) => (await alone.call('moderator', `/comments/${id}`)).body,
    /** All that stands in the log about an article. */
    async events(articleId: string) {
      const rows = await alone.store.readShard(0, 0n, 100_000);
      return rows.filter(({ data }) => (data as { articleId: string }).articleId === articleId);
    },
  };
}
export type Moderation = Awaited<ReturnType<typeof openModeration>>;
