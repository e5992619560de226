import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Content } from '#contracts';
import type { EventStore, StoredEvent } from '#event-store';
import type { SourceKey, Vault } from '#keyring';
import { versionOf } from './article/line.ts';
import { Names } from './naming/names.ts';
import { type Placed, textsIn } from './naming/texts.ts';
import { sourceLog } from './source/source.announcements.ts';
import { restingOn } from './sourcing/gates.ts';
import { sourcingLog } from './sourcing/sourcing.announcements.ts';
import { articleOf, lineOf, parted, type Place, standingIn } from './standing-texts.ts';

/** Where a name was found: in what kind of thing, of which article if it is of one. */
export interface Spot {
  readonly kind: string;
  readonly articleId: string;
  readonly field?: string | undefined;
  readonly block?: string | undefined;
}
/** Events of a shard, and sources or streams, that are read at a time. */
const page = 500;
const together = 50;
const restMs = 1000;

export const newNames = () => new Names(randomInt(2 ** 31));
export const namesOf = (key: SourceKey, sealed: string): string[] =>
  (JSON.parse(key.open('identity', sealed)) as { names: string[] }).names;

/** What events have that tell of a text. */
interface Written {
  readonly articleId: string;
  readonly version: number;
  readonly content: Content;
  readonly edit: unknown;
}
const isText = ({ stream }: StoredEvent) => !['source', 'sourcing'].includes(parted(stream).kind);

/**
 * Looks for the names of sources in all that is written, and tells those who know a source where one stands that says nothing of resting on it. It
 * does so behind the requests, from the log and the autosaves, and what it finds stands in no log: no answer, no position and no version tells
 * anybody else whether a name is in the vault. Any number of processes may look at once; each alert is kept once.
 */
export class LeakWatch {
  private readonly names = newNames();
  /** By shard, up to where this process has read. */
  private read: ReadonlyMap<number, bigint> | undefined;
  /** Read, and looked at in the next round: by then, whatever source was registered before is known, in whatever shard. */
  private waiting: StoredEvent[] = [];
  private autosavedUpTo = new Date(0).toISOString();

  constructor(
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  /** Looks at what was read in the round before, and at what was autosaved; answers whether there is more to look at. */
  async look(): Promise<boolean> {
    const due = this.waiting.length;
    this.waiting.push(...(await this.readOn()));
    const seen = new Map<number, bigint>();
    for (const event of this.waiting.slice(0, due)) {
      await this.lookAt(event);
      seen.set(event.shard, event.position);
    }
    this.waiting.splice(0, due);
    for (const [shard, position] of seen) await this.vault.look(shard, position);
    await this.lookAtAutosaves();
    const seeking = await this.seek();
    return this.waiting.length > 0 || seeking;
  }

  private async readOn(): Promise<StoredEvent[]> {
    const heads = await this.store.heads();
    // A source has its key before it is in the log: where there is no key, nothing up to here has a source before it.
    if (this.names.size === 0 && (await this.vault.sources()).length === 0) {
      this.read = new Map(heads.map(({ shard, position }) => [shard, position]));
      return [];
    }
    const read = new Map(this.read ?? (await this.begin()));
    const events: StoredEvent[] = [];
    for (const { shard } of heads) events.push(...(await this.store.readShard(shard, read.get(shard) ?? 0n, page)));
    for (const { shard, position, stream, type } of events) {
      if (type === 'SourceRegistered') {
        await this.know([parted(stream).id]);
        await this.vault.seek([parted(stream).id], '');
      }
      if (type === 'SourceKeyDestroyed') this.names.remove(parted(stream).id);
      read.set(shard, position);
    }
    this.read = read;
    return events.filter(isText);
  }

  /** What was registered up to now; the log tells of what comes after. */
  private async begin(): Promise<ReadonlyMap<number, bigint>> {
    const looked = await this.vault.looked();
    const sources = await this.vault.sources();
    for (let at = 0; at < sources.length; at += together) await this.know(sources.slice(at, at + together));
    return looked;
  }

  private async know(ids: readonly string[], names = this.names): Promise<void> {
    for (const [id, key] of await this.vault.keys(ids)) {
      const { state } = await this.store.load(sourceLog, id);
      names.remove(id);
      if (state.identity !== '') names.add(id, namesOf(key, state.identity));
    }
  }

  /**
   * Looks for new sources in what stands already, some streams at a time; answers whether there is more. Each process knew them before it began: what
   * is written meanwhile is looked at as it comes. Processes go on where any of them has come to.
   */
  private async seek(): Promise<boolean> {
    const sought = await this.vault.seeking(together);
    const [first] = sought;
    if (!first) return false;
    const ids = sought.map(({ source }) => source);
    const names = newNames();
    await this.know(ids, names);
    const streams = await this.store.streamsAfter(first.upTo, together);
    for (const stream of streams) await this.lookAtAll(stream, names);
    await this.vault.seek(ids, streams.at(-1));
    return true;
  }

  private async lookAtAll(stream: string, names: Names): Promise<void> {
    for (const { texts, ...place } of await standingIn(this.store, stream)) await this.tell(place, texts, names);
  }

  /** A save that tells what it changed is looked at whole. */
  private async lookAt({ stream, data }: StoredEvent): Promise<void> {
    const { articleId = '', edit, content, version = 0 } = data as Partial<Written>;
    const [line, { state }] = await Promise.all([
      edit ? lineOf(this.store, stream) : undefined,
      this.store.load(sourcingLog, articleId),
    ]);
    const whole = line ? versionOf(line, version).content : content;
    await this.tell({ stream, articleId, blocks: whole?.blocks }, textsIn([data, line && whole]));
    // Without its attribution, nothing that was written beside the text rests on the source any more either.
    if (whole && state.quotes.length > 0) await this.lookAtAll(stream, this.names);
  }

  private async lookAtAutosaves(): Promise<void> {
    if (this.names.size === 0) return;
    const kept = await this.store.work.autosavedSince(this.autosavedUpTo);
    for (const { stream, value } of kept)
      await this.tell({ stream, articleId: await articleOf(this.store, stream) }, textsIn(value));
    this.autosavedUpTo = kept.at(-1)?.at ?? this.autosavedUpTo;
  }

  private async tell(place: Place, texts: readonly Placed[], names = this.names): Promise<void> {
    const found = texts.flatMap((placed) => names.find(placed).map(({ of }) => ({ of, placed })));
    if (found.length === 0) return;
    const { stream, articleId, blocks } = place;
    const [keys, { state }, line] = await Promise.all([
      this.vault.keys([...new Set(found.map(({ of }) => of))]),
      this.store.load(sourcingLog, articleId),
      blocks ? undefined : lineOf(this.store, stream),
    ]);
    // What rests on it is looked at by who knows it, whether or not there is a name; what once did, and does no more, is not.
    const resting = restingOn(state, blocks ?? line?.text?.content.blocks ?? []);
    const alerts = found.flatMap(({ of, placed: { field, block } }) => {
      const key = keys.get(of);
      if (!key || resting.includes(of)) return [];
      const spot = JSON.stringify({ kind: parted(stream).kind, articleId, field, block } satisfies Spot);
      return [{ source: of, place: key.fingerprint(spot), sealed: key.seal('alert', spot) }];
    });
    if (alerts.length > 0) await this.vault.note(alerts);
  }
}

/** Looks all the time; what fails is tried again. */
export function startLeakWatch(watch: LeakWatch, log: (text: string, details: object) => void) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = async () => {
    while (!signal.aborted) {
      const more = await watch.look().catch((error: unknown) => {
        // Its message might have a text in it.
        log('leak watch: tries again', { reason: error instanceof Error ? error.name : 'unknown' });
        return false;
      });
      if (!more) await pause(restMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const working = work();
  return {
    stop(): Promise<void> {
      stopping.abort();
      return working;
    },
  };
}
