import type { Broker } from '#messaging';
import type { Projections } from '#projections';
import { readModelNames } from '../read-models.ts';
import { type Hole, nameOf } from './hole.ts';
import { Rounds } from './rounds.ts';
import { type InSnapshot, Topics } from './topics.ts';

/** A hole, and since when it has been known. */
export interface Named extends Hole {
  readonly since: Date;
}
/** From the end of one look to the next. */
const betweenMs = 1000;

/**
 * Compares what was decided with what came of it: logs, topics, read models, and how far everybody stands. Nothing of it can stop anything;
 * it names what is not where it should be.
 */
export class Checker {
  private readonly rounds = new Rounds();
  private readonly topics: Topics;
  private named = new Map<string, Named>();
  private checkedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly inSnapshot: InSnapshot;

  constructor(
    models: Projections,
    private readonly broker: Broker,
  ) {
    this.inSnapshot = async (work) => {
      const found = await models.read(readModelNames, {}, ({ query }) => work(query));
      if (found.reached !== 'reached') throw new Error('Read models cannot be read.');
      return found.answer;
    };
    this.topics = new Topics(broker, this.inSnapshot);
  }

  start(): this {
    this.again();
    return this;
  }

  /** Everything that is known now, holes and what is parked. */
  get holes(): readonly Named[] {
    return [...this.named.values()];
  }

  /** Seconds since the last look at everything was done. */
  get age(): number {
    return (performance.now() - this.checkedAt) / 1000;
  }

  /** How long it takes to look at all that is old, in seconds. */
  get round(): number {
    return this.rounds.seconds;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.topics.stop();
  }

  private again(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look().then(() => {
        if (!this.stopped) this.again();
      });
    }, betweenMs);
  }

  private async look(): Promise<void> {
    try {
      const models = await this.inSnapshot((ask) => this.rounds.look(ask));
      this.name([...models, ...(await this.topics.look())]);
      this.checkedAt = performance.now();
    } catch (error) {
      // Postgres or Kafka is away; how old the last look is says so.
      this.broker.log('debug', 'holes: could not look', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  private name(found: readonly Hole[]): void {
    const now = new Map<string, Named>();
    for (const hole of found) {
      const known = this.named.get(nameOf(hole));
      if (known?.why !== hole.why) this.broker.log(hole.why === 'parked' ? 'info' : 'error', 'a hole', { ...hole });
      now.set(nameOf(hole), { ...hole, since: known?.since ?? new Date() });
    }
    for (const [name, hole] of this.named)
      if (!now.has(name)) this.broker.log('info', 'a hole is closed', { where: hole.where, position: hole.position });
    this.named = now;
  }
}
