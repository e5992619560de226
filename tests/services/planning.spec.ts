import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TemplateEvent } from '#contracts';
import { startTimers } from '#event-store';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { onArticleKilled } from '../../apps/drafting/src/on-article-killed.ts';
import { onCoverageLinked } from '../../apps/drafting/src/on-coverage-linked.ts';
import { onPublicationDecided } from '../../apps/drafting/src/on-publication-decided.ts';
import { onTemplateUsed } from '../../apps/drafting/src/on-template-used.ts';
import { allTemplates, templateLog } from '../../apps/drafting/src/template/template.announcements.ts';
import type { Template, TemplateCommand } from '../../apps/drafting/src/template/template.ts';
import { timedTemplates } from '../../apps/drafting/src/timed-templates.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
const workers: ReturnType<typeof startTimers>[] = [];
const failures: object[] = [];
const call: Alone['call'] = (...asked) => drafting.call(...asked);
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await drafting.close();
  expect(failures).toEqual([]);
});
const work = () => {
  const log = (_text: string, details: object) => failures.push(details);
  workers.push(startTimers({ store: drafting.store, aggregates: [timedTemplates], log }));
};
const eventsOf = async (stream: string) =>
  (await drafting.store.readShard(0, 0n, 10_000)).filter((event) => event.stream === stream);

interface Kept {
  readonly schedule: { readonly next: string };
  readonly uses: readonly { readonly articleId: string }[];
}
const fields = { slugline: 'traffic', headline: 'Traffic', byline: ['City desk'] };
const template = { desk: 'city', kind: 'story', name: 'Traffic', fields };
async function kept(): Promise<string> {
  return String((await call('editor', '/templates', template)).body.id);
}

test('an article is begun from a template by whoever asks, once for one key', async () => {
  const id = await kept();
  const key = { 'idempotency-key': 'from-template' };
  const started = await call('reporter', `/templates/${id}/start-article`, {}, key);
  const articleId = String(started.body.id);
  expect([started.status, started.headers.get('location')]).toEqual([201, `/articles/${articleId}`]);
  expect((await call('reporter', `/templates/${id}/start-article`, {}, key)).body).toEqual(started.body);
  expect((await call('reporter', `/articles/${articleId}`)).body).toMatchObject({
    ...{ desk: 'city', state: 'draft', writers: ['reporter'], content: { headline: 'Traffic' } },
  });
  expect((await call('reporter', '/templates?desk=city')).body.items).toMatchObject([{ id, name: 'Traffic' }]);
  expect((await call('reporter', '/templates?desk=sport')).body.items).toEqual([]);
  await call('editor', `/templates/${id}/retire`, {});
  expect((await call('reporter', '/templates')).body.items).toEqual([]);
});

test('one that is scheduled begins an article by itself, once, though two workers run and its nights were missed', async () => {
  const id = await kept();
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
  const weekly = { days, time: '06:00', zone: 'Asia/Karachi' };
  await call('editor', `/templates/${id}/schedule`, weekly);
  const read = async () => (await call('editor', `/templates/${id}`)).body as unknown as Kept;
  expect((await read()).schedule.next).toMatch(/T01:00:00.000000Z$/);
  expect(await drafting.store.timers.standing()).toMatchObject({ waiting: 1 });
  const actor = { id: 'edna', name: 'Edna', roles: ['editor'], desks: ['city'] };
  const missed = { ...weekly, next: '2026-01-05T01:00:00.000000Z' };
  await drafting.store.execute<Template, TemplateCommand, TemplateEvent>(templateLog, {
    ...{ id, commandId: randomUUID(), trace: { correlationId: 'test' } },
    command: { type: 'schedule', data: missed, actor },
  });
  work();
  work();
  while ((await read()).uses.length === 0) await pause(20);
  await pause(500);
  const { uses, schedule } = await read();
  expect(uses).toMatchObject([{ by: { id: 'edna' }, due: missed.next }]);
  expect(Date.parse(schedule.next)).toBeGreaterThan(Date.now());
  const [{ data } = { data: {} }] = (await eventsOf(`template-${id}`)).slice(-1);
  await drafting.hear(onTemplateUsed, { type: 'TemplateUsed', key: allTemplates, data });
  const article = await call('editor', `/articles/${String(uses[0]?.articleId)}`);
  expect(article.body).toMatchObject({ writers: ['edna'], content: { headline: 'Traffic' } });
});

const when = (at: string) => ({ at, zone: 'Asia/Karachi' });
async function planned() {
  const opening = { desk: 'city', name: 'Opening', starts: when('2026-03-02T10:00') };
  const address = `/plans/${String((await call('editor', '/plans', opening)).body.id)}`;
  await call('editor', `${address}/add-coverage`, { what: 'text', due: when('2026-03-02T15:00') });
  const coverages = async () => (await call('editor', address)).body.coverages as { id: string; state: string }[];
  return { address, coverages, coverageId: (await coverages())[0]?.id ?? '' };
}
const article = { desk: 'city', kind: 'story', fields, blocks: [{ id: 'p1', kind: 'paragraph', html: 'It is open.' }] };

/** Lets drafting hear what it has just said of this stream. */
async function hearOwn(stream: string, type: string): Promise<void> {
  const found = (await eventsOf(stream)).filter((event) => event.type === type);
  for (const { data } of found.slice(-1)) await drafting.hear(onCoverageLinked, { type, key: stream.slice(-36), data });
}
const dora = { id: 'dora', name: 'Dora' };
const decided = (articleId: string, type: string, data: object) =>
  drafting.hear(onPublicationDecided, { type, key: articleId, data: { articleId, by: dora, ...data } });
const publish = (articleId: string) => decided(articleId, 'ArticlePublished', { version: 1, content: {}, item: 1 });

test.each(['linked first', 'out first'])('a coverage is done by itself once its article is out: %s', async (order) => {
  const { address, coverages, coverageId } = await planned();
  await call('editor', `${address}/assign`, { coverageId, to: { id: 'reporter', name: 'R.' } });
  expect((await call('reporter', `${address}/accept`, { coverageId })).status).toBe(200);
  const articleId = String((await call('reporter', '/articles', article)).body.id);
  if (order === 'out first') await publish(articleId);
  await call('reporter', `${address}/link-article`, { coverageId, articleId });
  expect((await coverages())[0]).toMatchObject({ state: 'accepted', articleId, due: '2026-03-02T10:00:00.000000Z' });
  await hearOwn(address.replace('/plans/', 'plan-'), 'CoverageLinked');
  await hearOwn(`article-${articleId}`, 'CoverageNoted');
  if (order === 'linked first') {
    expect((await coverages())[0]).toMatchObject({ state: 'accepted' });
    await publish(articleId);
    await hearOwn(`article-${articleId}`, 'PublicationRecorded');
  }
  expect((await coverages())[0]).toMatchObject({ state: 'completed' });
});

test.each([
  ['coverage', 'CoverageRestored', 'cancel-coverage', 'restore-coverage'],
  ['plan', 'PlanRestored', 'cancel', 'restore'],
])('what is taken up again is done if its article went out meanwhile: %s', async (_what, type, cancel, restore) => {
  const { address, coverages, coverageId } = await planned();
  const draft = String((await call('editor', '/articles', article)).body.id);
  await call('editor', `${address}/link-article`, { coverageId, articleId: draft });
  await hearOwn(address.replace('/plans/', 'plan-'), 'CoverageLinked');
  const undo = async () => {
    const of = type === 'CoverageRestored' ? { coverageId } : {};
    await call('editor', `${address}/${cancel}`, { ...of, reason: 'Rain.' });
    return async () => {
      await call('editor', `${address}/${restore}`, of);
      await hearOwn(address.replace('/plans/', 'plan-'), type);
    };
  };
  await (
    await undo()
  )();
  expect((await coverages())[0]).toMatchObject({ state: 'planned' });
  const takeUp = await undo();
  await publish(draft);
  await hearOwn(`article-${draft}`, 'PublicationRecorded');
  expect((await coverages())[0]).toMatchObject({ state: 'cancelled' });
  await takeUp();
  expect((await coverages())[0]).toMatchObject({ state: 'completed' });
});

test('a plan is cancelled with its coverages, and that is undone', async () => {
  const { address, coverages } = await planned();
  expect((await call('editor', `${address}/cancel`, { reason: 'Rain.' })).body.state).toBe('cancelled');
  expect((await coverages())[0]).toMatchObject({ state: 'cancelled' });
  expect((await call('editor', `${address}/restore`, {})).body.state).toBe('planned');
  expect((await coverages())[0]).toMatchObject({ state: 'planned' });
});

test('packages hold articles and packages in order, never themselves, and are ready when all of them can be shown', async () => {
  const made = async (name: string) =>
    `/packages/${String((await call('editor', '/packages', { desk: 'city', kind: 'package', name })).body.id)}`;
  const [outer, middle, inner] = [await made('Outer'), await made('Middle'), await made('Inner')];
  const idOf = (address: string) => address.slice(-36);
  const arrange = (address: string, ...parts: { is: string; id: string }[]) =>
    call('editor', `${address}/arrange`, { parts });
  const pack = (address: string) => ({ is: 'package', id: idOf(address) });
  const articleId = String((await call('reporter', '/articles', article)).body.id);
  const story = { is: 'article', id: articleId };
  await arrange(inner, story);
  await arrange(middle, pack(inner));
  expect((await arrange(outer, story, pack(middle))).status).toBe(200);
  const cycle = [inner, outer, middle, inner].map(idOf);
  expect(await arrange(inner, pack(outer))).toMatchObject({ status: 422, body: { code: 'goes-in-a-circle', cycle } });
  expect(await arrange(inner, pack(inner))).toMatchObject({ body: { cycle: [idOf(inner), idOf(inner)] } });
  expect(await arrange(inner, { is: 'package', id: randomUUID() })).toMatchObject({ body: { code: 'parts-invalid' } });
  const ready = () => call('editor', `${outer}/mark-ready`, {});
  const unfit = [{ problem: 'not-published', part: story }];
  expect(await ready()).toMatchObject({ status: 409, body: { code: 'parts-not-ready', unfit: [...unfit, ...unfit] } });
  await publish(articleId);
  expect((await ready()).body.state).toBe('ready');
  expect((await call('reporter', outer)).body).toMatchObject({ parts: [story, pack(middle)], unfit: [] });

  const [shut, elsewhere] = [await made('Shut'), await made('Elsewhere')];
  await arrange(shut, story);
  await call('editor', `${shut}/discard`, { reason: 'Shut.' });
  await decided(articleId, 'ArticleKilled', { reason: 'Untrue.', askedBy: dora, item: 2 });
  const [killed] = (await eventsOf(`article-${articleId}`)).slice(-1);
  await drafting.hear(onArticleKilled, { type: 'PublicationRecorded', key: articleId, data: killed?.data });
  const states = [outer, middle, inner, shut, elsewhere].map(
    async (address) => (await call('editor', address)).body.state,
  );
  expect(await Promise.all(states)).toEqual(['open', 'open', 'open', 'discarded', 'open']);
  const told = async (address: string) =>
    (await eventsOf(address.replace('/packages/', 'package-'))).filter(({ type }) => type === 'PackagePartKilled')
      .length;
  expect(await Promise.all([outer, middle, inner, shut, elsewhere].map(told))).toEqual([1, 1, 1, 0, 0]);
  expect((await ready()).body).toMatchObject({ code: 'parts-not-ready' });
});
