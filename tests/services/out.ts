import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import type { Alone } from './alone.ts';

/** Drafting hears that publication has put the text of an article out, as it stands. */
export async function putOut(drafting: Alone, articleId: string): Promise<void> {
  const { content } = (await drafting.call('editor', `/articles/${articleId}`)).body;
  const data = { articleId, by: { id: 'dora', name: 'Dora' }, version: 1, content };
  await drafting.hear(onPublicationDecided, { type: 'ArticlePublished', key: articleId, data });
}
