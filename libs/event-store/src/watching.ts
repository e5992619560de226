import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { encodePosition } from '#contracts';
import { instant } from './event.ts';
import type { RelayStore } from './relay-store.ts';
import { utc } from './work-store.ts';

interface Person {
  readonly id: string;
  readonly name: string;
}
/** Something that was appended; `position` is a token for queries. */
export interface Change {
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly by: Person | null;
  readonly position: string;
}
/** Who looks at a stream, and who has it in hand, right now. */
export interface Presence {
  readonly people: readonly Person[];
  readonly lease: { readonly by: Person; readonly session: string; readonly since: string } | null;
}
/** Somebody who looks at a stream: what came after a version of it, and who else looks, are told to them. */
export interface Onlooker {
  readonly stream: string;
  readonly after: number;
  readonly by: Person;
  readonly changed: (change: Change) => void;
  readonly present: (presence: Presence) => void;
}
interface Watcher extends Onlooker {
  readonly connection: string;
  at: number;
  shown: string;
}
interface ChangeRow {
  readonly number: number;
  readonly version: number;
  readonly type: string;
  readonly recorded_at: string;
  readonly by: Person | null;
  readonly shard: number;
  readonly position: string;
}

/** A look shows at most so many changes to each; what is more comes with the next. */
const mostChanges = 200;
/** Milliseconds: between two looks, however much is appended; between two signs of life; after which somebody without one is gone. */
const [betweenLooks, betweenSigns, goneAfter] = [100, 5000, 15_000];
const expiry = `clock_timestamp() + interval '${goneAfter} milliseconds'`;

/** Tells those who look at streams what happens to them, whichever process it happens in. */
export class Watching {
  private readonly watchers = new Map<string, Watcher>();
  private quiet: (() => Promise<void>) | undefined;
  private signs: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly relay: Pick<RelayStore, 'listen'>,
    private readonly log: { readonly service: string; readonly id: string },
  ) {}

  /** Resolves to what ends it. */
  async follow(onlooker: Onlooker): Promise<() => Promise<void>> {
    const connection = randomUUID();
    this.watchers.set(connection, { ...onlooker, connection, at: onlooker.after, shown: '' });
    this.signs ??= setInterval(() => void this.sign(), betweenSigns);
    await this.listening();
    await this.pool.query(`insert into presence values ($1, $2, $3, $4, ${expiry})`, [
      connection,
      onlooker.stream,
      onlooker.by.id,
      onlooker.by.name,
    ]);
    this.wake();
    return () => this.leave(connection);
  }

  async close(): Promise<void> {
    clearInterval(this.signs);
    await Promise.all([...this.watchers.keys()].map((connection) => this.leave(connection)));
    await this.looking;
    await this.quiet?.();
  }

  private async leave(connection: string): Promise<void> {
    if (!this.watchers.delete(connection)) return;
    // Where the database is away, the row expires.
    await this.pool.query('delete from presence where connection = $1', [connection]).catch(() => undefined);
  }

  private readonly wake = (): void => {
    this.again = true;
    this.looking ??= this.looks().finally(() => {
      this.looking = undefined;
      if (this.again && this.watchers.size > 0) this.wake();
    });
  };

  private async listening(): Promise<void> {
    if (this.quiet) return;
    this.quiet = () => Promise.resolve();
    this.quiet = await this.relay.listen(this.wake, () => (this.quiet = undefined)).catch(() => undefined);
  }

  /** Those who look are still there, and those of a process that died are not. What was missed with a lost connection is found. */
  private async sign(): Promise<void> {
    if (this.watchers.size === 0) return;
    await this.listening();
    await this.pool
      .query(
        `with stay as (update presence set expires_at = ${expiry} where connection = any($1))
         delete from presence where expires_at < clock_timestamp() and connection <> all($1)`,
        [[...this.watchers.keys()]],
      )
      .catch(() => undefined);
    this.wake();
  }

  private async looks(): Promise<void> {
    while (this.again && this.watchers.size > 0) {
      this.again = false;
      await this.look().catch(() => undefined); // The next sign of life looks again.
      await new Promise((done) => setTimeout(done, betweenLooks));
    }
  }

  private async look(): Promise<void> {
    const watchers = [...this.watchers.values()];
    const changes = await this.changes(watchers);
    const presence = await this.presence(watchers);
    for (const [at, watcher] of watchers.entries()) {
      const mine = changes.get(at + 1) ?? [];
      for (const change of mine) watcher.changed(change);
      watcher.at = mine.at(-1)?.version ?? watcher.at;
      if (mine.length === mostChanges) this.again = true;
      this.show(watcher, presence.get(watcher.stream) ?? { people: [], lease: null });
    }
  }

  private show(watcher: Watcher, presence: Presence): void {
    const shown = JSON.stringify(presence);
    if (shown === watcher.shown) return;
    watcher.shown = shown;
    watcher.present(presence);
  }

  private async changes(watchers: readonly Watcher[]): Promise<Map<number, Change[]>> {
    const { rows } = await this.pool.query<ChangeRow>(
      `select number::int, e.* from unnest($1::text[], $2::bigint[]) with ordinality as watched(stream, after, number)
        cross join lateral (
          select version::int, type, recorded_at, payload->'by' as by, shard, position from event
           where event.stream = watched.stream and version > after order by version limit ${mostChanges}) e
        order by number, version`,
      [watchers.map(({ stream }) => stream), watchers.map(({ at }) => at)],
    );
    const { service, id: logId } = this.log;
    const changeOf = ({ version, type, recorded_at, by, shard, position }: ChangeRow): Change => ({
      ...{ version, type, at: instant(BigInt(recorded_at)), by },
      position: encodePosition({ service, logId, shard, position: BigInt(position) }),
    });
    return new Map([...Map.groupBy(rows, ({ number }) => number)].map(([number, of]) => [number, of.map(changeOf)]));
  }

  private async presence(watchers: readonly Watcher[]): Promise<Map<string, Presence>> {
    const { rows } = await this.pool.query<Presence & { stream: string }>(
      `select stream,
              (select json_build_object('by', json_build_object('id', person_id, 'name', person_name), 'session', session, 'since', ${utc('since')})
                 from editing_lease held where held.stream = watched.stream and expires_at > clock_timestamp()) as lease,
              (select coalesce(json_agg(json_build_object('id', person_id, 'name', person_name) order by person_id), '[]')
                 from (select distinct on (person_id) person_id, person_name from presence here
                        where here.stream = watched.stream and expires_at > clock_timestamp() order by person_id, connection) here) as people
         from (select distinct unnest($1::text[]) as stream) watched`,
      [watchers.map(({ stream }) => stream)],
    );
    return new Map(rows.map(({ stream, people, lease }) => [stream, { people, lease }]));
  }
}
