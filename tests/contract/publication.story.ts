import { randomUUID } from 'node:crypto';
import { content, corrected, correctionId } from '../../apps/publication/src/publication/publication.examples.ts';
import { onArticleApproved } from '../../apps/publication/src/on-article-approved.ts';
import { onCorrectionApproved } from '../../apps/publication/src/on-correction-approved.ts';
import type { Alone } from '../services/alone.ts';
import type { Teller } from './teller.ts';

const by = { id: 'edna', name: 'Edna' };

/** Two stories in the examples of publication's API, every command and query of it at least once. */
export async function tellPublication({ hear }: Pick<Alone, 'hear'>, { play, look }: Teller): Promise<void> {
  const articleId = randomUUID();
  const publication = `/publications/${articleId}`;
  const approved = (version: number, text: object, id = articleId) =>
    hear(onArticleApproved, {
      ...{ type: 'ArticleApproved', key: id },
      data: { articleId: id, by, version, desk: 'city', kind: 'story', content: text, knownStops: 0 },
    });
  await approved(1, { ...content, headline: 'Bridge to reopen' });
  await look('duty-editor dora', publication);
  await approved(2, content);
  await look('reporter rana', publication);
  await look('duty-editor dora', `${publication}/actions`);
  for (const command of ['take-version', 'schedule', 'reschedule', 'deschedule', 'publish'])
    await play('duty-editor dora', `${publication}/${command}`);
  await approved(3, { ...corrected, headline: 'Bridge open' });
  await hear(onCorrectionApproved, {
    ...{ type: 'CorrectionApproved', key: articleId },
    data: { articleId, by, correctionId, base: 2, version: 2, content: corrected, ancestor: content, changed: ['p2'] },
  });
  await look('duty-editor dora', publication);
  for (const command of ['correct', 'repeat', 'hold', 'release', 'unpublish', 'publish', 'refile'])
    await play('duty-editor dora', `${publication}/${command}`);
  await approved(4, { ...corrected, headline: 'Thousands cross the bridge' });
  await play('duty-editor dora', `${publication}/update`);
  await approved(5, { ...corrected, headline: 'Thousands have crossed the bridge' });
  await play('duty-editor dora', `${publication}/schedule`, { version: 5, nothingWasWrong: true });
  await look('duty-editor dora', publication);
  await play('duty-editor dora', `${publication}/deschedule`);
  await play('editor edna', `${publication}/ask-kill`);
  await look('chief carl', publication);
  await play('legal lea', `${publication}/decline-kill`);
  await play('duty-editor dora', `${publication}/ask-kill`);
  await play('chief carl', `${publication}/sign-kill`);
  await look('auditor anna', publication);
  const stopped = randomUUID();
  await approved(1, content, stopped);
  await play('editor edna', `/publications/${stopped}/stop`);
}
