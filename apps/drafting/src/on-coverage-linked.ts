import type { ArticleEvent, PlanEvent } from '#contracts';
import type { EventStore } from '#event-store';
import { type Incoming, type Reaction, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';
import { isLive } from './article/reactions.ts';
import { planLog } from './plan/plan.announcements.ts';

type Linked = Extract<PlanEvent, { type: 'CoverageLinked' }>['data'];
type Restored = Extract<PlanEvent, { type: 'CoverageRestored' | 'PlanRestored' }>['data'];
type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' | 'CoverageNoted' }>['data'];

/** What an article is the coverage of is done as soon as readers have it. */
async function completed({ data }: Incoming, store: EventStore) {
  const { articleId, by } = data as Recorded;
  const { publication, covers = [] } = (await store.load(articleLog, articleId)).state;
  if (!isLive(publication.state)) return [];
  return covers.map(({ planId, coverageId }) =>
    step(planLog, planId, { type: 'complete-published', data: { coverageId, by } }),
  );
}

/** What was taken up again is done where its article went out meanwhile. */
async function takenUp({ data }: Incoming, store: EventStore) {
  const { planId, by, ...told } = data as Restored;
  const ids = 'coverages' in told ? told.coverages.map(({ id }) => id) : [told.coverageId];
  const { coverages } = (await store.load(planLog, planId)).state;
  const out = ids.map(async (coverageId) => {
    const { article } = coverages.find(({ id }) => id === coverageId) ?? {};
    if (article === undefined) return [];
    const { publication } = (await store.load(articleLog, article)).state;
    return isLive(publication.state)
      ? [step(planLog, planId, { type: 'complete-published', data: { coverageId, by } })]
      : [];
  });
  return (await Promise.all(out)).flat();
}

/** The article is told which coverage it is. Whatever comes first in its own log, that or its publication, the second completes it. */
export const onCoverageLinked: Reaction = {
  name: 'on-coverage-linked',
  topic: 'drafting',
  on: {
    CoverageLinked: ({ data }: Incoming) => {
      const { article, planId, coverageId, by } = data as Linked;
      // It was killed before.
      const expected = ['not-allowed-now'];
      return [step(articleLog, article, { type: 'note-coverage', data: { planId, coverageId, by } }, expected)];
    },
    CoverageNoted: completed,
    CoverageRestored: takenUp,
    PlanRestored: takenUp,
    PublicationRecorded: completed,
  },
};
