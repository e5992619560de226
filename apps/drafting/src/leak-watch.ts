import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Content } from '#contracts';
import type { EventStore, StoredEvent } from '#event-store';
import type { SourceKey, Vault } from '#keyring';
import { articleLog } from './article/article.announcements.ts';
import { currentOf } from './article/line.ts';
import { correctionLog } from './correction/correction.announcements.ts';
import { Names } from './naming/names.ts';
import { type Placed, textsIn } from './naming/texts.ts';
import { sourceLog } from './source/source.announcements.ts';

/** Where a name was found: in what kind of thing, of which article if it is of one. */
export interface Spot {
  readonly kind: string;
  readonly articleId: string;
  readonly field?: string | undefined;
  readonly block?: string | undefined;
}
/** Events of a shard, and sources, that are read at a time. */
const page = 500;
const together = 50;
const restMs = 1000;

export const newNames = () => new Names(randomInt(2 ** 31));
export const namesOf = (key: SourceKey, sealed: string): string[] =>
  (JSON.parse(key.open('identity', sealed)) as { names: string[] }).names;

const parted = (stream: string) => {
  const at = stream.indexOf('-');
  return { kind: stream.slice(0, at), id: stream.slice(at + 1) };
};
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
    return this.waiting.length > 0;
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
      if (type === 'SourceRegistered') await this.know([parted(stream).id]);
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

  private async know(ids: readonly string[]): Promise<void> {
    for (const [id, key] of await this.vault.keys(ids)) {
      const { state } = await this.store.load(sourceLog, id);
      this.names.remove(id);
      if (state.identity !== '') this.names.add(id, namesOf(key, state.identity));
    }
  }

  /** A save that tells what it changed is looked at whole. */
  private async lookAt({ stream, data }: StoredEvent): Promise<void> {
    const { articleId = '', edit } = data as { articleId?: string; edit?: unknown };
    const { kind, id } = parted(stream);
    const whole = edit ? await this.contentOf(kind, id) : undefined;
    await this.tell({ kind, articleId }, textsIn([data, whole]));
  }

  private async contentOf(kind: string, id: string): Promise<Content | undefined> {
    if (kind === 'article') return currentOf((await this.store.load(articleLog, id)).state.line).content;
    if (kind === 'correction') return currentOf((await this.store.load(correctionLog, id)).state.line).content;
    return undefined;
  }

  private async articleOf(kind: string, id: string): Promise<string> {
    return kind === 'correction' ? (await this.store.load(correctionLog, id)).state.articleId : id;
  }

  private async lookAtAutosaves(): Promise<void> {
    if (this.names.size === 0) return;
    const kept = await this.store.work.autosavedSince(this.autosavedUpTo);
    for (const { stream, value } of kept) {
      const { kind, id } = parted(stream);
      await this.tell({ kind, articleId: await this.articleOf(kind, id) }, textsIn(value));
    }
    this.autosavedUpTo = kept.at(-1)?.at ?? this.autosavedUpTo;
  }

  private async tell(where: Pick<Spot, 'kind' | 'articleId'>, texts: readonly Placed[]): Promise<void> {
    const found = texts.flatMap((placed) => this.names.find(placed).map(({ of }) => ({ of, placed })));
    const keys = await this.vault.keys([...new Set(found.map(({ of }) => of))]);
    const alerts = await Promise.all(
      found.map(async ({ of, placed: { field, block } }) => {
        const { state } = await this.store.load(sourceLog, of);
        const key = keys.get(of);
        // What rests on it is looked at by who knows it, whether or not there is a name.
        if (!key || state.articles.includes(where.articleId)) return [];
        const spot = JSON.stringify({ ...where, field, block } satisfies Spot);
        return [{ source: of, place: key.fingerprint(spot), sealed: key.seal('alert', spot) }];
      }),
    );
    if (found.length > 0) await this.vault.note(alerts.flat());
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
