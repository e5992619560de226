import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, content, events } from '../samples.ts';
import { publicationLog } from './publication-log.projection.ts';

let log: Projecting;
beforeAll(async () => {
  log = await projecting(publicationLog);
});
afterAll(() => log.close());

test('one row for whatever readers could see change, by whom and why', async () => {
  await log
    .given(
      ...[events.opened(1), events.published(), events.corrected(1, content({ headline: 'Bridge shut' }))],
      ...[
        events.corrected(1, content(), { class: 'REFILE', note: '' }),
        events.updated(1, content({ headline: 'Bridge busy' })),
        events.repeated(),
        events.held(),
        events.released(),
        events.unpublished(),
        events.killAsked(),
        events.killDeclined('unpublished'),
        events.killAsked(),
      ],
      events.killed(),
    )
    .then({
      publication_log: [
        {
          ...{ article_id: articleId, action: 'published', by_name: 'D. Uty', version: 1, headline: 'Bridge opens' },
          ...{ paper: 'The Daily', edition_date: '2026-03-01', path: 'city/bridge-opens', item: 1 },
        },
        { action: 'corrected', correction: 1, reason: 'It was shut.', headline: 'Bridge shut' },
        { action: 'refiled', correction: 1, reason: '', headline: 'Bridge opens' },
        { action: 'updated', correction: 1, version: 2, headline: 'Bridge busy', reason: null },
        { action: 'repeated', correction: 1, version: 1, by_name: 'D. Uty' },
        { action: 'held', by_name: 'D. Uty', reason: 'In doubt' },
        { action: 'released', reason: 'It is right' },
        { action: 'unpublished', reason: 'Why' },
        { action: 'kill-asked', by_name: 'E. Ditor' },
        { action: 'kill-declined' },
        { action: 'kill-asked' },
        { action: 'killed', by_name: 'D. Uty', second_name: 'E. Ditor', reason: 'Libel' },
      ],
    });
});
