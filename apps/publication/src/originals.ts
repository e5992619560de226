import { type EventStore, timed, type Timed } from '#event-store';
import type { Original } from './publication/conditions.ts';
import { publicationLog } from './publication/publication.announcements.ts';

/**
 * Those that an article follows, as they stand. They may be in other shards, where nothing guards them; what was out once stays so, and
 * nothing follows what was killed.
 */
export async function originalsOf(store: EventStore, id: string): Promise<Original[]> {
  const { conditions } = (await store.load(publicationLog, id)).state;
  const follows = conditions?.follows ?? [];
  return Promise.all(
    follows.map(async (articleId) => {
      const { out, schedule, status } = (await store.load(publicationLog, articleId)).state;
      return { articleId, wasOut: out !== undefined && status !== 'killed', due: schedule?.due };
    }),
  );
}

const publications = timed(publicationLog);
/** A publication that comes due is told as well how those stand that it follows. */
export const timedPublications: Timed = {
  ...publications,
  async fire(store, { command, ...order }) {
    const data = { ...(command.data as object), originals: await originalsOf(store, order.id) };
    return publications.fire(store, { ...order, command: { ...command, data } });
  },
};
