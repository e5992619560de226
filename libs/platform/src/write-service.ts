import type { Provider } from '@nestjs/common';
import { EventStore, startTimers, type Timed } from '#event-store';
import { Keyring } from '#keyring';
import { type Broker, type Reaction, startAnchors, startReactions, startRelay } from '#messaging';
import { Parking } from '#parking';
import { readSettings } from '#settings';
import { openKafka } from './kafka.ts';
import { NotReady, type Operations } from './operations.ts';
import { runService } from './run.ts';
import type { DesksOf, Ground, ServiceName, ServiceOptions } from './service.ts';

/** What a service that decides is made of, beside its controllers. */
export interface WriteParts {
  readonly name: Exclude<ServiceName, 'reading'>;
  /** Where its public messages go, if it has any. */
  readonly publicTopic?: string;
  readonly reactions?: readonly Reaction[];
  /** Those of its aggregates that have timers. */
  readonly timed?: readonly Timed[];
  /** Some of its aggregates are: the store has the keyring. */
  readonly personal?: true;
  /** Who is of which desk, where that is asked of its log and not of tokens. */
  readonly desksFrom?: (store: EventStore) => DesksOf;
  /** What its controllers are built with besides the EventStore. */
  readonly provide?: (ground: Ground, store: EventStore) => Provider[];
  /** What else runs in its process. */
  readonly beside?: (running: { broker: Broker; store: EventStore; operations: Operations }) => Promise<void>;
}

/** Runs a service that decides: its log, the relay that sends it, the reactions to others; all closed in this order, last first. */
export const runWriteService = (options: WriteParts & Omit<ServiceOptions, 'open'>): Promise<void> =>
  runService({ ...options, open: (ground) => openWriteParts(options, ground) });

/** Opens them all; what createService takes as `open`. */
export async function openWriteParts(parts: WriteParts, ground: Ground): Promise<Provider[]> {
  const { name, publicTopic, reactions = [] } = parts;
  const { env, operations } = ground;
  const read = readSettings(env, ['DATABASE_URL', 'STET_HOME'], ['ANCHOR_FILE']);
  const { DATABASE_URL: connectionString, ANCHOR_FILE: file = `${read.STET_HOME}/anchors/${name}.jsonl` } = read;
  const keyring = parts.personal ? await openKeyring(ground, connectionString) : undefined;
  const store = await EventStore.open({ connectionString, service: name, keyring });
  operations.onStop('log', () => store.close());
  askDesksOf(parts.desksFrom, ground, store);
  operations.ready('postgres', async () => {
    if (await store.isDurable()) return;
    throw new NotReady(`synchronous_commit is off: what is answered as done may be lost. Run the migrations again.`);
  });
  operations.gauge('stet_command_queue', 'Commands that wait for the log or are in it.', () => store.queueDepth);
  watchChain(ground, store);
  const broker = await openKafka(ground, name, store.shards);
  const relay = startRelay({ broker, store, ...(publicTopic !== undefined && { publicTopic }) });
  operations.onStop('relay', () => relay.stop());
  operations.ready('relay', () => relay.lag());
  operations.gauge(
    'stet_relay_lag_seconds',
    'For how long the oldest event has waited that was not yet sent.',
    async () => {
      return (await relay.lag()).seconds;
    },
  );
  operations.gauge('stet_relay_lag_events', 'Events of the log that were not yet sent.', async () => {
    return (await relay.lag()).events;
  });
  operations.gauge('stet_relay_stuck_shards', 'Shards whose next event Kafka refuses.', () => relay.stuck().length);
  const anchors = await startAnchors({ broker, store, file });
  operations.onStop('anchors', () => anchors.stop());
  if (reactions.length > 0) await react(operations, { broker, store, reactions });
  fireTimers(ground, store, parts.timed);
  await parts.beside?.({ broker, store, operations });
  return [
    { provide: EventStore, useValue: store },
    { provide: Parking, useValue: store.reactions.parking },
    ...(parts.provide?.(ground, store) ?? []),
  ];
}

function askDesksOf(from: WriteParts['desksFrom'], { env, askDesks }: Ground, store: EventStore): void {
  if (from && readSettings(env, ['DESK_MEMBERSHIP']).DESK_MEMBERSHIP === 'record') askDesks(from(store));
}

async function openKeyring({ env, operations }: Ground, connectionString: string): Promise<Keyring> {
  const { KEYRING_MASTER_KEY: masterKey } = readSettings(env, ['KEYRING_MASTER_KEY']);
  const keyring = await Keyring.open({ connectionString, masterKey });
  operations.onStop('keyring', () => keyring.close());
  return keyring;
}

function watchChain({ operations, log }: Ground, store: EventStore): void {
  const watch = store.watchChain();
  const help = 'Shards of the log whose chain was seen not to hold; each reading checks what came since the last.';
  operations.gauge('stet_log_broken_shards', help, async () => {
    for (const { shard, position } of await watch.look())
      log.error({ shard, position: String(position) }, 'the chain of the log does not hold');
    return watch.brokenAt.size;
  });
}

function fireTimers({ operations, log }: Ground, store: EventStore, aggregates: readonly Timed[] | undefined): void {
  if (!aggregates) return;
  const timers = startTimers({
    ...{ store, aggregates },
    log: (text, details) => {
      log.error(details, text);
    },
  });
  operations.onStop('timers', () => timers.stop());
  const standing = (name: string, help: string, of: 'waiting' | 'overdue' | 'seconds') => {
    operations.gauge(name, help, async () => (await store.timers.standing())[of]);
  };
  standing('stet_timers_waiting', 'Timers whose time has not come.', 'waiting');
  standing('stet_timers_overdue', 'Timers that are due and were not fired yet.', 'overdue');
  standing('stet_timer_overdue_seconds', 'For how long the first of those has been due.', 'seconds');
  operations.gauge('stet_timer_drift_seconds', 'How late the timer was that this process fired last.', () =>
    timers.drift(),
  );
}

async function react(operations: Operations, parts: Parameters<typeof startReactions>[0]): Promise<void> {
  const help = 'Commands of reactions that were refused in a way that is part of the business.';
  const refusals = operations.counter('stet_reaction_refusals_total', help, ['reaction', 'code']);
  const running = await startReactions({
    ...parts,
    onRefused: (refusal) => {
      refusals.inc(refusal);
    },
  });
  operations.onStop('reactions', () => running.stop());
  operations.ready('reactions', () => {
    const [stopped] = running.stopped();
    if (stopped) return Promise.reject(new NotReady(`${stopped.topic}/${stopped.partition} ${stopped.reason}`));
    return Promise.resolve({ lag: running.lag() });
  });
  operations.gauge('stet_reaction_lag_messages', 'Messages that were not yet reacted to.', () => running.lag());
  operations.gauge('stet_reaction_parked', 'Messages that wait for an operator.', () =>
    parts.store.reactions.parkedCount(),
  );
  operations.gauge('stet_reaction_stopped_partitions', 'Partitions that stand still.', () => running.stopped().length);
}
