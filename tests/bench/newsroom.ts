import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { closedLoop, median, openLoop, quantile, type Target } from './load.ts';
import type { System } from './system.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, measured beside it, and the ratio of the two. */
  readonly beside?: number;
  readonly ratio?: number;
  readonly aim?: string;
}
interface Accepted {
  readonly id: string;
  readonly position: string;
}
const story = JSON.stringify({
  ...{ desk: 'city', kind: 'story', fields: { slugline: 'bench', headline: 'A bench', byline: ['R. Porter'] } },
  blocks: Array.from({ length: 10 }, (_, at) => ({
    ...{ id: `p${at}`, kind: 'paragraph' },
    html: 'A paragraph, of about the length that paragraphs have in the news. '.repeat(4),
  })),
});
const key = () => ({ 'idempotency-key': randomUUID() });
const create = (target: Target, path: string) => () => target.send(path, story, key());

async function accepted(target: Target, path: string, body: object = {}): Promise<Accepted> {
  const { status, body: text } = await target.send(path, JSON.stringify(body), key());
  if (status >= 300) throw new Error(`${path} was answered ${status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Accepted;
}

/** The first command of an article at 50 clients, beside a bare route with one INSERT of the same body; in turns. */
export async function commands(system: System): Promise<Figure> {
  const reporter = await system.as('reporter', 'drafting');
  const rounds: { own: number; bare: number }[] = [];
  for (let round = 0; round <= 3; round++) {
    const bare = await closedLoop(50, 3, create(system.bare.insert, '/insert'));
    const own = await closedLoop(50, 3, create(reporter, '/articles'));
    // The first one warms up.
    if (round > 0) rounds.push({ own, bare });
  }
  reporter.close();
  const value = median(rounds.map(({ own }) => own));
  const ratio = median(rounds.map(({ own, bare }) => own / bare));
  const beside = median(rounds.map(({ bare }) => bare));
  return { name: 'commands over HTTP, 50 clients', value, unit: '/s', beside, ratio, aim: 'ratio >= 0.5' };
}

/** So many articles, approved. */
async function approved(system: System, count: number): Promise<Accepted[]> {
  const [reporter, editor] = [await system.as('reporter', 'drafting'), await system.as('editor', 'drafting')];
  const all: Accepted[] = [];
  const one = async () => {
    const { id } = JSON.parse((await create(reporter, '/articles')()).body) as Accepted;
    await accepted(reporter, `/articles/${id}/submit`);
    await accepted(editor, `/articles/${id}/claim`);
    all.push(await accepted(editor, `/articles/${id}/approve`, { version: 1 }));
  };
  const writer = async () => {
    while (all.length < count) await one();
  };
  await Promise.all(Array.from({ length: 20 }, writer));
  reporter.close();
  editor.close();
  return all.slice(0, count);
}

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

/** From the answer to `publish` until the page shows it, and until an outside consumer has it. */
export async function latencies(system: System, perSecond: number, seconds: number): Promise<Figure[]> {
  const articles = await approved(system, perSecond * seconds);
  await new Promise((settled) => setTimeout(settled, 3000));
  const [duty, site] = [await system.as('duty-editor', 'publication'), await system.as('site', 'reading')];
  const outside = await outsider(system);
  const page: number[] = [];
  const answered = new Map<string, number>();
  await openLoop(perSecond, articles, async ({ id }) => {
    const { position } = await accepted(duty, `/publications/${id}/publish`, { version: 1 });
    const begun = performance.now();
    answered.set(id, begun);
    const { status } = await site.send(`/articles/${id}/page?after=${position}`);
    if (status !== 200) throw new Error(`The page was answered ${status}.`);
    page.push(performance.now() - begun);
  });
  while (articles.some(({ id }) => !outside.received.has(id))) await new Promise((go) => setTimeout(go, 20));
  await outside.stop();
  duty.close();
  site.close();
  const feed = articles.map(({ id }) => Math.max(0, (outside.received.get(id) ?? 0) - (answered.get(id) ?? 0)));
  const at = `at ${perSecond}/s`;
  const row = (name: string, values: number[], share: number, aim?: string): Figure => ({
    ...{ name: `${name} ${at}, p${share * 100}`, value: quantile(values, share), unit: 'ms' },
    ...(aim !== undefined && { aim }),
  });
  return [
    row('accepted, then page shows it', page, 0.5),
    row('accepted, then page shows it', page, 0.99, perSecond === 200 ? '<= 60 ms' : undefined),
    row('accepted, then outside consumer has it', feed, 0.5),
    row('accepted, then outside consumer has it', feed, 0.99),
  ];
}

/** Page reads at 50 clients, beside a bare route with the same SQL; in turns. Its thread has 50 comments. */
export async function pageReads(system: System): Promise<Figure> {
  const id = await commented(system, 50);
  const site = await system.as('site', 'reading');
  const rounds: { own: number; bare: number }[] = [];
  for (let round = 0; round <= 3; round++) {
    const bare = await closedLoop(50, 3, () => system.bare.select.send(`/page/${id}`));
    const own = await closedLoop(50, 3, () => site.send(`/articles/${id}/page`));
    if (round > 0) rounds.push({ own, bare });
  }
  site.close();
  const value = median(rounds.map(({ own }) => own));
  const ratio = median(rounds.map(({ own, bare }) => own / bare));
  const beside = median(rounds.map(({ bare }) => bare));
  return { name: 'page reads, 50 clients', value, unit: '/s', beside, ratio };
}

async function commented(system: System, comments: number): Promise<string> {
  const [article] = await approved(system, 1);
  if (!article) throw new Error('No article.');
  const [duty, site] = [await system.as('duty-editor', 'publication'), await system.as('site', 'moderation')];
  const moderator = await system.as('moderator', 'moderation');
  const out = await accepted(duty, `/publications/${article.id}/publish`, { version: 1, after: article.position });
  await new Promise((settled) => setTimeout(settled, 2000));
  let last = '';
  for (let at = 0; at < comments; at++) {
    const body = { articleId: article.id, reader: { id: `r${at}`, name: 'R' }, articleVersion: 1, after: out.position };
    const { id } = await accepted(site, '/comments', { ...body, text: `Comment number ${at}, of some length.` });
    last = (await accepted(moderator, `/comments/${id}/approve`, { revision: 1 })).position;
  }
  const reader = await system.as('site', 'reading');
  await reader.send(`/articles/${article.id}/page?after=${last}`);
  for (const target of [duty, site, moderator, reader]) target.close();
  return article.id;
}

/** A read model built again from the start of the topics, until it serves: events of all topics a second. */
export async function rebuilding(system: System): Promise<Figure> {
  const operator = await system.as('operator', 'reading');
  const admin = new pg.Client({ connectionString: system.stack.adminUrl });
  await admin.connect();
  const counts = await admin.query<{ n: number }>(
    `select ((select count(*) from drafting.event) + (select count(*) from publication.event) + (select count(*) from moderation.event))::int as n`,
  );
  await admin.end();
  const begun = performance.now();
  const { body } = await operator.send('/operations/rebuild', '{"readModel":"article_history"}');
  const [model] = (JSON.parse(body) as { rebuilding: { version: number }[] }).rebuilding;
  const auditor = await system.as('auditor', 'reading');
  const serves = async () => {
    const { generations } = JSON.parse((await auditor.send('/operations/generations')).body) as {
      generations: { readModel: string; version: number; serving: boolean }[];
    };
    return generations.some(
      (one) => one.readModel === 'article_history' && one.version === model?.version && one.serving,
    );
  };
  while (!(await serves())) await new Promise((done) => setTimeout(done, 20));
  const seconds = (performance.now() - begun) / 1000;
  for (const target of [operator, auditor]) target.close();
  return { name: 'projection, rebuilt from its topics', value: (counts.rows[0]?.n ?? 0) / seconds, unit: 'events/s' };
}
