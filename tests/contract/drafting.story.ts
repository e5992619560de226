import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import type { Alone } from '../services/alone.ts';

/** Sends the example of a command, or looks at something; both expect it to be taken, and give the answer's body. */
export interface Teller {
  readonly play: (who: string, address: string, change?: object) => Promise<Record<string, unknown>>;
  readonly look: (who: string, address: string) => Promise<Record<string, unknown>>;
}

/** One story in the examples of drafting's API, every command and query of it at least once. */
export async function tellDrafting({ hear }: Pick<Alone, 'hear'>, { play, look }: Teller): Promise<void> {
  const { id } = (await play('reporter rana', '/articles')) as { id: string };
  const article = `/articles/${id}`;
  await look('reporter rana', article);
  const byRana = ['revise', 'submit', 'recall', 'submit'];
  for (const command of byRana) await play('reporter rana', `${article}/${command}`);
  for (const command of ['claim', 'return']) await play('editor edna', `${article}/${command}`);
  await play('reporter rana', `${article}/submit`);
  for (const command of ['claim', 'read-back']) await play('editor edna', `${article}/${command}`);
  await look('editor edna', `${article}/actions`);
  const byEdna = ['approve', 'open-next-version', 'discard-next-version', 'spike', 'unspike', 'approve'];
  for (const command of byEdna) await play('editor edna', `${article}/${command}`);
  const { content } = await look('editor edna', article);
  const data = { articleId: id, by: { id: 'dora', name: 'Dora' }, version: 2, content };
  await hear(onPublicationDecided, { type: 'ArticlePublished', key: id, data });
}
