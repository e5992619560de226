import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { encodePosition } from '#contracts';
import type { Command, DomainEvent } from '#decider';
import type { Gather } from '#gather';
import type { Keyring } from '#keyring';
import { begin, during } from '#tracing';
import { type Append, type Appended, appending, isDurable } from './append.ts';
import { ChainWatch } from './chain-watch.ts';
import { checkExpected, conflict, decideOn, type Loaded, mismatch } from './decide.ts';
import {
  type Aggregate,
  eventColumns,
  eventOf,
  type EventRow,
  type Expected,
  type Folding,
  type StoredEvent,
  type Trace,
} from './event.ts';
import { groupCommit } from './group-commit.ts';
import { ReactionStore } from './reaction-store.ts';
import { RelayStore } from './relay-store.ts';
import { type Guard, type Known, Streams } from './streams.ts';
import { TimerStore } from './timer-store.ts';
import { isTransient } from './transient.ts';
import { Turns, within } from './turns.ts';
import { type Head, heads, type Verdict, verify } from './verify.ts';
import { Watching } from './watching.ts';
import { WorkStore } from './work-store.ts';

/** One command for one stream. Without a `fingerprint` its id was derived, and a repeat is not compared. */
export interface Order<C extends Command, S = unknown> {
  readonly id: string;
  readonly command: Pick<C, 'type' | 'data' | 'actor'>;
  readonly commandId: string;
  readonly fingerprint?: string;
  readonly expected?: Expected;
  readonly trace: Trace;
  /**
   * Other streams under the same partition key that the decision rests on. Their states reach `decide` as `given`, by these names; if one of
   * them moves before the append, the command is decided anew.
   */
  readonly guards?: Readonly<Record<string, Guard>>;
  /** What else the decision goes by, looked up for the very state that it is made on, and held still by nobody: settings. It is `given` as well. */
  besides?(state: S): Promise<Readonly<Record<string, unknown>>>;
}
/** What every command answers; `position` is a token for queries. */
export interface Executed {
  readonly id: string;
  readonly version: number;
  readonly position: string;
  readonly state: string;
  /** The command had been accepted before; the answer is that of then. */
  readonly replayed: boolean;
}
export interface StoreOptions {
  readonly connectionString: string;
  /** The service, and so the schema. */
  readonly service: string;
  /** Where the keys are, for aggregates that are personal. */
  readonly keyring?: Keyring | undefined;
  /** Commands that may wait or run at a time, and how many of them for one stream; more are refused. */
  readonly queueLimit?: number;
  readonly streamLimit?: number;
  /** Milliseconds that one statement may take, waiting for locks included. */
  readonly statementTimeout?: number;
  /** Milliseconds that a caller waits at most, with all that is before it. */
  readonly answerWithin?: number;
}
/** Two processes at one stream take turns; losing as often as this is a fault, not bad luck. */
const attempts = 100;
/** Milliseconds that a command waits for what passes by itself, such as a restart of the database; it is tried again after a pause, longer each time. */
const patience = 6000;
const firstPause = 50;
/** Milliseconds that a network which swallows everything may keep a command. */
const longest = { answer: 15_000, connection: 5000 };

/** The append-only log of one service. Open one per process; every promise is kept between processes too. */
export class EventStore {
  private readonly appends: Gather<Append, Appended>;
  private readonly turns: Turns;
  private readonly streams: Streams;
  private readonly answerWithin: number;
  readonly relay: RelayStore;
  readonly reactions: ReactionStore;
  readonly timers: TimerStore;
  readonly work: WorkStore;
  readonly watching: Watching;
  private constructor(
    private readonly pool: pg.Pool,
    readonly service: string,
    private readonly log: { readonly id: string; readonly shards: number },
    private readonly options: StoreOptions,
  ) {
    const { queueLimit = 1000, streamLimit = 100, answerWithin = 20_000, keyring } = options;
    this.appends = groupCommit(pool, keyring);
    this.turns = new Turns({ limit: queueLimit, each: streamLimit, patience: answerWithin });
    this.answerWithin = answerWithin;
    this.streams = new Streams(pool, keyring);
    this.relay = new RelayStore(pool, service);
    this.reactions = new ReactionStore(pool);
    this.timers = new TimerStore(pool, service);
    this.work = new WorkStore(pool);
    this.watching = new Watching(pool, this.relay, { service, id: log.id });
  }

  get logId(): string {
    return this.log.id;
  }

  /** Throws where the store was opened without one. */
  get keyring(): Keyring {
    const { keyring, service } = this.options;
    if (!keyring) throw new Error(`${service} has no keyring.`);
    return keyring;
  }

  get shards(): number {
    return this.log.shards;
  }

  static async open(settings: StoreOptions): Promise<EventStore> {
    const { connectionString, service, statementTimeout = 10_000 } = settings;
    // A plan is made once for each statement: to make one for each look took longer than the look. One made while a table is small stays as it
    // grows; with nothing but nested loops over indexes it stays right.
    const ways = ['seqscan', 'hashjoin', 'mergejoin'].map((way) => `-c enable_${way}=off`).join(' ');
    const plans = `-c plan_cache_mode=force_generic_plan ${ways}`;
    const pool = new pg.Pool({
      ...{ connectionString, max: 8, keepAlive: true },
      options: `-c search_path=${service} -c statement_timeout=${statementTimeout} ${plans}`,
      query_timeout: longest.answer,
      connectionTimeoutMillis: longest.connection,
    });
    pool.on('error', () => undefined); // An idle connection that breaks is replaced by the pool.
    const { rows } = await pool.query<{ id: string; shards: number }>('select id, shards from log');
    const [log] = rows;
    if (!log) throw new Error(`The schema ${service} holds no log.`);
    return new EventStore(pool, service, log, settings);
  }

  /**
   * Looks the command up, reads the stream and the database's clock, decides, appends. A number as `expected` is final; otherwise a
   * conflict is decided anew, up to a hundred times. Refusals are Rejections: those of the decider, and `version-conflict`,
   * `idempotency-mismatch`, `event-too-large`, `unstorable-text`. Throws Overloaded when the queue, or the share of it that a stream has, is
   * full. What passes by itself is tried again for some seconds; then, and in any case after twenty seconds, it throws an error of that kind
   * (isTransient), and the command may or may not have been done: asking again tells.
   */
  async execute<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    order: Order<C, NoInfer<S>>,
  ): Promise<Executed> {
    // Commands of one stream take turns in this process: deciding on a state that is about to change would be for nothing.
    const done = this.turns.take(`${aggregate.category}-${order.id}`, () => this.run(aggregate, order));
    return within(this.answerWithin, done);
  }

  private async run<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    order: Order<C, NoInfer<S>>,
  ): Promise<Executed> {
    const until = performance.now() + patience;
    let wait = firstPause;
    for (let attempt = 0; ; attempt++) {
      try {
        const last = attempt === attempts;
        const executed = await (attempt > 0 ? this.attempt(aggregate, order, last) : this.fromMemory(aggregate, order));
        if (executed) return executed;
        if (attempt > 0) await pause(Math.random() * 5); // or two processes in step would let the same one win each time
      } catch (error) {
        if (attempt === 0 && !isTransient(error)) continue; // a refusal on what is only remembered
        // The id makes it harmless to ask again what may have been done already.
        if (!isTransient(error) || performance.now() + wait > until) throw error;
        await pause(wait * (0.5 + Math.random()));
        wait *= 2;
      }
    }
  }

  /**
   * In one round trip, on what this process remembers of the stream: the append holds only if that is how it stands, and answers for a command that is
   * known. When it comes to nothing, or is refused, that says nothing before the log was asked. A derived id may well have come before.
   */
  private async fromMemory<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    order: Order<C, NoInfer<S>>,
  ): Promise<Executed | undefined> {
    if (order.fingerprint === undefined || order.guards) return undefined;
    const remembered = this.streams.remembered<S>(aggregate, order.id);
    const loaded = remembered && { ...remembered, given: {}, guards: [] };
    return loaded && this.decide(aggregate, order, loaded, false);
  }

  /** undefined: somebody else was first, and it may be decided anew. */
  private async attempt<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    order: Order<C, NoInfer<S>>,
    last: boolean,
  ): Promise<Executed | undefined> {
    const [loaded, guards] = await Promise.all([
      this.streams.look(aggregate, order.id, order.commandId),
      this.streams.lookAtGuards(order.guards ?? {}),
    ]);
    if (loaded.known) return this.replay(order, loaded.known);
    return this.decide(aggregate, order, { ...loaded, ...guards }, last);
  }

  /** On a state that may be old: undefined, or a conflict, if it was. */
  private async decide<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    order: Order<C, NoInfer<S>>,
    loaded: Loaded<S>,
    last: boolean,
  ): Promise<Executed | undefined> {
    const { expected = 'any' } = order;
    checkExpected(expected, loaded.version);
    const given = { ...loaded.given, ...(await order.besides?.(loaded.state)) };
    const span = begin(appending(this.service, order.trace));
    const trace = { ...order.trace, traceparent: span.traceparent };
    const { append, after } = decideOn(aggregate, { ...order, trace }, { ...loaded, given, shards: this.shards });
    const appended = await during(span, this.appends.ask(append));
    if (appended.outcome === 'conflict') {
      if (last) throw conflict(expected, appended.version);
      return undefined;
    }
    if (appended.outcome === 'mismatch') throw mismatch();
    if (appended.outcome === 'replay') return this.answer(order.id, appended, true);
    const { version, shard, recordedAt } = appended;
    if (append.events.length > 0) this.streams.keep(append.stream, { ...after, version, shard, recordedAt });
    return this.answer(order.id, appended, false);
  }

  /** The state of an aggregate now, folded from the log. Version 0 is the initial state: there is nothing by that id. */
  async load<S extends { status: string }, C extends Command, E extends DomainEvent>(
    aggregate: Aggregate<S, C, E>,
    id: string,
  ) {
    const { state, version, now } = await within(this.answerWithin, this.streams.look(aggregate, id, null));
    return { state, version, now };
  }

  /** What a command answered that was accepted before; undefined when it is not known. */
  async answered(aggregate: Folding, { id, commandId }: Pick<Order<Command>, 'id' | 'commandId'>) {
    const { known } = await within(this.answerWithin, this.streams.look(aggregate, id, commandId));
    return known && this.answer(id, known, true);
  }

  /** Rows of a shard after a position, in its order, without holes. */
  async readShard(shard: number, after: bigint, rows: number): Promise<StoredEvent[]> {
    const found = await this.pool.query<EventRow>(
      `select ${eventColumns} from event where shard = $1 and position > $2 order by position limit $3`,
      [shard, String(after), rows],
    );
    return found.rows.map(eventOf);
  }

  /** Ids of the streams of a category that are about one thing (have its partition key). */
  async idsOf(category: string, key: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ stream: string }>(
      `select stream from event where key = $1 and version = 1 and starts_with(stream, $2) order by position`,
      [key, `${category}-`],
    );
    return rows.map(({ stream }) => stream.slice(category.length + 1));
  }

  /** Streams by their names, those after this one; '' is before them all. */
  streamsAfter(stream: string, most: number): Promise<string[]> {
    return this.streams.after(stream, most);
  }

  /** Whether the database says that something is written only when it is on disk. Rejects when it does not answer. */
  isDurable(): Promise<boolean> {
    return isDurable(this.pool);
  }

  /** Begins to check the chain as it grows; the caller says when to look. */
  watchChain(): ChainWatch {
    return new ChainWatch(this.pool);
  }

  heads(): Promise<Head[]> {
    return heads(this.pool);
  }

  /** Recomputes the chain of every shard, and holds it against anchors kept elsewhere; names the first position that does not fit. */
  verify(anchors: readonly Head[] = []): Promise<Verdict> {
    return verify(this.pool, anchors);
  }

  get queueDepth(): number {
    return this.turns.depth;
  }

  async close(): Promise<void> {
    await Promise.all([this.turns.idle(), this.watching.close()]);
    await this.pool.end();
  }

  private replay<C extends Command>(order: Order<C>, known: Known): Executed {
    if (order.fingerprint !== undefined && known.fingerprint !== order.fingerprint) throw mismatch();
    return this.answer(order.id, known, true);
  }

  private answer(
    id: string,
    { version, shard, internalPosition, status }: Omit<Known, 'fingerprint'>,
    replayed: boolean,
  ): Executed {
    const { service, logId } = this;
    const position = encodePosition({ service, logId, shard, position: internalPosition });
    return { id, version, position, state: status, replayed };
  }
}
