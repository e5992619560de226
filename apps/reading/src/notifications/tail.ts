import { Injectable } from '@nestjs/common';
import { decodePositions, encodePositions, type Position } from '#contracts';
import { Projections, type Snapshot } from '#projections';
import { utc } from '../lists.ts';
import { notifications } from './notifications.projection.ts';

/** Somebody who listens; `after` is what they have heard up to. */
export interface Listener {
  readonly id: string;
  readonly roles: readonly string[];
  after: readonly Position[];
  readonly tell: (notification: object, id: string) => void;
}
interface Row {
  readonly shard: number;
  readonly position: string;
  readonly people: readonly string[];
  readonly role: string | null;
  readonly by: { readonly id: string };
}
/** Milliseconds between two looks, while anybody listens; so many rows come with one, the rest with the next. */
const [betweenLooks, most] = [250, 5000];

const placeIn = (positions: readonly Position[], shard: number) => positions.find((one) => one.shard === shard);

/**
 * What is told to anybody after these positions, in its order, each part by who had it then; and how far that is.
 */
async function toldAfter(snapshot: Snapshot, after: readonly Position[]) {
  const places = decodePositions(snapshot.position) ?? [];
  const from = places.map(({ shard }) => placeIn(after, shard)?.position ?? 0n);
  const rows = await snapshot.query<Row>(
    `select n.shard, n.position::text, n.article_id as "articleId", n.kind, ${utc('n.happened_at')} as at,
            json_build_object('id', n.by_id, 'name', n.by_name) as by, n.said, n.about,
            case split_part(n.recipient, ' ', 1) when 'person' then array[substr(n.recipient, 8)] when 'part' then array(
              select distinct on (place) person_id from part_had had where had.subject = n.subject and had.part = substr(n.recipient, 6)
                 and had.position < n.position order by place, had.position desc) else '{}' end as people,
            case split_part(n.recipient, ' ', 1) when 'role' then substr(n.recipient, 6) end as role
       from unnest($1::int[], $2::bigint[]) as seen(shard, position)
       join notification n on n.shard = seen.shard and n.position > seen.position
      order by n.happened_at, n.shard, n.position limit ${most}`,
    [places.map(({ shard }) => shard), from.map(String)],
  );
  if (rows.length < most) return { rows, reached: places };
  const last = ({ shard }: Position) => rows.findLast((row) => row.shard === shard)?.position;
  return { rows, reached: places.map((place, at) => ({ ...place, position: BigInt(last(place) ?? from[at] ?? 0n) })) };
}

/** Tells notifications to those who listen, as the read model comes to them: one look for all. */
@Injectable()
export class Tail {
  private readonly listeners = new Set<Listener>();
  private at: readonly Position[] | undefined;
  private looks: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly models: Projections) {}

  /** From now on, and first what came after `after`. Returns what ends it. */
  follow(listener: Listener): () => void {
    this.listeners.add(listener);
    this.looks ??= setInterval(() => void this.look(), betweenLooks);
    // Whoever has missed something brings the next look back to where they are.
    this.at = least(this.at, listener.after);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.looks);
      [this.looks, this.at] = [undefined, undefined];
    };
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const from = this.at ?? [];
      this.at = undefined;
      // Who comes meanwhile may have missed more than this look shows.
      const listeners = [...this.listeners];
      const read = (snapshot: Snapshot) => toldAfter(snapshot, from);
      const found = await this.models.read([notifications.name], {}, read).catch(() => undefined);
      const { rows, reached } = found?.reached === 'reached' ? found.answer : { rows: [], reached: from };
      for (const row of rows) for (const listener of listeners) tell(listener, row, placeIn(reached, row.shard));
      this.at = least(this.at, reached);
    } finally {
      this.looking = false;
    }
  }
}

/** Of each shard the lesser of two; a shard that one of them does not know is at its start there. */
function least(one: readonly Position[] | undefined, other: readonly Position[]): readonly Position[] {
  if (!one) return other;
  return one.flatMap((place) => {
    const there = placeIn(other, place.shard);
    return there ? [there.position < place.position ? there : place] : [];
  });
}

/** `place` names the log of the shard. */
function tell(listener: Listener, { shard, people, role, ...told }: Row, place: Position | undefined): void {
  const heard = placeIn(listener.after, shard);
  const position = BigInt(told.position);
  const isNew = position > (heard?.position ?? 0n);
  const isTheirs = people.includes(listener.id) || (role !== null && listener.roles.includes(role));
  if (!place || !isNew || !isTheirs || told.by.id === listener.id) return;
  listener.after = [...listener.after.filter((one) => one !== heard), { ...place, position }];
  listener.tell(told, encodePositions(listener.after));
}
