import type { Part } from '#contracts';
import type { EventStore, Guard } from '#event-store';
import { articleLog } from './article/article.announcements.ts';
import { allPackages, packageLog } from './package/package.announcements.ts';
import { packagesIn, type Unfit } from './package/package.ts';

/** Every package that these parts lead to: a decision on them holds only while none of those has changed. */
export async function guardsOf(store: EventStore, parts: readonly Part[]): Promise<Record<string, Guard>> {
  const guards: Record<string, Guard> = {};
  const ids = packagesIn(parts);
  for (let id = ids.shift(); id !== undefined; id = ids.shift()) {
    if (guards[id]) continue;
    guards[id] = { aggregate: packageLog, id };
    ids.push(...packagesIn((await store.load(packageLog, id)).state.parts));
  }
  return guards;
}

/** Every package that is kept and leads to this article. */
export async function packagesWith(store: EventStore, articleId: string): Promise<string[]> {
  const ids = await store.idsOf(packageLog.category, allPackages);
  const states = await Promise.all(ids.map(async (id) => (await store.load(packageLog, id)).state));
  const found = new Set([articleId]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { id, status, parts } of states)
      if (status !== 'discarded' && parts.some((part) => found.has(part.id))) found.add(id);
  }
  return ids.filter((id) => found.has(id));
}

/** What keeps these parts from being shown, and the parts of those. */
export async function unfitIn(store: EventStore, parts: readonly Part[]): Promise<Unfit[]> {
  if (parts.length === 0) return [{ problem: 'package-empty' }];
  return (await Promise.all(parts.map((part) => unfit(store, part)))).flat();
}

async function unfit(store: EventStore, part: Part): Promise<Unfit[]> {
  if (part.is === 'article') {
    const { state, version } = await store.load(articleLog, part.id);
    if (version === 0) return [{ problem: 'unknown', part }];
    return state.publication.state === 'published' ? [] : [{ problem: 'not-published', part }];
  }
  const { state } = await store.load(packageLog, part.id);
  if (state.status === 'discarded') return [{ problem: 'package-discarded', part }];
  const inside = await unfitIn(store, state.parts);
  return inside.map((one) => ({ part, ...one }));
}
