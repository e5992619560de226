// Whether a system is one that an archive may go into: empty, with nobody at work in it.
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Broker, TopicDeclaration } from '#messaging';
import { parts, tablesOf } from './archive.ts';
import { Wrong } from './command.ts';

/** Rows that a schema has as soon as it is made, or that a service makes when it first starts. */
const begun = ['log', 'head', 'house'];

/** Refuses while a service is connected: what it knows of its log and of the keyring would be what was there before. */
export async function requireStopped(
  client: pg.ClientBase,
  databaseUrls: Readonly<Record<string, string>>,
): Promise<void> {
  const roles = new Map(Object.entries(databaseUrls).map(([service, url]) => [new URL(url).username, service]));
  const { rows } = await client.query<{ role: string }>(
    'select distinct usename as role from pg_stat_activity where datname = current_database() and usename = any ($1)',
    [[...roles.keys()]],
  );
  const running = rows.map(({ role }) => roles.get(role)).sort();
  if (running.length > 0)
    throw new Wrong(`Import goes into a system whose services are stopped: ${running.join(', ')} runs.`);
}

/** Refuses where any of these schemas has anything, and keeps everybody else out of them until the transaction ends. */
export async function takeEmpty(client: pg.ClientBase): Promise<void> {
  for (const part of parts) {
    await client.query(`set local search_path = ${part}`);
    const tables = Object.keys(tablesOf(part));
    await client.query(`lock table ${tables.join(', ')} in access exclusive mode`);
    for (const table of tables) {
      if (begun.includes(table)) continue;
      const { rowCount } = await client.query(`select from ${table} limit 1`);
      if (rowCount) throw new Wrong(`Import goes into an empty system: ${part} has rows of ${table}.`);
    }
  }
}

/** Refuses where a topic has, or had, a message. What was noted of another log on `anchors` is nobody's harm. */
export async function requireNoMessages(broker: Broker): Promise<void> {
  const declared = JSON.parse(
    readFileSync(new URL('../kafka/topics.json', import.meta.url), 'utf8'),
  ) as TopicDeclaration[];
  const names = declared.map(({ name }) => broker.topic(name)).filter((name) => name !== broker.topic('anchors'));
  const admin = broker.kafka.admin();
  await admin.connect();
  try {
    const there = await admin.listTopics();
    for (const name of names.filter((one) => there.includes(one)))
      if ((await admin.fetchTopicOffsets(name)).some(({ high }) => high !== '0'))
        throw new Wrong(`Import goes into an empty system: the topic ${name} has messages.`);
  } finally {
    await admin.disconnect();
  }
}
