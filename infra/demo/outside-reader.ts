// What another team would write to follow the feed: kafkajs alone, none of Stet's code. It is told on stdin how to reach Kafka and
// which article to look for, and prints what it receives about that one until it has the item with the number that it waits for.
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Kafka, type KafkaConfig, type KafkaMessage, logLevel } from 'kafkajs';

interface Task {
  readonly client: KafkaConfig;
  readonly topic: string;
  readonly articleId: string;
  readonly until: number;
}
interface Item {
  readonly version: string;
  readonly pubStatus: string;
  readonly headlines: readonly { readonly value: string }[];
  readonly by?: string;
  readonly edNote?: string;
  readonly descriptions?: readonly { readonly role: string; readonly value: string }[];
  readonly bodies?: readonly { readonly contentType: string; readonly charCount: number }[];
}

// A broker that answers at all has sent everything long before.
const patienceMs = 60_000;

const { client, topic, articleId, until } = JSON.parse(await text(process.stdin)) as Task;
const kafka = new Kafka({ ...client, clientId: 'outside-team', logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `outside-team-${randomUUID()}` });

/** Prints a message if it is about that article. Answers the number of its item, 0 if it is about another. */
function read({ key, value, headers, offset }: KafkaMessage): number {
  if (String(key) !== articleId) return 0;
  const { item } = JSON.parse(String(value)) as { item: Item };
  console.log(`offset ${offset}: ${String(headers?.ce_type)}, item ${item.version}, ${item.pubStatus}`);
  for (const line of linesOf(item)) console.log(`  ${line}`);
  return Number(item.version);
}

const linesOf = ({ headlines, by, edNote, descriptions = [], bodies = [] }: Item): string[] => [
  [headlines[0]?.value, by, edNote].filter(Boolean).join(' · '),
  ...descriptions.map(({ role, value }) => `${role}: ${value}`),
  ...bodies.map(({ contentType, charCount }) => `${contentType}, ${charCount} characters`),
];

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await new Promise<void>((done, failed) => {
  setTimeout(() => {
    failed(new Error(`${topic} did not bring item ${until} of ${articleId} within ${patienceMs / 1000} s.`));
  }, patienceMs).unref();
  consumer.on('consumer.crash', ({ payload }) => {
    failed(payload.error);
  });
  void consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => {
      if (read(message) >= until) done();
      return Promise.resolve();
    },
  });
});
await consumer.disconnect();
