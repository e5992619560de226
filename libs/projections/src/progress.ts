import type pg from 'pg';
import type { Position } from '#contracts';
import type { Checkpoint, Place } from '#messaging';
import { checkpointOf, type StandingRow } from './checkpoints.ts';
import type { Projection } from './projection.ts';

/** `other-log`: it will never be reached, since the position is of a log that is not, or no longer, read. */
export type Reached = 'reached' | 'late' | 'other-log';

interface Goal extends Place {
  readonly projection: string;
  readonly logId: string;
  readonly position: bigint;
}
const keyOf = ({ projection, topic, partition }: Place & { projection: string }) =>
  [projection, topic, partition].join('/');

/** How often the database is asked, while somebody waits for what another process applies. Milliseconds. */
const pollEvery = 20;

function goalsOf(projections: readonly Projection[], positions: readonly Position[]): Goal[] {
  const wanted = positions.filter(({ position }) => position > 0n);
  return projections.flatMap(({ name, topics }) =>
    wanted
      .filter(({ service }) => topics.includes(service))
      .map(({ service, shard, ...of }) => ({ ...of, projection: name, topic: service, partition: shard })),
  );
}

function judge(goals: readonly Goal[], standing: (goal: Goal) => Checkpoint | undefined): Reached {
  const ways = goals.map((goal): Reached => {
    const checkpoint = standing(goal);
    if (!checkpoint) return 'late';
    if (checkpoint.logId !== goal.logId) return 'other-log';
    return checkpoint.lastPosition >= goal.position ? 'reached' : 'late';
  });
  return ways.find((way) => way === 'other-log') ?? ways.find((way) => way === 'late') ?? 'reached';
}

/** Whether lines of checkpoints cover positions, for the projections that read their topics. */
export function judgeRows(
  projections: readonly Projection[],
  positions: readonly Position[],
  rows: readonly StandingRow[],
): Reached {
  const lines = new Map(rows.map((row) => [keyOf(row), checkpointOf(row)]));
  return judge(goalsOf(projections, positions), (goal) => lines.get(keyOf(goal)));
}

/** Somebody who waits until positions are reached. */
interface Waiter {
  /** Some of it is read by another process. */
  readonly elsewhere: boolean;
  readonly look: () => Reached;
  readonly done: (reached: Reached) => void;
  readonly failed: (error: unknown) => void;
}

/** How far the serving read models have come, as this process knows: what it applied itself at once, the rest when somebody waits for it. */
export class Progress {
  private readonly known = new Map<string, Checkpoint>();
  private readonly waiting = new Set<Waiter>();
  private waking: NodeJS.Immediate | undefined;
  private polling: NodeJS.Timeout | undefined;
  private asking: Promise<void> | undefined;
  /** Applied here since the database was last asked. */
  private readonly since = new Set<string>();

  constructor(
    private readonly pool: pg.Pool,
    /** Whether this process reads the partition itself. */
    private readonly holds: (place: Place) => boolean,
  ) {}

  applied(projection: string, place: Place, to: Checkpoint): void {
    const key = keyOf({ ...place, projection });
    this.known.set(key, to);
    this.since.add(key);
    // Those who wait for nothing else hear of it: no need to ask.
    if (![...this.waiting].some(({ elsewhere }) => elsewhere)) this.polling?.refresh();
    this.wake();
  }

  async waitFor(
    projections: readonly Projection[],
    positions: readonly Position[],
    timeoutMs: number,
  ): Promise<Reached> {
    const goals = goalsOf(projections, positions);
    const look = () => judge(goals, (goal) => this.known.get(keyOf(goal)));
    const elsewhere = !goals.every((goal) => this.holds(goal));
    let reached = look();
    if (reached === 'other-log' || (reached === 'late' && elsewhere)) {
      await this.refresh();
      reached = look();
    }
    return reached === 'late' && timeoutMs > 0 ? this.comesIn(timeoutMs, { elsewhere, look }) : reached;
  }

  /** Asks the database how far all have come; those who ask at once share an answer. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async comesIn(timeoutMs: number, what: Pick<Waiter, 'elsewhere' | 'look'>): Promise<Reached> {
    const { promise, resolve: done, reject: failed } = Promise.withResolvers<Reached>();
    const waiter = { ...what, done, failed };
    const givenUp = setTimeout(done, timeoutMs, 'late');
    this.waiting.add(waiter);
    this.polling ??= setInterval(() => void this.poll(), pollEvery);
    try {
      return await promise;
    } finally {
      clearTimeout(givenUp);
      this.waiting.delete(waiter);
      if (this.waiting.size === 0) {
        clearInterval(this.polling);
        this.polling = undefined;
      }
    }
  }

  /** Another process may have applied something, or taken over a partition. */
  private async poll(): Promise<void> {
    await this.refresh().catch((error: unknown) => {
      for (const { failed } of this.waiting) failed(error);
    });
  }

  /** Once for all that is applied together. */
  private wake(): void {
    this.waking ??= setImmediate(() => {
      this.waking = undefined;
      for (const { look, done } of this.waiting) {
        const reached = look();
        if (reached !== 'late') done(reached);
      }
    });
  }

  private async ask(): Promise<void> {
    this.since.clear();
    const { rows } = await this.pool.query<StandingRow>(
      'select c.* from projection_checkpoint c join projection_version v using (projection, version) where v.serving',
    );
    // What was applied while the answer was on its way is newer than the answer.
    for (const key of this.known.keys()) if (!this.since.has(key)) this.known.delete(key);
    for (const row of rows) {
      const checkpoint = checkpointOf(row);
      if (checkpoint && !this.since.has(keyOf(row))) this.known.set(keyOf(row), checkpoint);
    }
    this.wake();
  }
}
