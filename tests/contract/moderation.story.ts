import { randomUUID } from 'node:crypto';
import { submit } from '../../apps/moderation/src/comment/comment.examples.ts';
import { onArticlePublished } from '../../apps/moderation/src/on-article-published.ts';
import type { Alone } from '../services/alone.ts';
import type { Teller } from './teller.ts';

/** One article's thread in the examples of moderation's API: a comment for each thing that can be decided about one, and one whose reader is erased. */
export async function tellModeration({ hear }: Pick<Alone, 'hear'>, { play, look }: Teller): Promise<void> {
  const { articleId, articleVersion: version } = submit;
  const data = { articleId, by: { id: 'dora', name: 'Dora' }, version };
  await hear(onArticlePublished, { type: 'ArticlePublished', key: articleId, data });
  await look('moderator mona', `/threads/${articleId}`);
  const decisions = { approve: 'moderator mona', reject: 'moderator mona', withdraw: 'site' };
  for (const [decision, who] of Object.entries(decisions)) {
    const { id } = (await play('site', '/comments')) as { id: string };
    await look(who, `/comments/${id}/actions`);
    await play(who, `/comments/${id}/${decision}`);
    await look(who, `/comments/${id}`);
  }
  const gone = { id: randomUUID(), name: 'Amna' };
  const { id } = (await play('site', '/comments', { reader: gone })) as { id: string };
  const { reader } = (await look('privacy-officer', `/comments/${id}`)) as { reader: { id: string } };
  await look('privacy-officer', `/commenters/${reader.id}/actions`);
  await play('privacy-officer', `/commenters/${reader.id}/erase`);
  await look('privacy-officer', `/commenters/${reader.id}`);
}
