import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { article, type Desk, openDesk, publication, until } from './desk.ts';

/** The rules that two services keep between them, each in both orders, through real processes, logs and topics. */
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
}, 120_000);
afterAll(() => desk.close());

const comment = (articleId: string, more: object = {}) => ({
  ...{ articleId, reader: { id: 'leo', name: 'Leo' }, text: 'Good to hear.', articleVersion: 1 },
  ...more,
});

test('a spike that publication hears of in time stops the story', async () => {
  const { id, position } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.editor.command('drafting', article(id, 'spike'), { reason: 'not true' });
  await until(async () => (await desk.stateOf('publication', id)) === 'stopped');
  const refused = await desk.duty.post('publication', publication(id, 'publish'), { version: 1, after: position });
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'stopped' } });
  expect(await desk.stateOf('drafting', id)).toBe('spiked');
});

test('a spike that comes too late is taken back, and both services tell so', async () => {
  const { id } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.hold('drafting');
  await desk.editor.command('drafting', article(id, 'spike'), { reason: 'not true' });
  await desk.duty.command('publication', publication(id, 'publish'), { version: 1 });
  await desk.letGo('drafting');
  await until(async () => (await desk.stateOf('drafting', id)) === 'approved');
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('StopTooLate'));
  expect(await desk.eventsOf('drafting', `article-${id}`)).toContain('SpikeTakenBack');
  expect(await desk.stateOf('publication', id)).toBe('published');
});

const withdraw = { version: 1, reason: 'The mayor denies it.' };

test('an approval that is withdrawn in time goes nowhere, and is approved again after the answer', async () => {
  const { id, position } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.hold('publication');
  await desk.editor.command('drafting', article(id, 'withdraw-approval'), { ...withdraw, ifOut: 'hold' });
  await until(async () => (await desk.stateOf('publication', id)) === 'stopped');
  const early = await desk.editor.post('drafting', article(id, 'approve'), { version: 1 });
  expect(early).toMatchObject({ status: 409, body: { code: 'withdrawal-pending' } });
  const refused = await desk.duty.post('publication', publication(id, 'publish'), { version: 1, after: position });
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'stopped' } });
  await desk.letGo('publication');
  await until(async () => (await desk.editor.post('drafting', article(id, 'approve'), { version: 1 })).status === 200);
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
});

test('an approval that is withdrawn too late stands, and both services tell so', async () => {
  const { id } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.hold('drafting');
  await desk.editor.command('drafting', article(id, 'withdraw-approval'), withdraw);
  await desk.duty.command('publication', publication(id, 'publish'), { version: 1 });
  await desk.letGo('drafting');
  await until(async () => (await desk.stateOf('drafting', id)) === 'approved');
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('StopTooLate'));
  expect(await desk.eventsOf('drafting', `article-${id}`)).toContain('WithdrawalTooLate');
  expect(await desk.stateOf('publication', id)).toBe('published');
});

test('where it was asked for, what comes too late holds what is out, until somebody releases it', async () => {
  const { id, position } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.hold('drafting');
  await desk.editor.command('drafting', article(id, 'withdraw-approval'), { ...withdraw, ifOut: 'hold' });
  await desk.duty.command('publication', publication(id, 'publish'), { version: 1, after: position });
  await desk.letGo('drafting');
  await until(async () => (await desk.stateOf('publication', id)) === 'held');
  await until(async () => (await desk.stateOf('drafting', id)) === 'approved');
  const page = (after: string) => desk.site.get('reading', `/articles/${id}/page?after=${after}`);
  const { position: released } = await desk.duty.command('publication', publication(id, 'release'), {
    reason: 'It is so.',
  });
  expect((await page(released)).status).toBe(200);
  expect((await desk.eventsOf('publication', `publication-${id}`)).slice(-3)).toEqual([
    ...['ArticleHeld', 'StopTooLate', 'HoldReleased'],
  ]);
});

/** A correction of what is out, ready to be approved by the editor. */
async function correction(articleId: string, html: string): Promise<string> {
  await until(async () => {
    const { body } = await desk.editor.get('drafting', `/articles/${articleId}`);
    return (body.publication as { state: string }).state === 'published';
  });
  const { id } = await desk.reporter.command('drafting', '/corrections', { articleId });
  const put = [{ id: 'p1', kind: 'paragraph', html }];
  await desk.reporter.command('drafting', `/corrections/${id}/revise`, { base: 1, put });
  return id;
}
const approve = (id: string) => desk.editor.command('drafting', `/corrections/${id}/approve`, { version: 2 });
const note = 'It is not.';

test('of two corrections of one text the first that goes out stands; the other is told to be outdated, in both orders', async () => {
  const { id } = await desk.published();
  const [early, late] = [await correction(id, 'It is shut.'), await correction(id, 'It is closed.')];
  await approve(early);
  const after = (await approve(late)).position;
  // Approved last, out first.
  await desk.duty.command('publication', publication(id, 'correct'), { correctionId: late, note, after });
  const stale = await desk.duty.post('publication', publication(id, 'correct'), { correctionId: early, note });
  expect(stale.status).not.toBe(200);
  expect(await desk.eventsOf('publication', `publication-${id}`)).toContain('CorrectionOutdated');
});

test('a correction that is approved after its text was corrected otherwise is outdated as soon as it arrives', async () => {
  const { id } = await desk.published();
  const [early, late] = [await correction(id, 'It is shut.'), await correction(id, 'It is closed.')];
  const after = (await approve(early)).position;
  await desk.duty.command('publication', publication(id, 'correct'), { correctionId: early, note, after });
  await approve(late);
  const types = () => desk.eventsOf('publication', `publication-${id}`);
  await until(async () => (await types()).at(-1) === 'CorrectionOutdated');
  expect((await types()).slice(-2)).toEqual(['CorrectionReady', 'CorrectionOutdated']);
});

test('a correction that is approved while its article is killed goes nowhere, and drafting is told', async () => {
  const { id } = await desk.published();
  const [approved, open] = [await correction(id, 'It is shut.'), await correction(id, 'It is closed.')];
  await desk.hold('drafting');
  await approve(approved);
  await desk.duty.command('publication', publication(id, 'ask-kill'), { reason: 'libel' });
  await desk.chief.command('publication', publication(id, 'sign-kill'));
  await until(async () => (await desk.stateOf('drafting', id)) === 'killed');
  await desk.letGo('drafting');
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('ApprovalIgnored'));
  // The kill ends those that nobody has approved.
  await until(async () => (await desk.editor.get('drafting', `/corrections/${open}`)).body.state === 'discarded');
  const refused = await desk.reporter.post('drafting', '/corrections', { articleId: id });
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-published', state: 'killed' } });
});

test('a story that drafting knows to be live cannot be spiked', async () => {
  const { id } = await desk.published();
  await until(async () => {
    const { body } = await desk.editor.get('drafting', `/articles/${id}`);
    return (body.publication as { state: string }).state === 'published';
  });
  const refused = await desk.editor.post('drafting', article(id, 'spike'), { reason: 'not true' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'story-is-live' } });
});

/** Out, with a version that waits to follow it. */
async function withOneWaiting() {
  const { id } = await desk.published();
  const { position } = await desk.approvedAgain(id);
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('VersionWaiting'));
  const update = () =>
    desk.duty.post('publication', publication(id, 'correct'), { version: 2, note: 'It is open.', after: position });
  const forbid = () =>
    desk.editor.command('drafting', article(id, 'mark-not-for-publication'), { reason: 'A threat.' });
  const answered = (type: string) =>
    until(async () => {
      const sql = `select from drafting.event where stream = $1 and payload->>'event' = $2`;
      return (await desk.admin.query(sql, [`article-${id}`, type])).rowCount === 1;
    });
  return { id, update, forbid, answered };
}

test('a version that may not go out, stopped while it waits, does not; what is out stays', async () => {
  const { id, update, forbid, answered } = await withOneWaiting();
  await forbid();
  await answered('VersionStopped');
  expect(await update()).toMatchObject({ status: 409, body: { code: 'nothing-waiting' } });
  expect(await desk.stateOf('publication', id)).toBe('published');
});

test('one that went out before the stop stays out, and drafting is told that it came too late', async () => {
  const { update, forbid, answered } = await withOneWaiting();
  await desk.hold('drafting');
  await forbid();
  expect((await update()).status).toBe(200);
  await desk.letGo('drafting');
  await answered('StopTooLate');
});

test('an approval on its way when a story is killed is ignored, and drafting is told; after that there is none', async () => {
  const { id } = await desk.published();
  await desk.hold('drafting');
  await desk.approvedAgain(id);
  await desk.duty.command('publication', publication(id, 'ask-kill'), { reason: 'libel' });
  await desk.chief.command('publication', publication(id, 'sign-kill'));
  await desk.letGo('drafting');
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('ApprovalIgnored'));
  await until(async () => (await desk.stateOf('drafting', id)) === 'killed');
  expect(await desk.stateOf('publication', id)).toBe('killed');
  const refused = await desk.editor.post('drafting', article(id, 'open-next-version'));
  expect(refused).toMatchObject({ status: 409, body: { code: 'not-allowed-now', state: 'killed' } });
});

test('publishing right after the approval waits for it, and says so when it does not arrive', async () => {
  await desk.hold('drafting');
  const held = await desk.approved();
  const early = await desk.duty.post('publication', publication(held.id, 'publish'), {
    version: 1,
    after: held.position,
  });
  expect(early).toMatchObject({ status: 409, body: { code: 'approval-not-arrived' } });
  await desk.letGo('drafting');
  // Most of the time it is there within the wait; a relay that was held looks for its lease twice a second.
  await until(async () => (await desk.stateOf('publication', held.id)) === 'cleared');
  await desk.duty.command('publication', publication(held.id, 'publish'), { version: 1, after: held.position });
});

test('a comment before its thread: later, when the site knows that the article is out; else there is no such article', async () => {
  const { id, position: cleared } = await desk.approved();
  await until(async () => (await desk.stateOf('publication', id)) === 'cleared');
  await desk.hold('publication');
  const { position } = await desk.duty.command('publication', publication(id, 'publish'), {
    version: 1,
    after: cleared,
  });
  const known = await desk.site.post('moderation', '/comments', comment(id, { after: position }));
  expect(known).toMatchObject({ status: 503, body: { code: 'not-here-yet' } });
  expect(Number(known.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await desk.site.post('moderation', '/comments', comment(id))).toMatchObject({ status: 404 });
  await desk.letGo('publication');
  await until(
    async () => (await desk.site.post('moderation', '/comments', comment(id, { after: position }))).status === 201,
  );
});

test('what was submitted before its thread froze stands, unseen until the article is back', async () => {
  const { id, position } = await desk.published();
  await until(
    async () => (await desk.site.post('moderation', '/comments', comment(id, { after: position }))).status === 201,
  );
  await desk.hold('publication');
  const { position: down } = await desk.duty.command('publication', publication(id, 'unpublish'), {
    reason: 'a doubt',
  });
  const second = await desk.site.command('moderation', '/comments', comment(id, { text: 'I was there.' }));
  const { position: decided } = await desk.moderator.command('moderation', `/comments/${second.id}/approve`, {
    revision: 1,
  });
  await desk.letGo('publication');
  const page = `/articles/${id}/page`;
  expect(await desk.site.get('reading', `${page}?after=${down}`)).toMatchObject({
    body: { code: 'page-withheld', state: 'unpublished' },
  });
  await until(async () => (await desk.site.post('moderation', '/comments', comment(id))).body.code === 'thread-frozen');
  const { position: back } = await desk.duty.command('publication', publication(id, 'publish'), { version: 1 });
  await desk.site.get('reading', `${page}?after=${back}`);
  const shown = await desk.site.get('reading', `${page}?after=${decided}`);
  expect(shown).toMatchObject({ status: 200, body: { comments: { count: 1, items: [{ text: 'I was there.' }] } } });
});

test('a kill closes the thread for ever, and what is pending there ends', async () => {
  const { id, position } = await desk.published();
  const pending = await (async () => {
    let answer = await desk.site.post('moderation', '/comments', comment(id, { after: position }));
    while (answer.status === 503)
      answer = await desk.site.post('moderation', '/comments', comment(id, { after: position }));
    return String(answer.body.id);
  })();
  await desk.duty.command('publication', publication(id, 'ask-kill'), { reason: 'libel' });
  await desk.chief.command('publication', publication(id, 'sign-kill'));
  await until(async () => (await desk.eventsOf('moderation', `comment-${pending}`)).includes('CommentEnded'));
  expect(await desk.site.post('moderation', '/comments', comment(id))).toMatchObject({
    status: 409,
    body: { code: 'thread-closed' },
  });
});
