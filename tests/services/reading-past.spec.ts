import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import type { Incoming } from '#messaging';
import { boardPage } from '../../apps/reading/src/newsroom-board/board.sql.ts';
import { boardAt } from '../../apps/reading/src/newsroom-board/board-past.projection.ts';
import { content, editor, events, reporter, told } from '../../apps/reading/src/samples.ts';
import { assignees, at, fix, happenings, steps, why } from './happenings.ts';
import { asItem, fits, replayed } from './naive-board.ts';
import { allOf, itemsOf, newArticle, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

/** What has happened before. */
const played: Incoming[] = [];
const desks = ['past-one', 'past-two'];

/** One of these, or in so many of ten cases nothing. */
const rarely = (...values: string[]) => orNothing(8, values);
const orNothing = (nothing: number, values: string[]) =>
  fc.oneof(
    { weight: nothing, arbitrary: fc.constant(undefined) },
    { weight: 10 - nothing, arbitrary: fc.constantFrom(...values) },
  );

test('versions come in the order of the log, also where its positions get longer', async () => {
  const of = newArticle();
  played.push(events.started(of));
  const saves = Array.from({ length: 12 }, (_, at) =>
    told('ArticleRevised', {
      ...{ ...of, by: reporter, version: at + 2, base: at + 1, changed: ['p1'] },
      edit: { splices: [{ block: 'p1', at: 0, cut: 0, text: `${at + 2} ` }] },
    }),
  );
  // These are the first of the log here: positions 1 to 13.
  played.push(...saves);
  const after = await reading.send(...played);
  const { body } = await reading.after(after, 'auditor', `/articles/${of.articleId}/versions?limit=100`);
  expect((body.items as { version: number }[]).map(({ version }) => version)).toEqual(
    Array.from({ length: 13 }, (_, at) => 13 - at),
  );
  const now = await reading.call('auditor', `/articles/${of.articleId}/moment?at=2029-01-01T00:00:00Z`);
  expect(now.body).toMatchObject({ version: 13 });
  expect(JSON.stringify(now.body.content)).toContain('13 12 11 10 9 8 7 6 5 4 3 2 It is open.');
});

test('the board as it was at any instant is what playing everything again up to then comes to', async () => {
  const articles = Array.from({ length: 8 }, newArticle);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const some = <T>(arbitrary: fc.Arbitrary<T>, many: number) => fc.sample(arbitrary, { numRuns: many, seed });
  const started = articles.map((of, at) => events.started({ ...of, desk: desks[at % 2] }));
  const happened = some(
    fc.tuple(fc.constantFrom(...articles), fc.constantFrom(...happenings), fc.integer({ min: 1, max: 3 })),
    300,
  );
  const all = [...played, ...started, ...happened.map(([of, happening, number]) => happening(of, number))];
  await reading.after(await reading.send(...all.slice(played.length)), 'auditor', `/board?at=${at}`);
  const instants = fc.constantFrom(
    ...all.map(({ time }) => time),
    '2026-01-01T00:00:00.000000Z',
    '2029-01-01T00:00:00.000000Z',
  );
  const questions = some(
    fc.record({
      instant: instants.chain((time) => fc.constantFrom(time, time.replace(/\.\d{6}Z/, '.900000Z'))),
      desk: orNothing(5, desks),
      stage: rarely('subs'),
      state: rarely('draft', 'editing', 'spiked', 'approved'),
      publication: rarely('none', 'cleared', 'published', 'held', 'kill-asked'),
      assignee: rarely(...assignees.map((one) => one.id)),
      legal: rarely('required', 'passed'),
      awaits: rarely(...steps.map(({ by }) => by)),
      secondLook: rarely('owed', 'overdue'),
      next: rarely('writer', 'desk', 'editor', 'legal', 'chief', 'duty-editor', 'kill-signer'),
    }),
    200,
  );
  for (const { instant, ...filters } of questions) {
    const asked = Object.entries(filters).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams([['at', instant], ...asked] as [string, string][]).toString();
    const naive = replayed(all, instant).filter((row) => asked.every((filter) => fits(row, filter)));
    const { body } = await reading.call('auditor', `/board?${query}`);
    const found = await allOf(reading, 'auditor', `/board?${query}&limit=3`);
    expect({ seed, query, count: body.count }).toEqual({ seed, query, count: naive.length });
    expect({ seed, query, found }).toMatchObject({ seed, query, found: naive.map(asItem) });
  }
  for (const { instant } of questions.slice(0, 40)) {
    const { articleId } = articles[0] ?? newArticle();
    const row = replayed(all, instant).find(({ article_id: other }) => other === articleId);
    const { status, body } = await reading.call('auditor', `/articles/${articleId}/moment?at=${instant}`);
    expect({ seed, instant, status }).toEqual({ seed, instant, status: row ? 200 : 404 });
    if (!row) continue;
    expect(body).toMatchObject({ board: asItem(row), version: row.version, content: { headline: row.headline } });
    const history = await allOf(reading, 'auditor', `/articles/${articleId}/history?limit=100&at=${instant}`);
    const then = all.filter(({ key, time }) => key === articleId && time <= instant);
    expect(history).toHaveLength(then.length);
  }
  // Now is the last of all instants.
  const now = await reading.call('auditor', '/board?limit=100');
  expect(itemsOf(await reading.call('auditor', '/board?limit=100&at=2029-01-01T00:00:00Z'))).toEqual(itemsOf(now));
});

test('of articles that a page does not show, the board of an instant reads an index and no rows', async () => {
  const client = new pg.Client({ connectionString: reading.database.urls.reading });
  await client.connect();
  await client.query('set enable_seqscan = off; set enable_bitmapscan = off');
  const page = boardPage({ condition: 'true', place: 'true', limit: '3' }, boardAt(`'${at}'`));
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain ${page}`);
  await client.end();
  const lines = rows.map((row) => row['QUERY PLAN']);
  expect(lines.filter((line) => line.includes(' using newsroom_board_moment_lasted'))).toEqual([
    expect.stringContaining('Index Only Scan'),
  ]);
});

test('my work is what waits for me: what I write or have in hand, and what waits for my role', async () => {
  const [mine, inHand, legal, out] = [newArticle(), newArticle(), newArticle(), newArticle()];
  const by = (name: string) => ({ by: { id: name, name } });
  const before = events.started({ ...mine, ...by('reporter') });
  const after = await reading.send(
    before,
    events.started(inHand),
    events.claimed({ ...inHand, ...by('editor') }),
    events.started(legal),
    told('LegalCheckRequested', { ...legal, ...why }),
    events.started(out),
    events.opened(1, content(), out),
    told('ArticleSubmitted', { ...mine, by: reporter, version: 1 }),
  );
  const work = async (role: string, query = '') =>
    itemsOf(await reading.after(after, role, `/my-work?limit=100${query}`)).map(({ articleId }) => articleId);
  expect(await work('reporter', `&at=${before.time}`)).toEqual([mine.articleId]);
  expect(await work('reporter')).toEqual([]);
  expect(await work('editor')).toEqual([inHand.articleId]);

  expect(await work('legal')).toContain(legal.articleId);
  expect(await work('legal')).not.toContain(out.articleId);
  expect(await work('duty-editor')).toContain(out.articleId);
  expect(await work('chief')).toContain(mine.articleId);
  const board = async (query: string) =>
    itemsOf(await reading.call('chief', `/board?limit=100&${query}`)).map(({ articleId }) => articleId);
  expect(await board('next=legal&writer=r')).toContain(legal.articleId);
  expect(await board('next=legal&writer=reporter')).toEqual([]);
  const opened = told('CorrectionOpened', { ...out, ...fix, by: editor, desk: 'city', base: 1, content: content() });
  const asked = told('CorrectionLegalCheckRequested', { ...out, ...fix, ...why });
  const pending = await reading.send(opened, asked);
  expect(itemsOf(await reading.after(pending, 'legal', '/my-work'))).toContainEqual(expect.objectContaining(out));
  for (const query of ['next=legal', 'legal=required']) expect(await board(query)).toContain(out.articleId);
  const passed = told('CorrectionLegalCheckAnswered', { ...out, ...fix, ...why, version: 1, answer: 'pass' });
  await reading.after(await reading.send(passed), 'legal', '/board');
  for (const query of ['next=legal', 'legal=required']) expect(await board(query)).not.toContain(out.articleId);
  expect(await board(`legal=required&at=${asked.time}`)).toContain(out.articleId);
  const law = { step: 'law', by: 'legal' };
  const correction = { ...out, ...fix, by: editor };
  const inSteps = await reading.send(
    told('CorrectionApprovalStepsTaken', { ...correction, steps: [law], applied: { desk: 1 }, awaits: law }),
    told('CorrectionRevised', { ...correction, version: 2, content: content(), changed: ['p1'] }),
  );
  expect(itemsOf(await reading.after(inSteps, 'legal', '/my-work'))).toContainEqual(
    expect.objectContaining({ ...out, corrections: [{ ...fix, legal: 'required', awaits: law }] }),
  );
  expect(await board('awaits=legal')).toContain(out.articleId);
  expect(await board('next=desk&writer=reporter')).toEqual([mine.articleId]);
});

test("what is in editing and in nobody's hands is work of whoever writes it, and of its desk and chiefs; so is a step for another editor", async () => {
  const [open, second] = [newArticle(), newArticle()];
  const other = { id: 'other', name: 'O' };
  const [first, last] = ['Sub-editor', 'Second reader'].map((step) => ({ step, by: 'editor' }));
  const taken = { ...second, by: other, steps: [first, last], applied: { desk: 1 }, awaits: first };
  const after = await reading.send(
    events.started({ ...open, by: { ...reporter, id: 'reporter' } }),
    events.approved(1, content(), open),
    told('NextVersionOpened', { ...open, by: other }),
    events.started(second),
    events.claimed({ ...second, by: other }),
    told('ApprovalStepsTaken', taken),
  );
  const work = async (role: string, position = after) =>
    itemsOf(await reading.after(position, role, '/my-work?limit=100')).map(({ articleId }) => articleId);
  expect(await work('reporter')).toContain(open.articleId);
  expect(await work('chief')).toContain(open.articleId);
  expect(await work('chief')).not.toContain(second.articleId);
  const passed = { ...second, by: other, version: 1, step: 'Sub-editor', awaits: last };
  const later = await reading.send(told('ApprovalStepPassed', passed));
  expect(await work('chief', later)).toContain(second.articleId);
});

test('what is assigned to somebody is theirs to write, until it is taken from them', async () => {
  const of = newArticle();
  const to = { id: 'chief', name: 'Carl' };
  const given = [events.started(of), told('ArticleAssigned', { ...of, by: editor, to })];
  const after = await reading.send(...given);
  const ids = async (path: string, position = after) =>
    itemsOf(await reading.after(position, 'chief', path)).map(({ articleId }) => articleId);
  expect(await ids('/my-work?limit=100')).toContain(of.articleId);
  expect(await ids('/board?assignee=chief')).toEqual([of.articleId]);
  const taken = await reading.send(told('ArticleUnassigned', { ...of, by: editor }));
  expect(await ids('/board?assignee=chief', taken)).toEqual([]);
  expect(await ids('/my-work', taken)).not.toContain(of.articleId);
  expect(await ids(`/my-work?at=${given[1]?.time ?? ''}`)).toContain(of.articleId);
});

test('what somebody writes with others is theirs as well, for as long as they do', async () => {
  const of = newArticle();
  const writer = { id: 'chief', name: 'Carl' };
  const started = events.started(of);
  const added = told('CoWriterAdded', { ...of, by: editor, writer });
  const after = await reading.send(started, added);
  const work = async (position: string, query = '') =>
    itemsOf(await reading.after(position, 'chief', `/my-work?limit=100${query}`)).map(({ articleId }) => articleId);
  expect(await work(after)).toContain(of.articleId);
  const later = await reading.send(told('CoWriterRemoved', { ...of, by: editor, writer: writer.id }));
  expect(await work(later)).not.toContain(of.articleId);
  expect(await work(later, `&at=${added.time}`)).toContain(of.articleId);
});

test('whose deadline is over is found, as of any instant, until the text is approved', async () => {
  const of = newArticle();
  const deadline = '2026-03-01T17:00:00.000000Z';
  const after = await reading.send(
    events.started(of),
    told('DeadlineSet', { ...of, by: editor, deadline, zone: 'Asia/Karachi' }),
  );
  const found = async (query: string) =>
    itemsOf(await reading.after(after, 'reporter', `/board?${query}`)).filter(
      ({ articleId }) => articleId === of.articleId,
    );
  expect(await found('deadline=missed')).toMatchObject([
    { deadline: { at: deadline, zone: 'Asia/Karachi', missed: true } },
  ]);
  const alone = { ...of, by: editor, at: deadline, version: 1, blocks: [], reason: 'R' };
  const later = await reading.send(events.approved(1, content(), of), told('ApprovedAlone', alone));
  expect((await reading.after(later, 'reporter', '/board?deadline=missed&desk=nowhere')).status).toBe(200);
  expect(await found('deadline=missed')).toEqual([]);
  expect(await found('secondLook=owed')).toMatchObject([{ deadline: { missed: false }, next: ['desk'] }]);
  expect(await found('secondLook=overdue')).toEqual([]);
});
