import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { type Desk, openDesk, publication, until } from '../e2e/desk.ts';
import type { Reply } from '../newsroom.ts';
import { pointingAt, stet } from './command.ts';
import { everything, kept } from './kept.ts';

/** What was asked of the first system, and what it answered. */
interface Asked {
  readonly service: 'publication' | 'moderation';
  readonly who: string;
  readonly path: string;
  readonly body: object;
  readonly key: string;
  readonly reply: Reply;
}
export const shards = { STET_SHARDS: '2' };
/** A confidential source, and who that is. */
export const source = {
  ...{ desk: 'city', description: 'a harbour officer', why: 'They would lose their work.' },
  identity: { names: ['Mira Tolland'] },
};
export const dead = { id: 'eve', name: 'Eve Zyx' };

/** The same once more, under the same key. */
export const again = (desk: Desk, { service, who, path, body, key }: Omit<Asked, 'reply'>) =>
  desk.newsroom.as(who).post(service, path, body, { 'idempotency-key': key });

/** Until nothing is left to send, to react to or to show. */
export async function quiet(desk: Desk): Promise<void> {
  for (let left = ['?']; left.some((behind) => behind !== '0');) {
    const { out } = await stet(pointingAt(desk.newsroom.stack), 'status', '--json');
    left = [...out.matchAll(/"behind": "(\d+)"/g)].map(([, behind = '?']) => behind);
  }
}
export async function digestsOf(desk: Desk): Promise<unknown> {
  const { out } = await stet(pointingAt(desk.newsroom.stack), 'digest', '--json');
  const found = JSON.parse(out) as { digests: { readModel: string; digest: string; rows: object }[] };
  return found.digests.map(({ readModel, digest, rows }) => ({ readModel, digest, rows }));
}

/** A system in which something of everything has happened, until it was exported; and what was noted of it outside the database. */
export async function exportedSystem(archive: string, anchors: string) {
  const desk = await openDesk(shards);
  try {
    return await exported(desk, archive, anchors);
  } finally {
    await desk.close();
  }
}

async function exported(desk: Desk, archive: string, anchors: string) {
  const masterKey = readFileSync(`${desk.newsroom.stack.home.path}/keyring-key`, 'utf8');
  const { id, position } = await desk.approved();
  const { id: sourceId } = await desk.newsroom.as('reporter').command('drafting', '/sources', source);
  const asked: Asked[] = [];
  async function ask(of: Omit<Asked, 'reply' | 'key'>): Promise<Reply> {
    const key = randomUUID();
    const reply = await again(desk, { ...of, key });
    expect(reply.status).toBeLessThan(300);
    asked.push({ ...of, key, reply });
    return reply;
  }
  const publish = { path: publication(id, 'publish'), body: { version: 1, after: position } };
  const { body: out } = await ask({ service: 'publication', who: 'duty-editor', ...publish });
  const comment = { articleId: id, text: 'Good\u2028to hear.', articleVersion: 1, after: out.position };
  await desk.comment(id, { reader: dead, after: out.position });
  const said = { service: 'moderation', who: 'site', path: '/comments' } as const;
  const { body: leo } = await ask({ ...said, body: { ...comment, reader: { id: 'leo', name: 'Leo' } } });
  await desk.moderator.command('moderation', `/comments/${String(leo.id)}/approve`, { revision: 1 });
  const { body: eve } = await ask({
    ...said,
    body: { ...comment, reader: dead, text: 'Of mine, nothing stays.' },
  });
  const { reader } = (await desk.moderator.get('moderation', `/comments/${String(eve.id)}`)).body;
  const erase = `/commenters/${(reader as { id: string }).id}/erase`;
  await desk.newsroom.as('privacy-officer').command('moderation', erase);
  // From here on nothing comes due there.
  await desk.admin.query(
    `update publication.timer_lease set holder = 'a test', epoch = epoch + 1, expires_at = now() + interval '1 hour'`,
  );
  const when = { version: 1, zone: 'UTC', late: 'publish-late' };
  const [soon, later] = [await desk.approved(), await desk.approved()];
  const state = (of: string) => desk.stateOf('publication', of);
  await until(async () => (await state(soon.id)) === 'cleared' && (await state(later.id)) === 'cleared');
  const at = new Date(Date.now() + 15_000).toISOString().slice(0, 19);
  await desk.duty.command('publication', publication(soon.id, 'schedule'), { ...when, at });
  await desk.duty.command('publication', publication(later.id, 'schedule'), { ...when, at: '2096-03-01T06:00' });
  // Parked numbers were given out up to 41, and one of them is remembered.
  await desk.admin.query(
    `insert into publication.parked_wish (parked_id, reader, topic, partition, key, message_id, type, parked_because, wish, by_id, by_name, done_at, outcome)
     values (41, 'reactions', 'drafting', 0, 'k', 'm', 'T', 'because', 'skip', 'o', 'O', now(), 'skipped')`,
  );
  await quiet(desk);
  expect(await stet(pointingAt(desk.newsroom.stack), 'export', archive)).toMatchObject({ code: 0 });
  const exported = await everything(desk.admin);
  expect(kept(archive)).toEqual(exported);
  const digests = await digestsOf(desk);
  cpSync(`${desk.newsroom.stack.home.path}/anchors`, anchors, { recursive: true });
  return { masterKey, asked, exported, digests, out: id, scheduled: soon.id, sourceId };
}
