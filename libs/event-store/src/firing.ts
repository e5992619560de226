import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, type DomainEvent, Rejection } from '#decider';
import type { Aggregate } from './event.ts';
import { commandId } from './ids.ts';
import type { EventStore, Executed, Order } from './store.ts';
import type { DueTimer } from './timer-store.ts';
import { isTransient } from './transient.ts';

/** The role that timers act in. No route takes their commands, so a token that claims it gains nothing. */
export const timerRole = 'timer';
const actor = { id: 'timer', name: 'Stet', roles: [timerRole], desks: [] };

/** An aggregate that has timers. */
export interface Timed {
  readonly category: string;
  fire(store: EventStore, order: Order<Command>): Promise<Executed>;
}
export const timed = <S extends { status: string }, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
): Timed => ({
  category: aggregate.category,
  fire: (store, order) => store.execute(aggregate, order as Order<C>),
});

interface TimersOptions {
  readonly store: EventStore;
  readonly aggregates: readonly Timed[];
  /** Told of what could not be fired. */
  readonly log: (text: string, details: object) => void;
  readonly leaseMs?: number;
}
export interface Timers {
  /** Seconds from when the timer fired last was due until it was fired. */
  drift(): number;
  /** Finishes the one that it is firing, and gives the lease back. */
  stop(): Promise<void>;
}

/** Timers read at once. */
const batch = 100;
/** How long a timer rests that was refused, or is still there after it was fired: both are faults of its aggregate. */
const restMs = 10_000;
const backOffMs = 500;

/**
 * Fires the timers of a log in due order, those of the same time side by side, never before their time by the database's clock. One process of
 * a service does so at a time; the ids of the commands are derived, so that what two of them fire at a change is done once. A timer that moved
 * meanwhile is refused by its aggregate, which leaves nothing behind.
 */
export function startTimers(options: TimersOptions): Timers {
  return new Firing(options);
}

class Firing implements Timers {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  private readonly stopping = new AbortController();
  private woken = Promise.withResolvers<undefined>();
  private lastDrift = 0;
  private readonly working: Promise<void>;

  constructor(private readonly options: TimersOptions) {
    this.leaseMs = options.leaseMs ?? 10_000;
    this.working = this.work();
  }

  drift(): number {
    return this.lastDrift;
  }

  stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    return this.working;
  }

  private readonly wake = () => {
    this.woken.resolve(undefined);
  };
  private ended(): boolean {
    return this.stopping.signal.aborted;
  }

  private async work(): Promise<void> {
    const { timers } = this.options.store;
    while (!this.ended()) {
      try {
        await this.listening();
      } catch (error) {
        if (!isTransient(error)) this.options.log('timers: begins again', { reason: String(error) });
        await pause(backOffMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
    // Without it, the next one waits until the lease has run out.
    await timers.releaseLease(this.holder).catch(() => undefined);
  }

  private async listening(): Promise<void> {
    const { timers } = this.options.store;
    const broken = new AbortController();
    const quiet = await timers.listen(this.wake, (error) => {
      broken.abort(error);
      this.wake();
    });
    try {
      while (!this.ended()) {
        broken.signal.throwIfAborted();
        await this.round();
      }
    } finally {
      await quiet().catch(() => undefined);
    }
  }

  /** Fires what is due, if it may; then sleeps until the next is, or somebody sets one, or the lease has to be looked at. */
  private async round(): Promise<void> {
    const { timers } = this.options.store;
    // Before it looks: what is set from here on wakes it.
    this.woken = Promise.withResolvers();
    const began = performance.now();
    const epoch = await timers.acquireLease(this.holder, this.leaseMs);
    const due = epoch === undefined ? [] : await timers.due(epoch, batch);
    for (const together of Map.groupBy(due, ({ dueAt }) => dueAt).values()) {
      if (this.ended() || performance.now() - began > this.leaseMs / 2) return;
      const fired = await Promise.allSettled(together.map((timer) => this.fire(timer, performance.now() - began)));
      for (const outcome of fired) if (outcome.status === 'rejected') throw outcome.reason;
    }
    if (due.length > 0) return;
    const ms = epoch === undefined ? undefined : await timers.untilNext();
    await this.sleep(Math.max(0, Math.min(ms ?? Infinity, this.leaseMs / 4)));
  }

  private async sleep(ms: number): Promise<void> {
    if (this.ended()) return;
    const timer = setTimeout(this.wake, ms);
    await this.woken.promise;
    clearTimeout(timer);
  }

  private async fire(timer: DueTimer, sinceMs: number): Promise<void> {
    const { store, aggregates, log } = this.options;
    const { stream, name, epoch, command } = timer;
    let failure = 'it is still there after it was fired';
    try {
      const aggregate = aggregates.find(({ category }) => stream.startsWith(`${category}-`));
      if (!aggregate) throw new Error('no aggregate fires it');
      const id = commandId('timer', stream, name, epoch);
      const { replayed } = await aggregate.fire(store, {
        ...{ id: stream.slice(aggregate.category.length + 1), commandId: id, command: { ...command, actor } },
        trace: { correlationId: id },
      });
      this.lastDrift = timer.late + sinceMs / 1000;
      if (!replayed) return;
    } catch (error) {
      if (isTransient(error)) throw error;
      failure = error instanceof Rejection ? error.code : String(error);
    }
    // One that was cancelled or moved since it was read is nobody's fault.
    if (await store.timers.rest(timer, restMs)) log('timers: one could not be fired', { stream, name, epoch, failure });
  }
}
