import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Position } from '#contracts';
import type { Broker, StoppedPartition } from '#messaging';
import { Parking } from '#parking';
import { type Digest, digestOf } from './digest.ts';
import { OneRow, type Query, type RowFound } from './one-row.ts';
import type { Projection } from './projection.ts';
import { judgeRows, Progress, type Reached } from './progress.ts';
import { type Lag, Running } from './running.ts';
import { SeenMarks } from './seen.ts';
import { inSnapshot, type Snapshot } from './snapshot.ts';
import {
  buildBeside,
  drop,
  type GenerationProgress,
  generations,
  prepareAll,
  progressOf,
  serve,
  type Served,
  startOver,
} from './generations.ts';

export interface ProjectionsOptions {
  readonly broker: Broker;
  /** Of the role that owns the schema `reading`, and may make schemas. */
  readonly connectionString: string;
  readonly projections: readonly Projection[];
}
export interface ReadOptions {
  /** The answer is not older than these; of topics that a read model does not read, nothing is waited for. */
  readonly after?: readonly Position[];
  readonly timeoutMs?: number;
}
/** A query's answer; or why there is none: it is not as new as was asked for, or that is a position of another log. */
export type Answer<T> =
  { readonly reached: 'reached'; readonly answer: T } | { readonly reached: 'late' | 'other-log' };

const schema = 'reading';
/** Longer than this no query waits for a position, unless told. */
const patience = 2000;
const slowestQueryMs = 10_000;
/** Milliseconds that a query waits for a connection, and for a database that answers nothing at all. */
const longest = { connectionTimeoutMillis: 5000, query_timeout: 15_000 };
const mostTries = 20;
const betweenTriesMs = 100;

function poolOf(connectionString: string, { options, ...settings }: pg.PoolConfig & { pipeline?: boolean }): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    ...settings,
    options: `-c search_path=${schema} ${options ?? ''}`,
  });
  // A connection that breaks fails the query on it, if there is one, and is replaced by the pool.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The read models of this process: kept up to date from Kafka, asked in snapshots that say how new they are. */
export class Projections {
  /** What is set aside. */
  readonly parking: Parking;
  readonly seen: SeenMarks;
  private readonly rows: OneRow;

  private constructor(
    private readonly projections: readonly Projection[],
    private readonly pools: { readonly write: pg.Pool; readonly read: pg.Pool },
    private readonly running: Running,
    private readonly progress: Progress,
  ) {
    this.parking = new Parking(pools.write);
    this.seen = new SeenMarks(pools.write);
    this.rows = new OneRow(pools.read);
  }

  static async start({ broker, connectionString, projections }: ProjectionsOptions): Promise<Projections> {
    const write = poolOf(connectionString, { max: 4, options: '', pipeline: true });
    const read = poolOf(connectionString, { max: 10, options: `-c statement_timeout=${slowestQueryMs}`, ...longest });
    const progress: Progress = new Progress(read, (place) => running.holds(place));
    const running: Running = new Running({
      ...{ broker, pool: write, projections },
      onServed: ({ name }, place, to) => {
        progress.applied(name, place, to);
      },
      onChanged: () => progress.refresh(),
    });
    const started = new Projections(projections, { write, read }, running, progress);
    try {
      await prepareAll(write, projections);
      await running.start();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /**
   * Runs a query on these read models in one snapshot that is not older than `after`, waiting for that if it must. `work` gets the
   * snapshot's exact position.
   */
  async read<T>(
    names: readonly string[],
    { after = [], timeoutMs = patience }: ReadOptions,
    work: (snapshot: Snapshot) => Promise<T>,
  ): Promise<Answer<T>> {
    const projections = this.named(names);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const reached = await this.progress.waitFor(projections, after, deadline - performance.now());
      if (reached !== 'reached') return { reached };
      const fits = (rows: Parameters<typeof judgeRows>[2]) => judgeRows(projections, after, rows) === 'reached';
      const found = await inSnapshot(this.pools.read, projections, fits, work);
      if (found) return { reached, answer: found.answer };
      // What this process knew is out of date: a read model begins anew.
      await this.progress.refresh();
    }
  }

  /** The same for a query of at most one row, in one round trip as long as nothing is set aside. */
  async readRow<R extends object>(
    names: readonly string[],
    options: ReadOptions,
    query: Query,
  ): Promise<Answer<RowFound<R>>> {
    const projections = this.named(names);
    const { after = [], timeoutMs = patience } = options;
    const reached = await this.progress.waitFor(projections, after, timeoutMs);
    if (reached !== 'reached') return { reached };
    const fits = (rows: Parameters<typeof judgeRows>[2]) => judgeRows(projections, after, rows) === 'reached';
    const found = await this.rows.find<R>(projections, fits, query);
    if (found) return { reached, answer: found };
    return this.read(names, options, async ({ query: ask, parked, position }) => {
      const [row] = await ask<R>(query.text, query.values);
      return { row, parked, position };
    });
  }

  /**
   * Waits until these read models have come as far as these positions, in the topics that they read; at most so long. A rebuild that
   * another process began within the last second may not be known here yet; `read` knows.
   */
  waitFor(names: readonly string[], positions: readonly Position[], timeoutMs = patience): Promise<Reached> {
    return this.progress.waitFor(this.named(names), positions, timeoutMs);
  }

  /** Token of how new these read models are. */
  async position(names: readonly string[]): Promise<string> {
    const projections = this.named(names);
    const found = await inSnapshot(
      this.pools.read,
      projections,
      () => true,
      ({ position }) => Promise.resolve(position),
    );
    return found?.answer ?? '';
  }

  /** How many keys are set aside, each counted once for every read model and topic. */
  async parkedKeys(): Promise<number> {
    const { rows } = await this.pools.read.query<{ keys: number }>(
      'select count(distinct (projection, version, topic, key))::int as keys from projection_parked',
    );
    return rows[0]?.keys ?? 0;
  }

  /** Of what serves. */
  async digest(name: string): Promise<Digest> {
    return digestOf(this.pools.read, await this.serving(name));
  }

  /**
   * Builds a read model again from the start of its topics, in tables beside those that serve. It takes over by itself if it comes to the same.
   * Answers the number of its generation.
   */
  async rebuild(name: string): Promise<number> {
    const version = await buildBeside(this.pools.write, this.one(name));
    // It is written down; whoever reads for it is there in some seconds, here or elsewhere.
    void this.running.look().catch(() => undefined);
    return version;
  }

  /**
   * Drops what a read model holds and reads its topics from the start; answers its number. Meanwhile it answers only what it
   * has: for a read model of another log, which nothing can be compared with.
   */
  async startOver(name: string): Promise<number> {
    const serving = await this.serving(name);
    await startOver(this.pools.write, serving);
    await Promise.all([this.progress.refresh(), this.running.look()]);
    return serving.version;
  }

  /** All generations of all read models. */
  generations(): Promise<GenerationProgress[]> {
    return progressOf(this.pools.read);
  }

  /** Lets another generation serve: the one before, if the newest turns out to be wrong. Never one that is older. */
  async serve(name: string, version: number): Promise<Served> {
    const row = (await generations(this.pools.read)).find((one) => one.projection === name && one.version === version);
    const projection = this.one(name);
    const topics = row?.definition === projection.version ? projection.topics : undefined;
    const terms = { topics, states: ['alike', 'kept'] } as const;
    let served = await serve(this.pools.write, { name, version }, terms);
    // Of two that follow, one may be a batch behind for a moment.
    for (let tries = 1; served === 'behind' && tries < mostTries; tries += 1) {
      await pause(betweenTriesMs);
      served = await serve(this.pools.write, { name, version }, terms);
    }
    await Promise.all([this.progress.refresh(), this.running.look()]);
    return served;
  }

  /** Drops a generation that does not serve. */
  async drop(name: string, version: number): Promise<'dropped' | 'serves' | 'unknown'> {
    const dropped = await drop(this.pools.write, { name, version });
    await this.running.look();
    return dropped;
  }

  lag(): Lag {
    return this.running.lag();
  }

  /** Partitions that are read no further, and why. */
  stopped(): readonly StoppedPartition[] {
    return this.running.stopped();
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await Promise.all([this.pools.write.end(), this.pools.read.end()]);
  }

  private async serving(name: string): Promise<Projection> {
    const rows = await generations(this.pools.read);
    const row = rows.find(({ projection, serving }) => serving && projection === name);
    return { ...this.one(name), ...(row && { version: row.version }) };
  }

  private one(name: string): Projection {
    const found = this.projections.find((projection) => projection.name === name);
    if (!found) throw new Error(`There is no projection ${name}.`);
    return found;
  }

  private named(names: readonly string[]): Projection[] {
    return names.map((name) => this.one(name));
  }
}

/** Makes the tables that are missing, then keeps the read models up to date until it is stopped. */
export const startProjections = (options: ProjectionsOptions): Promise<Projections> => Projections.start(options);
