import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '#decider';
import type { EventStore } from '#event-store';
import type { SourceKey, Vault } from '#keyring';
import type { Spot } from './leak-watch.ts';
import { sourceLog } from './source/source.announcements.ts';
import { isKnower, type Source } from './source/source.ts';

/** Milliseconds between two looks, while anybody listens. */
const betweenLooks = 1000;

interface Listener {
  readonly caller: Actor;
  readonly tell: (alert: object) => void;
  readonly told: Set<string>;
}

/** Where a name was found: opened for somebody who knows who it is. */
export const spotIn = (sealed: string, key: SourceKey | undefined) =>
  JSON.parse(key?.open('alert', sealed) ?? '{}') as Spot;

/** Tells those who listen where names were found of sources that they know: all that they have not seen, then each as it is found. */
export class AlertTail {
  private readonly listeners = new Set<Listener>();
  private looking: Promise<void> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  /** Returns what ends it. */
  follow(caller: Actor, tell: Listener['tell']): () => void {
    const listener = { caller, tell, told: new Set<string>() };
    this.listeners.add(listener);
    this.looking ??= this.lookOn();
    return () => this.listeners.delete(listener);
  }

  private async lookOn(): Promise<void> {
    while (this.listeners.size > 0) {
      // What fails is found by the next look.
      await this.look().catch(() => undefined);
      await pause(betweenLooks, undefined, { ref: false });
    }
    this.looking = undefined;
  }

  private async look(): Promise<void> {
    const ids = await this.vault.sources();
    // There are many sources, and few that anything was found of: only those are loaded, and once for all who listen.
    const loaded = new Map<string, Promise<Source>>();
    const stateOf = (id: string) => {
      const found = loaded.get(id) ?? this.store.load(sourceLog, id).then(({ state }) => state);
      loaded.set(id, found);
      return found;
    };
    for (const listener of this.listeners) await this.tell(listener, ids, stateOf);
  }

  /** Who knows a source is asked each time: they may do so since a moment ago, or no longer. */
  private async tell(
    { caller, tell, told }: Listener,
    ids: readonly string[],
    stateOf: (id: string) => Promise<Source>,
  ): Promise<void> {
    const unseen = (await this.vault.alerts(ids, caller.id)).filter(({ seen, place }) => !seen && !told.has(place));
    const knows = await Promise.all(unseen.map(async ({ source }) => isKnower(await stateOf(source), caller)));
    const news = unseen.filter((_, at) => knows[at]);
    if (news.length === 0) return;
    const keys = await this.vault.keys([...new Set(news.map(({ source }) => source))]);
    for (const { source, place, sealed } of news) {
      const key = keys.get(source);
      if (!key) continue;
      told.add(place);
      tell({ sourceId: source, id: place, ...spotIn(sealed, key) });
    }
  }
}
