import { compare } from './comparing.ts';
import type { LogName } from './expected.ts';
import { type Announced, type Ask, type Hole, nameOf } from './hole.ts';
import { astray, type Head, headsOf, Lateness, type Stand, standsOf } from './standing.ts';

/** Positions of one shard: after the first, up to the second. */
export interface Stretch extends Pick<Head, 'log' | 'shard'> {
  readonly after: bigint;
  readonly upto: bigint;
}
/** Positions at most in one look: of what is new in a shard, and of all that is old; and how many holes are named. */
const most = { fresh: 2000n, old: 2000n, holes: 1000 };
export const piece = 250n;
/** Where everything is looked at in a moment, there is no need to begin again at once. Milliseconds. */
const roundRest = 4000;
const lesser = (a: bigint, b: bigint) => (a < b ? a : b);
const placeOf = ({ log, shard }: Pick<Head, 'log' | 'shard'>) => `${log}/${shard}`;

/**
 * Holds logs against read models and the logs of those who answer. What is new, as soon as everybody has passed it; and all that is old,
 * round after round, so much at a time. What was found is looked at again each time, until it is as it should be.
 */
export class Rounds {
  /** How long the last whole round took, in seconds. */
  seconds = 0;
  private readonly lateness = new Lateness();
  /** Everybody has passed this position of a shard, and it was compared then. */
  private readonly done = new Map<string, bigint>();
  private round = { begun: performance.now(), place: 0, after: 0n, resting: false };
  private open: readonly Hole[] = [];

  async look(ask: Ask): Promise<readonly Hole[]> {
    const heads = await headsOf(ask);
    const stands = await standsOf(ask, heads);
    const fresh = heads.map((head) => this.fresh(head));
    const stretches = [...fresh, ...this.old(heads), ...this.open.map(again)];
    const found: Hole[] = [];
    for (const [log, own] of Map.groupBy(stretches, (stretch) => stretch.log)) {
      const mine = stands.filter(({ head }) => head.log === log);
      for (const some of inPieces(own)) {
        const events = await announcedIn(ask, log, some);
        found.push(...(await compare({ ask, log, events, stands: mine })));
      }
    }
    for (const stretch of fresh) this.passed(stretch, stands);
    // Among what was looked at is all that was found before.
    this.open = [...new Map(found.map((hole) => [nameOf(hole), hole])).values()].slice(0, most.holes);
    return [...this.open, ...astray(stands), ...(await this.lateness.look(ask, stands))];
  }

  private fresh({ log, shard, position }: Head): Stretch {
    const after = this.done.get(placeOf({ log, shard })) ?? position;
    this.done.set(placeOf({ log, shard }), after);
    return { log, shard, after, upto: lesser(position, after + most.fresh) };
  }

  private passed({ log, shard, upto }: Stretch, stands: readonly Stand[]): void {
    const at = stands.filter(({ head }) => head.log === log && head.shard === shard).map((stand) => stand.at);
    const all = at.reduce(lesser, upto);
    const before = this.done.get(placeOf({ log, shard })) ?? 0n;
    if (all > before) this.done.set(placeOf({ log, shard }), all);
  }

  private old(heads: readonly Head[]): Stretch[] {
    const now = performance.now();
    if (this.round.resting) {
      if (now - this.round.begun < roundRest) return [];
      this.round = { begun: now, place: 0, after: 0n, resting: false };
    }
    const stretches: Stretch[] = [];
    for (let left = most.old; left > 0n;) {
      const head = heads[this.round.place];
      if (!head) {
        this.seconds = (now - this.round.begun) / 1000;
        this.round = { begun: now, place: 0, after: 0n, resting: true };
        break;
      }
      const { log, shard, position } = head;
      const upto = lesser(position, this.round.after + left);
      stretches.push({ log, shard, after: this.round.after, upto });
      left -= upto - this.round.after;
      if (upto === position) this.round = { ...this.round, place: this.round.place + 1, after: 0n };
      else this.round.after = upto;
    }
    return stretches;
  }
}

/** So that whoever asks reading for something meanwhile waits for one piece at most. */
export function inPieces(stretches: readonly Stretch[]): Stretch[][] {
  const pieces: Stretch[][] = [];
  let left = 0n;
  for (const { upto, ...stretch } of stretches)
    for (let { after } = stretch; after < upto;) {
      if (left === 0n) {
        pieces.push([]);
        left = piece;
      }
      const to = lesser(upto, after + left);
      pieces.at(-1)?.push({ ...stretch, after, upto: to });
      left -= to - after;
      after = to;
    }
  return pieces;
}

const again = ({ service, shard, position }: Hole): Stretch => {
  const upto = BigInt(position);
  return { log: service as LogName, shard, after: upto - 1n, upto };
};

async function announcedIn(ask: Ask, log: LogName, stretches: readonly Stretch[]): Promise<Announced[]> {
  const wanted = stretches.filter(({ after, upto }) => after < upto);
  return ask<Announced>(
    `select distinct e.* from unnest($1::int[], $2::bigint[], $3::bigint[]) as of(shard, after, upto)
      cross join lateral (select shard, position::text, stream, key, id, type from ${log}.announced a
                           where slot = 'internal' and a.shard = of.shard and a.position > of.after and a.position <= of.upto) as e`,
    [
      wanted.map(({ shard }) => shard),
      wanted.map(({ after }) => String(after)),
      wanted.map(({ upto }) => String(upto)),
    ],
  );
}
