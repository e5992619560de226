import { randomUUID } from 'node:crypto';
import type { CommentEvent, PublicationEvent } from '#contracts';
import { commandId, type EventStore } from '#event-store';
import { commentLog } from '../../apps/moderation/src/comment/comment.announcements.ts';
import type { Comment, CommentCommand } from '../../apps/moderation/src/comment/comment.ts';
import { housePolicy } from '../../apps/moderation/src/policy/policy.ts';
import { threadLog } from '../../apps/moderation/src/thread/thread.announcements.ts';
import { wordingLog } from '../../apps/moderation/src/wording/wording.announcements.ts';
import { publicationLog } from '../../apps/publication/src/publication/publication.announcements.ts';
import type { PublicationCommand } from '../../apps/publication/src/publication/publication.ts';
import type { Publication } from '../../apps/publication/src/publication/state.ts';
import type { Figure, Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { each, median, quantile, rate, timed } from './load.ts';
import { approve, atOnce, type Whole } from './seeding.ts';
import type { System } from './system.ts';

const duty = { id: 'duty', name: 'Dora Bell', roles: ['duty-editor'], desks: [] };
const site = { id: 'site', name: 'The site', roles: ['site'], desks: [] };
const moderator = { id: 'moderator', name: 'Mo Derr', roles: ['moderator'], desks: [] };
/** Of a hundred events ten bring an article to its readers, and its thread into being; the others are of nine comments. */
const eventsOfAnArticle = 100;
const commentsOfAnArticle = 9;
const decisions = 9;
const readers = Array.from({ length: 100 }, (_, at) => commandId('reader', String(at)));

const comments = atOnce<Comment, CommentCommand, CommentEvent>(commentLog);
type Step = Pick<CommentCommand, 'type' | 'data' | 'actor'>;
let written = 0;
/** A comment, and so many decisions about it, each undoing the one before; in one append. */
async function comment(store: EventStore, articleId: string, decided: number): Promise<void> {
  const commentId = randomUUID();
  written += 1;
  const commenterId = readers[written % readers.length] ?? '';
  const text = `Comment number ${written}: of some length, as they are, and in words of its own.`;
  const said = { commentId, articleId, commenterId, reader: { name: 'R. Eader' }, text, articleVersion: 1 };
  const steps: Step[] = [{ type: 'submit', data: { ...said, policy: housePolicy }, actor: site }];
  for (let at = 0; at < decided; at++) {
    const state = at === 0 ? 'pending' : at % 2 === 0 ? 'rejected' : 'published';
    const data = { revision: 1, state } as const;
    if (at % 2 === 0) steps.push({ type: 'approve', data, actor: moderator });
    else steps.push({ type: 'reject', data: { ...data, reason: 'off-topic', note: '' }, actor: moderator });
  }
  const guards = {
    thread: { aggregate: threadLog, id: articleId },
    wording: { aggregate: wordingLog, id: randomUUID() },
  };
  await store.execute<Comment, Whole<CommentCommand>, CommentEvent>(comments, {
    ...{ id: commentId, commandId: randomUUID(), trace: { correlationId: 'bench' }, guards },
    command: { type: 'whole', data: { steps }, actor: moderator },
  });
}

/** So many events more, in all logs together. Articles go the whole way: the services react to each other as ever. */
async function grow(system: System, events: number, told: (soFar: string) => void): Promise<string[]> {
  const articles = await approve(await system.log('drafting'), Math.ceil(events / eventsOfAnArticle));
  await untilLevel(system, told);
  const publications = await system.log('publication');
  await each(50, articles, (id) =>
    publications.execute<Publication, PublicationCommand, PublicationEvent>(publicationLog, {
      ...{ id, commandId: randomUUID(), trace: { correlationId: 'bench' } },
      command: { type: 'publish', data: { version: 1, paper: 'The Daily Stet' }, actor: duty },
    }),
  );
  await untilLevel(system, told);
  const moderation = await system.log('moderation');
  for (const reader of readers) await moderation.keyring.meet(reader, { request: 'bench' });
  const all = articles.flatMap((id) => Array.from({ length: commentsOfAnArticle }, () => id));
  await each(100, all, (id) => comment(moderation, id, decisions));
  await untilLevel(system, told);
  // So that neither size is measured while something is put in order behind it.
  await system.admin.query('vacuum analyze');
  await system.admin.query('checkpoint');
  return articles;
}

type Took = Record<'append' | 'page' | 'poll', number>;
/** p99 of each, in milliseconds: the median of some rounds. */
async function slowest(system: System, articles: readonly string[], { rounds, seconds }: Scale): Promise<Took> {
  const store = await system.log('moderation');
  const reader = await system.as('site', 'reading');
  const any = (turn: number) => articles[turn % articles.length] ?? '';
  const p99 = async (workers: number, work: (turn: number) => Promise<unknown>) => {
    const took: number[] = [];
    await rate(workers, seconds, async (worker, turn) => took.push(await timed(() => work(worker + turn * workers))));
    return quantile(took, 0.99);
  };
  const poll = async () => {
    const heads = await store.heads();
    const places = heads.map(({ shard, position }) => ({ shard, after: position - 10n, rows: 500 }));
    return p99(1, () => store.relay.next(places, 4_000_000));
  };
  const measured: Took[] = [];
  for (let round = 0; round <= rounds; round++) {
    const append = await p99(10, (turn) => comment(store, any(turn), 0));
    await untilLevel(system);
    const page = await p99(4, (turn) => reader.send(`/articles/${any(turn)}/page`));
    if (round > 0) measured.push({ append, page, poll: await poll() });
  }
  reader.close();
  const of = (name: keyof Took) => median(measured.map((one) => one[name]));
  return { append: of('append'), page: of('page'), poll: of('poll') };
}

/** p99 of the board as it was, at instants all over the time since then. */
async function past(system: System, since: number): Promise<number> {
  const editor = await system.as('editor', 'reading');
  const took: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const at = new Date(since + ((Date.now() - since) * ((turn * 37) % 100)) / 100).toISOString();
    took.push(await timed(() => editor.send(`/board?at=${at}`)));
  }
  editor.close();
  return quantile(took, 0.99);
}

/** The same articles and pages while the logs are small and when they have grown a hundredfold. */
export async function growth(system: System, scale: Scale, told: (soFar: string) => void): Promise<Figure[]> {
  const since = Date.now();
  const [few, many] = [1e4 * scale.share, (scale.long ? 1e7 : 1e6) * scale.share];
  const articles = await grow(system, few, told);
  const before = await slowest(system, articles, scale);
  await grow(system, many - few, told);
  const after = await slowest(system, articles, scale);
  const asOf = await past(system, since);
  const of = { append: 'append, 10 writers', page: 'page query, 4 clients', poll: 'poll of the relay' };
  const flat = (['append', 'page', 'poll'] as const).map((name) => ({
    name: `${of[name]}, p99 at ${many.toLocaleString('en')} events; beside ${few.toLocaleString('en')}`,
    ...{ unit: 'ms', value: after[name], beside: before[name], ratio: after[name] / before[name] },
    aims: { ratio: { most: 1.2 } },
  }));
  const board = `board as of any instant, over ${many.toLocaleString('en')} events, p99`;
  return [...flat, { name: board, unit: 'ms', value: asOf, aims: { value: { most: 50 } } }];
}
