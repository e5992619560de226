import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import type { Broker } from './connection.ts';

// Node does not see this one among the names of a CommonJS module.
const { ConfigResourceTypes } = kafkajs;

/** A topic as infra/kafka/topics.json declares it. `shards`: as many partitions as the logs have shards. */
export interface TopicDeclaration {
  readonly name: string;
  readonly purpose?: string;
  readonly partitions: 'shards' | number;
  readonly config: Readonly<Record<string, string>>;
}
/** The cluster has topics that are not as declared. Its text has one line for each difference, with what to do. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
}

type Described = Awaited<ReturnType<Admin['describeConfigs']>>['resources'][number];

/** For so long a new topic may not be known everywhere, or be without a leader. */
const newWithin = 10_000;
const pollEvery = 100;
const passing = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];

async function createMissing(admin: Admin, broker: Broker, wanted: readonly (TopicDeclaration & { count: number })[]) {
  const there = new Set(await admin.listTopics());
  const missing = wanted.filter(({ name }) => !there.has(broker.topic(name)));
  if (missing.length === 0) return;
  // False when another process made them first, which is as good.
  await admin.createTopics({
    // kafkajs gives up at once when the broker that it asks has not heard of the topic yet.
    waitForLeaders: false,
    topics: missing.map(({ name, count, config }) => ({
      topic: broker.topic(name),
      numPartitions: count,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    })),
  });
}

/** Waits until all of them are known and led. */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const deadline = performance.now() + newWithin;
  for (;;) {
    try {
      await admin.fetchTopicMetadata({ topics });
      return;
    } catch (error) {
      const { type } = error as { type?: string };
      if (!passing.includes(type ?? '') || performance.now() > deadline) throw error;
    }
    await pause(pollEvery);
  }
}

function settingIn(resources: readonly Described[], topic: string, key: string): string | undefined {
  const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? [];
  return entries.find(({ configName }) => configName === key)?.configValue;
}

async function differences(admin: Admin, broker: Broker, wanted: readonly (TopicDeclaration & { count: number })[]) {
  const found: string[] = [];
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map(({ name }) => broker.topic(name)) });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: wanted.map(({ name, config }) => {
      return { type: ConfigResourceTypes.TOPIC, name: broker.topic(name), configNames: Object.keys(config) };
    }),
  });
  for (const { name, count, config } of wanted) {
    const topic = broker.topic(name);
    const partitions = topics.find((one) => one.name === topic)?.partitions.length;
    if (partitions !== count)
      found.push(
        `Topic ${topic} has ${partitions ?? 0} partitions, not ${count}: they are the shards of the log, whose number never changes; set STET_SHARDS to it, or use another STET_TOPIC_PREFIX.`,
      );
    for (const [key, value] of Object.entries(config)) {
      const actual = settingIn(resources, topic, key);
      if (actual !== value)
        found.push(`Topic ${topic} has ${key}=${actual ?? 'nothing'}, not ${value}: alter it with kafka-configs.`);
    }
  }
  return found;
}

/**
 * Creates the declared topics that are missing and checks those that are there: partition count and every declared setting.
 * May run in several processes at once. Throws TopicMismatch, or what the cluster says (no rights, not reachable).
 */
export async function ensureTopics(
  broker: Broker,
  declared: readonly TopicDeclaration[],
  { partitions }: { partitions: number },
): Promise<void> {
  const wanted = declared.map((one) => ({ ...one, count: one.partitions === 'shards' ? partitions : one.partitions }));
  const admin = broker.kafka.admin();
  await admin.connect();
  try {
    await createMissing(admin, broker, wanted);
    await untilLed(
      admin,
      wanted.map(({ name }) => broker.topic(name)),
    );
    const found = await differences(admin, broker, wanted);
    if (found.length > 0) throw new TopicMismatch(found.join('\n'));
  } finally {
    await admin.disconnect();
  }
}
