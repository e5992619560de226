import { createHash } from 'node:crypto';
import type pg from 'pg';
import {
  type Broker,
  type Checkpoint,
  type Consumer,
  type Place,
  startConsumer,
  type StoppedPartition,
} from '#messaging';
import type { LaneName } from './checkpoints.ts';
import { Lane } from './lane.ts';
import { type Projection, schemaOf } from './projection.ts';
import { joinIfNear, serve, versions, type VersionRow } from './tables.ts';

export interface RunningOptions {
  readonly broker: Broker;
  readonly pool: pg.Pool;
  readonly projections: readonly Projection[];
  /** Told what was applied for versions that serve. */
  readonly onServed: (projection: Projection, place: Place, to: Checkpoint) => void;
  /** A read model begins anew, or has caught up. */
  readonly onChanged: () => Promise<void>;
}
/** How far reading is behind the topics. */
export interface Lag {
  readonly messages: number;
  /** For how long it has not been level with them. */
  readonly seconds: number;
}

/** How often a process looks which versions have changed lanes, in milliseconds. */
const lookEvery = 1000;

/** The consumers of this process: one for all that live, one each for those that are being built. */
export class Running {
  private live: Consumer | undefined;
  private readonly own = new Map<Projection, Consumer>();
  /** Versions that serve, as of the last look. */
  private served = new Set<string>();
  private levelAt = Date.now();
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RunningOptions) {}

  async start(): Promise<void> {
    const { projections } = this.options;
    await this.look();
    // Processes that know other versions read as a group of their own: each must see every partition, for those that only it can fold.
    const known = createHash('sha256').update(projections.map(schemaOf).sort().join()).digest('hex').slice(0, 8);
    this.live = await this.consume('live', projections, `reading-${known}`);
    this.lookAgain();
  }

  /** Brings the consumers in line with the lanes that the database names; lets those that have caught up into the live one. */
  look(): Promise<void> {
    const looked = this.looking.then(() => this.adjust());
    this.looking = looked.catch(() => undefined);
    return looked;
  }

  private lookAgain(): void {
    this.timer = setTimeout(() => {
      const again = () => {
        if (!this.stopping) this.lookAgain();
      };
      this.look().then(again, again);
    }, lookEvery);
  }

  holds({ topic, partition }: Place): boolean {
    return this.live?.assigned().some((held) => held.topic === topic && held.partition === partition) ?? false;
  }

  lag(): Lag {
    const messages = this.consumers().reduce((sum, consumer) => sum + consumer.lag(), 0);
    if (messages === 0) this.levelAt = Date.now();
    return { messages, seconds: (Date.now() - this.levelAt) / 1000 };
  }

  stopped(): readonly StoppedPartition[] {
    return this.consumers().flatMap((consumer) => consumer.stopped());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.consumers().map((consumer) => consumer.stop()));
  }

  private consumers(): Consumer[] {
    return [...(this.live ? [this.live] : []), ...this.own.values()];
  }

  private async adjust(): Promise<void> {
    const { pool, projections } = this.options;
    for (const projection of this.own.keys()) await joinIfNear(pool, projection);
    const rows = await versions(pool);
    this.served = new Set(rows.filter(({ serving }) => serving).map(nameOf));
    const apart = new Set(rows.filter(({ lane }) => lane === 'own').map(nameOf));
    for (const projection of projections) {
      const consumer = this.own.get(projection);
      if (apart.has(schemaOf(projection)) === (consumer !== undefined)) continue;
      if (consumer) {
        this.own.delete(projection);
        await consumer.stop();
        // What it still lacks is fetched once more, for it alone.
        for (const place of this.live?.assigned() ?? [])
          if (projection.topics.includes(place.topic)) this.live?.reload(place);
      } else this.own.set(projection, await this.consume('own', [projection], `reading-${schemaOf(projection)}`));
      await this.options.onChanged();
    }
    await this.takeOver(apart);
    this.lag();
  }

  /** A version that has caught up serves in place of one that nobody here can fold any more. */
  private async takeOver(apart: ReadonlySet<string>): Promise<void> {
    const { pool, projections, broker, onChanged } = this.options;
    for (const projection of projections) {
      if (this.served.has(schemaOf(projection)) || apart.has(schemaOf(projection))) continue;
      if (!(await serve(pool, projection))) continue;
      broker.log('info', 'a new version of a read model serves', { version: schemaOf(projection) });
      this.served.add(schemaOf(projection));
      await onChanged();
    }
  }

  private async consume(name: LaneName, projections: readonly Projection[], group: string): Promise<Consumer> {
    const { broker, pool } = this.options;
    const lane = new Lane({
      ...{ pool, name, projections, log: broker.log },
      onMoved: (projection, place, to) => {
        if (this.served.has(schemaOf(projection))) this.options.onServed(projection, place, to);
      },
      onBehind: (place) => {
        consumer.reload(place);
      },
    });
    const consumer = await startConsumer({
      ...{ broker, group, checkpoints: lane },
      topics: [...new Set(projections.flatMap(({ topics }) => topics))].sort(),
      handle: (batch) => lane.handle(batch),
      between: (place) => lane.between(place),
      onStopped: (place, reason) => {
        broker.log('error', 'read models: a partition is read no further', { ...place, group, reason });
      },
    });
    return consumer;
  }
}

const nameOf = ({ projection: name, version }: VersionRow) => schemaOf({ name, version });
