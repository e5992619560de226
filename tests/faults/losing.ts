import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { pointingAt, stet } from '../operator/command.ts';
import type { Strike } from './beneath.ts';
import type { Victims } from './victims.ts';

const internal = ['drafting', 'publication', 'moderation'] as const;
const articles = 'stet.articles';
/** As long as anything that operators are told may be true. */
const helpsWithinMs = 90_000;
/** What was sent again has come, and was looked at. */
const againMs = 15_000;

/** What Kafka may lose, and what operators do then, because they are told to. */
export const losing: Readonly<Record<string, Strike>> = {
  // Readers stand still meanwhile: most of the times they have not read all of it.
  async 'records are deleted that not everybody has read'(victims, random) {
    const topic = random.pick<string>(internal);
    const readers = ['reading', 'reading-2'];
    for (const name of readers) victims.signal(name, 'SIGSTOP');
    await pause(random.whole(1500, 5000));
    victims.lost.add(topic);
    const count = await atKafka(victims, async (admin) => {
      const ends = await admin.fetchTopicOffsets(`stet.${topic}`);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.deleteTopicRecords({ topic: `stet.${topic}`, partitions });
      return ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    });
    for (const name of readers) victims.signal(name, 'SIGCONT');
    return `${count} of ${topic}; ${await asTold(victims, count > 0 ? /resend/ : undefined)}`;
  },
  async 'a topic is deleted, and made anew'(victims, random) {
    const topic = random.pick<string>([...internal, 'feed', 'articles']);
    victims.lost.add(topic);
    await atKafka(victims, (admin) => admin.deleteTopics({ topics: [`stet.${topic}`] }));
    const restart = /(stet\.\w+): deleted\. Restart a service/;
    await until(
      async () => restart.test(await told(victims)),
      () => `nobody is told that ${topic} is gone`,
    );
    await victims.restart(random.pick(victims.names), 'SIGTERM', 0);
    return `${topic}; ${await asTold(victims)}`;
  },
};

async function atKafka<T>({ newsroom }: Victims, work: (admin: Admin) => Promise<T>): Promise<T> {
  const brokers = newsroom.stack.brokers.split(',');
  // It may have been killed a moment ago.
  const retry = { retries: 30, maxRetryTime: 2000 };
  const admin = new Kafka({ brokers, clientId: 'somebody', logLevel: logLevel.NOTHING, retry }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function until(holds: () => Promise<boolean>, otherwise: () => string): Promise<void> {
  for (const deadline = Date.now() + helpsWithinMs; !(await holds());) {
    if (Date.now() > deadline) throw new Error(otherwise());
    await pause(1000);
  }
}

/** Why services are not ready, and which holes are named. */
async function told({ urls, newsroom }: Victims): Promise<string> {
  const ready = Object.values(urls).flat();
  const said = await Promise.allSettled([
    ...ready.map(async (url) => {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) });
      return answer.ok ? '' : answer.text();
    }),
    newsroom
      .as('operator', 'omar')
      .get('reading', '/operations/holes')
      .then(({ body }) => JSON.stringify(body.holes)),
  ]);
  return said.map((one) => (one.status === 'fulfilled' ? one.value : 'no answer')).join('\n');
}

/** Does what operators are told to do, until they are told nothing more; `first`: what they are told in any case. */
async function asTold(victims: Victims, first?: RegExp): Promise<string> {
  const done = new Map<string, number>();
  let [quiet, last] = [0, ''];
  const isDone = async () => {
    last = await told(victims);
    const orders = ordersIn(last).filter((order) => Date.now() - (done.get(order) ?? 0) > againMs);
    for (const order of orders) {
      await carryOut(victims, order);
      done.set(order, Date.now());
    }
    const isHeard = !first || [...done.keys()].some((order) => first.test(order));
    quiet = isHeard && ordersIn(last).length === 0 && !last.includes('no answer') ? quiet + 1 : 0;
    return quiet > 1;
  };
  await until(isDone, () => `what operators are told does not help: ${last}`);
  return done.size === 0 ? 'nobody had to do anything' : [...done.keys()].join(', ');
}

const ordersIn = (said: string): string[] => [
  ...new Set([...said.matchAll(/stet -- (resend \w+ \d+ \d+)/g)].map(([, order = '']) => order)),
  ...(said.includes('Delete the topic') ? [`delete ${articles}`] : []),
];

async function carryOut(victims: Victims, order: string): Promise<void> {
  if (order.startsWith('resend')) {
    // It is refused where nothing was sent yet.
    await stet(pointingAt(victims.newsroom.stack), ...order.split(' '));
    return;
  }
  victims.lost.add('articles');
  await atKafka(victims, (admin) => admin.deleteTopics({ topics: [articles] }).catch(() => undefined));
  await Promise.all(['publication', 'publication-2'].map((name) => victims.restart(name, 'SIGTERM', 0)));
}
