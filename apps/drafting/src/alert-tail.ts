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
    const states = await Promise.all(ids.map(async (id) => (await this.store.load(sourceLog, id)).state));
    for (const listener of this.listeners) await this.tell(listener, states);
  }

  /** Who knows a source is asked each time: they may do so since a moment ago, or no longer. */
  private async tell({ caller, tell, told }: Listener, states: readonly Source[]): Promise<void> {
    const known = states.filter((state) => isKnower(state, caller)).map(({ id }) => id);
    const alerts = known.length > 0 ? await this.vault.alerts(known, caller.id) : [];
    const news = alerts.filter(({ seen, place }) => !seen && !told.has(place));
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
