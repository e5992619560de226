import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { command } from './commands.ts';
import type { Figure, Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { openLoop, quantile } from './load.ts';
import { approve } from './seeding.ts';
import type { System } from './system.ts';

const perSecond = 200;

/** A plain consumer of the feed, as an outside team would have it: tells when it received each article. */
async function outsider(system: System) {
  const kafka = new Kafka({ brokers: [system.stack.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
  const received = new Map<string, number>();
  await consumer.connect();
  await consumer.subscribe({ topics: ['stet.feed'], fromBeginning: false });
  const joined = new Promise((done) => consumer.on(consumer.events.GROUP_JOIN, done));
  await consumer.run({
    eachMessage({ message }) {
      received.set(message.key?.toString() ?? '', performance.now());
      return Promise.resolve();
    },
  });
  await joined;
  return { received, stop: () => consumer.disconnect() };
}

/** From the answer to `publish` until the page shows it, and until an outside consumer has it, at a fixed rate. */
async function publishAll(system: System, articles: readonly string[]) {
  const [duty, site] = [await system.as('duty-editor', 'publication'), await system.as('site', 'reading')];
  const outside = await outsider(system);
  const page: number[] = [];
  const answered = new Map<string, number>();
  await openLoop(perSecond, articles, async (id) => {
    const { position } = await command(duty, `/publications/${id}/publish`, '{"version":1}');
    const begun = performance.now();
    answered.set(id, begun);
    await site.send(`/articles/${id}/page?after=${position}`);
    page.push(performance.now() - begun);
  });
  while (articles.some((id) => !outside.received.has(id))) await new Promise((go) => setTimeout(go, 20));
  await outside.stop();
  duty.close();
  site.close();
  const feed = articles.map((id) => Math.max(0, (outside.received.get(id) ?? 0) - (answered.get(id) ?? 0)));
  return { page, feed };
}

/** An open loop: requests begin whether or not earlier ones are done. Two seconds of it go before, to warm up. */
export async function latency(system: System, { seconds }: Scale): Promise<Figure[]> {
  const articles = await approve(await system.log('drafting'), perSecond * (2 + 3 * seconds));
  await untilLevel(system);
  await publishAll(system, articles.slice(0, 2 * perSecond));
  const { page, feed } = await publishAll(system, articles.slice(2 * perSecond));
  const row = (name: string, values: number[], [share, most]: readonly [number, number]): Figure => ({
    ...{ name: `accepted → ${name}, at ${perSecond}/s: p${share * 100}`, value: quantile(values, share), unit: 'ms' },
    aims: { value: { most } },
  });
  const limits = [[0.5, 10] as const, [0.99, 40] as const];
  return [
    ...limits.map((limit) => row('page query shows it', page, limit)),
    ...limits.map((limit) => row('outside consumer has it', feed, limit)),
  ];
}
