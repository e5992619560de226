import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer as KafkaConsumer } from 'kafkajs';
import type { Place } from './codec.ts';
import { type Broker, passes, reasonOf } from './connection.ts';
import { Partition, type Reading } from './partition.ts';
import { leaving } from './within.ts';

export interface ConsumerOptions extends Reading {
  readonly broker: Broker;
  /** Without the prefix. It only divides the partitions among processes; what was read stands in the checkpoints. */
  readonly group: string;
  /** Without the prefix. */
  readonly topics: readonly string[];
}
export interface StoppedPartition extends Place {
  /** What is wrong, and what to do. */
  readonly reason: string;
}
export interface Consumer {
  /** The partitions that this process reads now. */
  assigned(): readonly Place[];
  /** Up to which position it has handed over what it read, in those of them whose checkpoint it knows. */
  reached(): readonly (Place & { readonly position: bigint })[];
  stopped(): readonly StoppedPartition[];
  /** Messages of the partitions held that were not yet read, as of the last fetch; undefined while it is in no group, and cannot know. */
  lag(): number | undefined;
  /** The stored checkpoint of this partition was changed on purpose: goes on from it, even if it was stopped. */
  reload(place: Place): void;
  /** Lets what is being handled finish, leaves the group, disconnects. */
  stop(): Promise<void>;
}

const membership = {
  // A process that was killed keeps its partitions for so long.
  sessionTimeout: 10_000,
  heartbeatInterval: 1_000,
  rebalanceTimeout: 30_000,
  // New messages are answered at once; a seek or a resume waits for the end of a fetch under way.
  minBytes: 1,
  maxWaitTimeInMs: 250,
  // Above what topics allow for one message, so that a large one is never starved by the partitions before it.
  maxBytesPerPartition: 9 * 1024 * 1024,
  maxBytes: 16 * 1024 * 1024,
  allowAutoTopicCreation: false,
  // kafkajs begins again by itself only after some errors; after all others it stays silent for ever. So we begin again, after any.
  retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
};
const partitionsAtOnce = 4;
const beginAgainMs = 500;
const betweenMs = 1000;
/** A member that neither fetches, handles nor joins for so long has died without saying so. */
const silenceMs = 90_000;

const keyOf = ({ topic, partition }: Place) => `${topic}/${partition}`;

/**
 * Reads topics as one member of a group, and hands over what they say in the log's order: each message once, or it stops that partition and
 * says why. Survives restarts of brokers and rebalances. Answers when it has first joined, or could not and tries again.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  const reader = new Reader(options);
  await reader.start();
  return reader;
}

class Reader implements Consumer {
  private readonly partitions = new Map<string, Partition>();
  private held: readonly Partition[] = [];
  private member = false;
  private kafka: KafkaConsumer | undefined;
  private readonly stopping = new AbortController();
  private readonly started = Promise.withResolvers<undefined>();
  private living: Promise<void> = Promise.resolve();
  private joining: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ConsumerOptions) {}

  async start(): Promise<void> {
    this.living = this.live();
    this.timer = setInterval(() => {
      for (const partition of this.held) void partition.pauseBetween();
    }, betweenMs);
    await this.started.promise;
  }

  assigned(): readonly Place[] {
    return this.held.map(({ place }) => place);
  }

  reached(): readonly (Place & { readonly position: bigint })[] {
    return this.held.flatMap(({ place, reached }) => (reached === undefined ? [] : [{ ...place, position: reached }]));
  }

  stopped(): readonly StoppedPartition[] {
    return this.held.flatMap(({ place, stopped }) => (stopped === undefined ? [] : [{ ...place, reason: stopped }]));
  }

  lag(): number | undefined {
    return this.member ? this.held.reduce((sum, { behind }) => sum + behind, 0) : undefined;
  }

  reload(place: Place): void {
    this.held.find((partition) => keyOf(partition.place) === keyOf(place))?.reload();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.living;
    await Promise.all([...this.partitions.values()].map((partition) => partition.idle()));
  }

  /** One membership after another, until it is stopped. */
  private async live(): Promise<void> {
    const { broker, group } = this.options;
    const { signal } = this.stopping;
    const told = () => signal.aborted;
    while (!told()) {
      const kafka = broker.kafka.consumer({ ...membership, groupId: broker.topic(group) });
      this.kafka = kafka;
      const reason = await this.takePart(kafka).catch(reasonOf);
      this.started.resolve(undefined);
      this.member = false;
      this.hold([]);
      const leave = () => kafka.disconnect().catch(() => undefined);
      const left = this.joining.then(leave, leave);
      await (told() ? leaving(left) : left);
      if (told()) return;
      broker.log(passes(reason) ? 'debug' : 'warn', 'consumer: out of its group, joins again', { group, reason });
      await pause(beginAgainMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Joins, and answers why it came to an end. */
  private async takePart(kafka: KafkaConsumer): Promise<string> {
    const { broker, topics } = this.options;
    const { signal } = this.stopping;
    const ended = Promise.withResolvers<string>();
    const end = () => {
      ended.resolve('it was told to');
    };
    signal.addEventListener('abort', end);
    const watchdog = watchOver(kafka, ended.resolve);
    kafka.on(kafka.events.GROUP_JOIN, ({ payload }) => {
      this.joined(payload.memberAssignment);
      this.started.resolve(undefined);
    });
    const join = async () => {
      await kafka.connect();
      if (signal.aborted) return;
      await kafka.subscribe({ topics: topics.map((topic) => broker.topic(topic)), fromBeginning: true });
      await kafka.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: partitionsAtOnce,
        eachBatch: (payload) => watchdog.during(this.partition(payload.batch).read(payload)),
      });
    };
    try {
      this.joining = join();
      await Promise.race([this.joining, ended.promise]);
      return await ended.promise;
    } finally {
      watchdog.stop();
      signal.removeEventListener('abort', end);
    }
  }

  private joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    const held = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => this.partition({ topic, partition })),
    );
    this.hold(held);
    this.member = true;
    // Now, before anything is fetched: kafkajs would begin with offset 0, and a seek would come too late.
    for (const partition of held) partition.join();
  }

  private hold(held: readonly Partition[]): void {
    for (const partition of this.held) if (!held.includes(partition)) partition.leave();
    this.held = held;
  }

  private partition({ topic, partition }: Place): Partition {
    const place = { topic: this.options.broker.bareName(topic), partition };
    let found = this.partitions.get(keyOf(place));
    if (!found) {
      found = new Partition(place, this.options, { fetching: this.fetching, log: this.options.broker.log });
      this.partitions.set(keyOf(place), found);
    }
    return found;
  }

  private readonly fetching = {
    pause: ({ topic, partition }: Place) => {
      this.tell((kafka, name) => {
        kafka.pause([{ topic: name(topic), partitions: [partition] }]);
      });
    },
    resume: ({ topic, partition }: Place) => {
      this.tell((kafka, name) => {
        kafka.resume([{ topic: name(topic), partitions: [partition] }]);
      });
    },
    seek: ({ topic, partition }: Place, offset: string) => {
      this.tell((kafka, name) => {
        kafka.seek({ topic: name(topic), partition, offset });
      });
    },
  };

  private tell(what: (kafka: KafkaConsumer, name: (topic: string) => string) => void): void {
    try {
      if (this.kafka) what(this.kafka, (topic) => this.options.broker.topic(topic));
    } catch (error) {
      // It throws when it has just left the group; every partition begins again when it is back.
      this.options.broker.log('debug', 'consumer: not in its group', { reason: reasonOf(error) });
    }
  }
}

/** Notices that a member has ended: because kafkajs says that it gave up, or because nothing was heard of it. */
function watchOver(kafka: KafkaConsumer, ended: (reason: string) => void) {
  let heard = performance.now();
  let busy = 0;
  const { CRASH, FETCH_START, GROUP_JOIN, HEARTBEAT } = kafka.events;
  const hear = () => {
    heard = performance.now();
  };
  kafka.on(CRASH, ({ payload }) => {
    ended(reasonOf(payload.error));
  });
  kafka.on(FETCH_START, hear);
  kafka.on(GROUP_JOIN, hear);
  kafka.on(HEARTBEAT, hear);
  const timer = setInterval(() => {
    if (busy === 0 && performance.now() - heard > silenceMs) ended('nothing was heard of it any more');
  }, 1000);
  return {
    async during(work: Promise<void>): Promise<void> {
      busy += 1;
      try {
        await work;
      } finally {
        busy -= 1;
        hear();
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}
