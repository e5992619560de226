import { type Broker, type End, endsOf, type Lying, type Onlooker, type Place, startOnlooker } from '#messaging';
import type { LogName } from './expected.ts';
import { type Announced, type Ask, type Hole, holeOf } from './hole.ts';
import { headsOf, relay, standsOf } from './standing.ts';
import { keyOf, Walk } from './walk.ts';

/** Which log a topic carries, and what of it. */
interface Carried {
  readonly log: LogName;
  readonly slot: 'internal' | 'public';
  /** Kept for ever, from the first message on. The compacted one keeps the newest of each article. */
  readonly whole: boolean;
}
const carried: Readonly<Record<string, Carried>> = {
  drafting: { log: 'drafting', slot: 'internal', whole: true },
  publication: { log: 'publication', slot: 'internal', whole: true },
  moderation: { log: 'moderation', slot: 'internal', whole: true },
  feed: { log: 'publication', slot: 'public', whole: true },
  articles: { log: 'publication', slot: 'public', whole: false },
};
const topics = Object.keys(carried);
const wholeTopics = topics.filter((topic) => carried[topic]?.whole);

interface Sent extends Announced {
  readonly message_type: string;
  readonly previous: string;
  readonly digest: string;
}
/** Runs something in a snapshot of the database. */
export type InSnapshot = <T>(work: (ask: Ask) => Promise<T>) => Promise<T>;
/** How far one onlooker has followed each partition; undefined before the first message. */
type Trail = Map<string, bigint>;

const most = 1000;
/** After this long what the feed says is on the topic of newest items. Seconds. */
const followedWithin = 5;

/**
 * Holds each topic against what its log announces, message by message: at its end as it grows, and from its beginning. It reads by itself, as
 * bytes, and follows the numbers of the messages as whoever is outside does.
 */
export class Topics {
  private readonly wrong = new Map<string, Hole>();
  private newest: { onlooker: Onlooker; trail: Trail; since: number } | undefined;
  private readonly walk: Walk;
  /** Where the first message of all was seen, at whatever offset it lies now. */
  private readonly begun = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly inSnapshot: InSnapshot,
  ) {
    this.walk = new Walk(broker, (places, moved) => {
      const trail: Trail = new Map(places.map((place) => [keyOf(place), 0n]));
      for (const place of moved) this.begun.delete(keyOf(place));
      return (place, lying) => this.take(trail, place, lying);
    });
  }

  /** What is missing on topics, or is something else. Throws when Kafka or Postgres does not answer. */
  async look(): Promise<Hole[]> {
    const { onlooker, trail, since } = (this.newest ??= await this.followNewest());
    const found = await this.inSnapshot(async (ask) => {
      const heads = await headsOf(ask);
      return { heads, stands: await standsOf(ask, heads) };
    });
    // Asked after the cursors: whatever a relay had sent by then lies below these ends.
    const ends = await endsOf(this.broker, topics);
    await this.beginAgainIfAnew(ends, onlooker);
    const whole = ends.filter(({ topic }) => wholeTopics.includes(topic));
    await this.walk.look(whole, this.wrong.size > 0);
    const holes: Hole[] = [...this.wrong.values()];
    for (const end of ends) {
      const of = carried[end.topic];
      // Behind its last record a transaction leaves a mark, which is not a message.
      const level = onlooker.next(end) + (of?.whole ? 0n : 1n) >= end.high;
      if (!of || !level) continue;
      const cursor = found.stands.find(
        ({ where, head }) => where === relay && head.log === of.log && head.shard === end.partition,
      );
      const after = trail.get(keyOf(end)) ?? 0n;
      const unseen = await this.unseen({ ...end, ...of }, { after, since, upto: cursor?.at ?? 0n });
      const detail = `the relay has gone past it, but the topic ends with position ${after}`;
      holes.push(
        ...unseen.map((event) => holeOf('missing', event, { where: `topic ${end.topic}`, service: of.log, detail })),
      );
    }
    return [...holes, ...cutOff(whole.filter((end) => !this.begun.has(keyOf(end))))];
  }

  async stop(): Promise<void> {
    await Promise.all([this.newest?.onlooker.stop(), this.walk.stop()]);
  }

  /** Whoever follows a topic that ends before where they stand would never see what comes. */
  private async beginAgainIfAnew(ends: readonly End[], onlooker: Onlooker): Promise<void> {
    const anew = ends.find((end) => end.high < onlooker.next(end));
    if (!anew) return;
    this.newest = undefined;
    this.walk.forget();
    await onlooker.stop();
    throw new Error(`${keyOf(anew)} was made anew.`);
  }

  private async followNewest() {
    const ends = await endsOf(this.broker, topics);
    // By the database's clock, once it is known where we begin: what is recorded from here on has to come by.
    const since = await this.inSnapshot(async (ask) => {
      const [row] = await ask<{ now: number }>('select extract(epoch from clock_timestamp())::float8 * 1e6 as now');
      return row?.now ?? 0;
    });
    const trail: Trail = new Map(ends.filter(({ high }) => high === 0n).map((end) => [keyOf(end), 0n]));
    const onlooker = await startOnlooker({
      broker: this.broker,
      from: ends.map(({ high, ...place }) => ({ ...place, offset: high })),
      take: (place, lying) => this.take(trail, place, lying),
    });
    return { onlooker, trail, since };
  }

  /** Follows what lies there, and names what does not fit. */
  private async take(trail: Trail, place: Place, lying: readonly Lying[]): Promise<void> {
    const of = carried[place.topic];
    if (!of) return;
    const at = { ...place, ...of };
    const { sent, logId } = await this.sentAs(at, lying);
    this.seeBeginning(place, lying);
    for (const one of lying) {
      const last = trail.get(keyOf(place));
      const why = misfit(one, sent.get(String(one.position)), logId);
      const name = `${keyOf(place)} ${one.position < 0n ? one.offset : one.position}`;
      if (why === undefined) this.wrong.delete(name);
      else this.note(name, holeOf('differs', { ...eventOf(one), shard: place.partition }, whereOf(at, why)));
      if (last !== undefined && one.position > last && one.previous !== last) await this.gap(at, last, one.position);
      if (one.position > (last ?? -1n)) trail.set(keyOf(place), one.position);
    }
  }

  private seeBeginning(place: Place, lying: readonly Lying[]): void {
    if (lying.some(({ previous }) => previous === 0n)) this.begun.add(keyOf(place));
  }

  /** What the log announced in between does not lie there. */
  private async gap(at: Place & Carried, last: bigint, next: bigint): Promise<void> {
    const lost = await this.unseen(at, { after: last, since: 0, upto: next - 1n });
    for (const event of lost)
      this.note(
        `${keyOf(at)} ${event.position}`,
        holeOf('missing', event, whereOf(at, `position ${next} comes right after ${last}`)),
      );
  }

  private note(name: string, hole: Hole): void {
    if (this.wrong.size < most) this.wrong.set(name, hole);
  }

  /** What was announced there, after a position and not before a time (microseconds). The compacted topic is given some seconds. */
  private unseen(at: Place & Carried, span: { after: bigint; since: number; upto: bigint }): Promise<Announced[]> {
    return this.inSnapshot((ask) =>
      ask<Announced>(
        `select shard, position::text, stream, key, id, type from ${at.log}.announced
          where slot = $1 and shard = $2 and position > $3 and position <= $4 and recorded_at > $5
            and recorded_at < (extract(epoch from clock_timestamp()) - $6) * 1e6 order by announced.position limit 100`,
        [
          ...[at.slot, at.partition, String(span.after), String(span.upto), Math.round(span.since)],
          at.whole ? 0 : followedWithin,
        ],
      ),
    );
  }

  /** What the log says of these positions. */
  private sentAs({ log, slot, partition }: Place & Carried, lying: readonly Lying[]) {
    return this.inSnapshot(async (ask) => {
      const rows = await ask<Sent>(
        `select *, position::text, previous::text from ${log}.announced where slot = $1 and shard = $2 and position = any ($3::bigint[])`,
        [slot, partition, lying.map(({ position }) => String(position))],
      );
      const [own] = await ask<{ id: string }>(`select id::text from ${log}.log`);
      return { sent: new Map(rows.map((row) => [row.position, row])), logId: own?.id ?? '' };
    });
  }
}

const whereOf = ({ topic, log }: Place & Carried, detail: string) => ({
  ...{ where: `topic ${topic}`, service: log, detail },
});
const eventOf = ({ position, key, type }: Lying) => ({ position: String(position), key, type });

/** What a message says otherwise than the event that it is to be. */
function misfit(lying: Lying, sent: Sent | undefined, logId: string): string | undefined {
  const at = `at offset ${lying.offset}`;
  if (lying.position < 0n) return `${at} is no message of ours`;
  if (lying.logId !== logId) return `${at} is a message of another log (${lying.logId})`;
  if (!sent) return `${at} is an event that the log does not have`;
  const pairs = [
    ...[
      ['id', lying.id, sent.id],
      ['type', lying.type, sent.message_type],
      ['key', lying.key, sent.key],
    ],
    ...[
      ['position before it', String(lying.previous), sent.previous],
      ['content', lying.digest, sent.digest],
    ],
  ];
  const names = pairs.filter(([, found, wanted]) => found !== wanted).map(([name]) => name);
  return names.length > 0 ? `${at} it has another ${names.join(', ')} than in the log` : undefined;
}

/** Topics that have lost their beginning, and to which it was not sent again. */
function cutOff(ends: readonly End[]): Hole[] {
  return ends
    .filter(({ low }) => low > 0n)
    .map(({ topic, partition, low }) =>
      holeOf(
        'missing',
        { shard: partition, position: '0', key: '', type: '' },
        {
          ...{ where: `topic ${topic}`, service: carried[topic]?.log ?? '' },
          detail: `messages below offset ${low} are not there any more; have them sent again: npm run stet -- resend ${carried[topic]?.log ?? ''} ${partition} 0`,
        },
      ),
    );
}
