import { type ArticleEvent, type CorrectionEvent, encodePosition } from '#contracts';
import type { Incoming } from '#messaging';

/** What every event of drafting says: of which article it is, who caused it, and where it stands in drafting's log. */
export function heard({ data, logId, partition: shard, position }: Incoming) {
  const { articleId, by } = data as (ArticleEvent | CorrectionEvent)['data'];
  return { articleId, by, position: encodePosition({ service: 'drafting', logId, shard, position }) };
}
