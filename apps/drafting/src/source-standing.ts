import { commandId, type EventStore } from '#event-store';
import type { OrderHeaders } from '#platform';
import { articleLog } from './article/article.announcements.ts';
import { reaction } from './article/reactions.ts';
import { sourceLog } from './source/source.announcements.ts';
import { knownTo, type Source } from './source/source.ts';
import { sourcingLog } from './sourcing/sourcing.announcements.ts';
import type { Standing } from './sourcing/state.ts';

type Asked = Pick<OrderHeaders, 'actor' | 'trace'>;

export const standingOf = (source: Source): Standing => ({
  ...{ knownTo: knownTo(source), verifiedBy: source.verifiedBy.map(({ id }) => id), retracted: source.retracted },
});

/** Sources and articles are in orders of their own, so that an article learns of a change to a source by an event of its own. */
async function note(store: EventStore, source: Source, articleId: string, { actor, trace }: Asked): Promise<void> {
  const data = { articleId, sourceId: source.id, ...standingOf(source) };
  const by = { ...actor, roles: [reaction] };
  const what = JSON.stringify(standingOf(source));
  await store.execute(sourcingLog, {
    ...{ id: articleId, commandId: commandId('note-standing', source.id, articleId, what), trace },
    command: { type: 'note-standing', data, actor: by },
  });
  if (!source.retracted) return;
  // After the article has learned it no approval passes; what was approved before is stopped, once.
  const { state } = await store.load(sourcingLog, articleId);
  const attributions = state.quotes.filter((quote) => quote.source === source.id);
  const retracted = (again: boolean, ...time: string[]) =>
    store.execute(articleLog, {
      ...{ id: articleId, commandId: commandId('source-retracted', source.id, articleId, ...time), trace },
      command: {
        type: 'source-retracted',
        data: { by: actor, attributions, ifOut: again ? 'hold' : source.ifOut, again },
        actor: by,
      },
    });
  await retracted(false);
  // Whoever asks again that it be held means what is out by now.
  for (let time = 1; time <= (source.heldAgain ?? 0); time++) await retracted(true, String(time));
}

/** Every article that rests on a source learns how it stands. Done again, it does nothing twice. */
export async function tellArticles(store: EventStore, sourceId: string, asked: Asked): Promise<void> {
  const { state } = await store.load(sourceLog, sourceId);
  for (const articleId of state.articles) await note(store, state, articleId, asked);
}

/** An article learns how each of its sources stands, should somebody have died before telling it. */
export async function noteStandings(store: EventStore, articleId: string, asked: Asked): Promise<void> {
  const { state } = await store.load(sourcingLog, articleId);
  for (const [sourceId, known] of state.standings) {
    const { state: source } = await store.load(sourceLog, sourceId);
    if (JSON.stringify(standingOf(source)) !== JSON.stringify(known)) await note(store, source, articleId, asked);
  }
}
