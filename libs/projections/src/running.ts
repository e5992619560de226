import { createHash } from 'node:crypto';
import type pg from 'pg';
import {
  type Broker,
  type Checkpoint,
  type Consumer,
  type Place,
  processing,
  startConsumer,
  type StoppedPartition,
} from '#messaging';
import { beginAll, during } from '#tracing';
import { type LaneName, placesBehind } from './checkpoints.ts';
import { Lane } from './lane.ts';
import { type Projection, schemaOf } from './projection.ts';
import { compare, type Generation, generations, joinIfNear, serve } from './generations.ts';

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

interface Known {
  readonly projection: Projection;
  readonly row: Generation;
}
interface Built extends Pick<Known, 'projection'>, Pick<Generation, 'state'> {
  readonly consumer: Consumer;
}
const comparedAs = {
  alike: 'a new generation of a read model came to the same, or was to differ',
  failed: 'a new generation of a read model came to something else, and does not serve',
};

/** How often a process looks which versions have changed lanes, in milliseconds; and while it builds one, which waits for that to be compared and to serve. */
const lookEvery = 1000;
const lookWhileBuilding = 200;

/** The consumers of this process: one for all that live, one each for those that are being built. */
export class Running {
  private live: Consumer | undefined;
  private readonly own = new Map<string, Built>();
  /** Generations that this process can fold, as of the last look. */
  private known: readonly Known[] = [];
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
    this.live = await this.consume('live', () => this.known.map(({ projection }) => projection), `reading-${known}`);
    this.lookAgain();
  }

  /** Brings the consumers in line with the lanes that the database names; lets those that have caught up into the live one. */
  look(): Promise<void> {
    const looked = this.looking.then(() => this.adjust());
    this.looking = looked.catch(() => undefined);
    return looked;
  }

  private lookAgain(): void {
    const again = () => {
      if (!this.stopping) this.lookAgain();
    };
    const after = this.own.size > 0 ? lookWhileBuilding : lookEvery;
    this.timer = setTimeout(() => void this.look().then(again, again), after);
  }

  holds({ topic, partition }: Place): boolean {
    return this.live?.assigned().some((held) => held.topic === topic && held.partition === partition) ?? false;
  }

  lag(): Lag {
    const each = this.consumers().map((consumer) => consumer.lag());
    const messages = each.reduce<number>((sum, one = 0) => sum + one, 0);
    // Whoever is out of the group knows of no message, and is not level for that.
    if (messages === 0 && !each.includes(undefined)) this.levelAt = Date.now();
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
    return [...(this.live ? [this.live] : []), ...[...this.own.values()].map(({ consumer }) => consumer)];
  }

  private async adjust(): Promise<void> {
    const { pool, projections, broker } = this.options;
    for (const { projection } of this.own.values()) {
      const outcome = await compare(pool, projection);
      if (outcome)
        broker.log(outcome === 'failed' ? 'error' : 'info', comparedAs[outcome], { of: schemaOf(projection) });
      await joinIfNear(pool, projection);
    }
    const rows = await generations(pool);
    this.served = new Set(rows.filter(({ serving }) => serving).map(nameOf));
    this.known = rows.flatMap((row) => {
      const code = projections.find(({ name, version }) => name === row.projection && version === row.definition);
      return code ? [{ projection: { ...code, version: row.version }, row }] : [];
    });
    const apart = new Map(
      this.known.filter(({ row }) => row.lane === 'own').map((known) => [nameOf(known.row), known]),
    );
    const over = [...this.own].filter(([name]) => !apart.has(name));
    // At once: to join a group, or to leave it, takes seconds where other processes are in it.
    await Promise.all(over.map(([name, built]) => this.join(name, built)));
    await Promise.all([...apart].map(([name, known]) => this.build(name, known)));
    await this.fetchAgain();
    await this.takeOver();
    this.lag();
  }

  /** One is no longer read for apart. */
  private async join(name: string, { consumer }: Built): Promise<void> {
    this.own.delete(name);
    await consumer.stop();
    await this.options.onChanged();
  }

  /** What one of the live lane still lacks is fetched once more, for it alone: another process may have let it in, and nothing may come any more. */
  private async fetchAgain(): Promise<void> {
    // Asked before the checkpoints are: those only go on meanwhile.
    const reached = this.live?.reached() ?? [];
    const projections = this.known.map(({ projection }) => projection);
    for (const place of await placesBehind(this.options.pool, projections, reached)) this.live?.reload(place);
  }

  private async build(name: string, { projection, row }: Known): Promise<void> {
    const built = this.own.get(name);
    if (!built) {
      const consumer = await this.consume('own', () => [projection], `reading-${name}`);
      this.own.set(name, { consumer, projection, state: row.state });
      await this.options.onChanged();
    } else if (built.state !== row.state) {
      // It was compared, and goes on from where it stopped.
      for (const place of built.consumer.assigned()) built.consumer.reload(place);
      this.own.set(name, { ...built, state: row.state });
    }
  }

  /** One that was compared, and has caught up, serves. */
  private async takeOver(): Promise<void> {
    const { pool, broker, onChanged } = this.options;
    for (const { projection, row } of this.known) {
      if (row.state !== 'alike' || row.lane !== 'live') continue;
      if ((await serve(pool, projection, { topics: projection.topics, states: ['alike'] })) !== 'serves') continue;
      broker.log('info', 'a new generation of a read model serves', { of: schemaOf(projection) });
      this.served.add(schemaOf(projection));
      await onChanged();
    }
  }

  private async consume(name: LaneName, projections: () => readonly Projection[], group: string): Promise<Consumer> {
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
      topics: [
        ...new Set((name === 'live' ? this.options.projections : projections()).flatMap(({ topics }) => topics)),
      ].sort(),
      handle: (batch) => {
        // What is built anew is no news in anybody's trace.
        const spans = beginAll(name === 'live' ? batch.messages : [], (message) =>
          processing(message, { topic: broker.topic(batch.topic), group: broker.topic(group), by: 'read models' }),
        );
        return during(spans, lane.handle(batch));
      },
      between: (place) => lane.between(place),
      onStopped: (place, reason) => {
        broker.log('error', 'read models: a partition is read no further', { ...place, group, reason });
      },
    });
    return consumer;
  }
}

const nameOf = ({ projection: name, version }: Generation) => schemaOf({ name, version });
