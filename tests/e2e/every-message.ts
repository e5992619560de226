import { workAtTheDesk } from './desk-work.ts';
import { article, type Desk, publication, story, until } from './desk.ts';

/** Plays what it takes for every kind of message to be sent once. */
export async function playEverything(desk: Desk): Promise<void> {
  await writeAndReturn(desk);
  await spikeInTime(desk);
  await spikeTooLate(desk);
  await withdrawTooLate(desk);
  await correctAndTakeDown(desk);
  await overtake(desk);
  await stopInTime(desk);
  await kill(desk);
  await schedule(desk);
  await workAtTheDesk(desk);
}

/** A text goes to and fro between its writer and the desk; a next version is opened and given up; another comes back to what was approved. */
async function writeAndReturn({ reporter, editor, chief }: Desk): Promise<void> {
  const { id } = await reporter.command('drafting', '/articles', story);
  await reporter.command('drafting', article(id, 'lease'), { session: 'one' });
  await editor.command('drafting', article(id, 'take-over-lease'), { session: 'two', reason: 'Urgent.' });
  await reporter.command('drafting', article(id, 'submit'));
  await reporter.command('drafting', article(id, 'recall'));
  const quote = { id: 'q1', kind: 'quote', html: '“At last,” said the mayor.' };
  const speaker = { speaker: 'the mayor', kind: 'person', terms: 'on-record' };
  const put = [{ ...quote, attributions: [speaker] }];
  await reporter.command('drafting', article(id, 'revise'), { base: 1, put });
  await reporter.command('drafting', article(id, 'submit'));
  await editor.command('drafting', article(id, 'move'), { desk: 'sport', reason: 'A race over it.' });
  await chief.command('drafting', article(id, 'move'), { desk: 'city', reason: 'It is no race.' });
  await editor.command('drafting', article(id, 'return'), { note: 'Who opened it?' });
  await reporter.command('drafting', article(id, 'submit'));
  await editor.command('drafting', article(id, 'claim'));
  await editor.command('drafting', article(id, 'read-back'), { version: 2, blocks: ['q1'] });
  await editor.command('drafting', article(id, 'approve'), { version: 2 });
  await editor.command('drafting', article(id, 'open-next-version'));
  await editor.command('drafting', article(id, 'discard-next-version'));
  await editor.command('drafting', article(id, 'open-next-version'));
  await reporter.command('drafting', article(id, 'revise'), { base: 2, put: [{ ...quote, html: 'At last.' }] });
  await reporter.command('drafting', article(id, 'restore-version'), { version: 2, seen: 3 });
  await editor.command('drafting', article(id, 'approve'), { version: 4 });
}

/** A spike stops what is cleared; taken up and approved again, it is cleared again. */
async function spikeInTime({ approved, editor, stateOf }: Desk): Promise<void> {
  const { id } = await approved();
  await until(async () => (await stateOf('publication', id)) === 'cleared');
  await editor.command('drafting', article(id, 'spike'), { reason: 'The mayor denies it.' });
  await until(async () => (await stateOf('publication', id)) === 'stopped');
  await editor.command('drafting', article(id, 'unspike'));
  // The approval has to know of the stop.
  await until(async () => {
    const { body } = await editor.get('drafting', `/articles/${id}`);
    return (body.publication as { state: string }).state === 'stopped';
  });
  await editor.command('drafting', article(id, 'approve'), { version: 1 });
  await until(async () => (await stateOf('publication', id)) === 'cleared');
}

async function spikeTooLate({ approved, editor, duty, hold, letGo, stateOf, eventsOf }: Desk): Promise<void> {
  const { id } = await approved();
  await until(async () => (await stateOf('publication', id)) === 'cleared');
  await hold('drafting');
  await editor.command('drafting', article(id, 'spike'), { reason: 'Not true.' });
  await duty.command('publication', publication(id, 'publish'), { version: 1 });
  await letGo('drafting');
  await until(async () => (await eventsOf('publication', `publication-${id}`)).includes('StopTooLate'));
}

/** An approval is taken back while the text goes out. */
async function withdrawTooLate({ approved, editor, duty, hold, letGo, stateOf, eventsOf }: Desk): Promise<void> {
  const { id } = await approved();
  await until(async () => (await stateOf('publication', id)) === 'cleared');
  await hold('drafting');
  await editor.command('drafting', article(id, 'withdraw-approval'), { version: 1, reason: 'The mayor denies it.' });
  await duty.command('publication', publication(id, 'publish'), { version: 1 });
  await letGo('drafting');
  await until(async () => (await eventsOf('drafting', `article-${id}`)).includes('WithdrawalTooLate'));
}

/** Out, commented, corrected, held and released, taken down, refiled, updated, and sent out again as it is. */
async function correctAndTakeDown(desk: Desk): Promise<void> {
  const { published, approvedAgain, duty, moderator, comment } = desk;
  const { id, position } = await published();
  const good = await comment(id, { after: position });
  await moderator.command('moderation', `/comments/${good.id}/approve`, { revision: 1 });
  const bad = await comment(id, {
    text: 'BUY MY WATCHES at http://watches.example NOW',
    reader: { id: 'bo', name: 'Bo' },
  });
  await moderator.command('moderation', `/comments/${bad.id}/reject`, { revision: 1, reason: 'commercial', note: '' });
  const sorry = await comment(id, { text: 'I take this back.' });
  await desk.site.command('moderation', `/comments/${sorry.id}/withdraw`, { revision: 1, readerId: 'leo' });
  await forget(desk, id);
  await correct(desk, id);
  const waiting = await approvedAgain(id);
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('VersionWaiting'));
  await duty.command('publication', publication(id, 'hold'), { reason: 'A doubt.' });
  await duty.command('publication', publication(id, 'release'), { reason: 'It is so.' });
  await duty.command('publication', publication(id, 'unpublish'), { reason: 'Another doubt.' });
  await duty.command('publication', publication(id, 'refile'), { version: 3, after: waiting.position });
  const { position: after } = await approvedAgain(id, 'Thousands have crossed it.');
  await duty.command('publication', publication(id, 'update'), { version: 4, nothingWasWrong: true, after });
  const { item } = (await duty.get('publication', `/publications/${id}`)).body;
  await duty.command('publication', publication(id, 'repeat'), { item });
}

/** A reader asks to be forgotten. */
async function forget({ newsroom, comment, eventsOf }: Desk, articleId: string): Promise<void> {
  const officer = newsroom.as('privacy-officer', 'pia');
  const { id } = await comment(articleId, { text: 'Forget me.', reader: { id: 'may', name: 'May' } });
  const { reader } = (await officer.get('moderation', `/comments/${id}`)).body as { reader: { id: string } };
  await officer.command('moderation', `/commenters/${reader.id}/erase`);
  await until(async () => (await eventsOf('moderation', `comment-${id}`)).includes('CommentErased'));
}

/** A correction that adds a block. */
async function correction({ reporter }: Desk, articleId: string, block: string): Promise<string> {
  const { id } = await reporter.command('drafting', '/corrections', { articleId });
  const put = [{ id: block, kind: 'paragraph', html: 'It is open to all.' }];
  await reporter.command('drafting', `/corrections/${id}/revise`, { base: 1, put });
  return id;
}

async function cleared({ editor }: Desk, id: string, block: string): Promise<string> {
  await editor.command('drafting', `/corrections/${id}/read-back`, { version: 2, blocks: [block] });
  return (await editor.command('drafting', `/corrections/${id}/approve`, { version: 2 })).position;
}

const note = 'The bridge is open to all.';

/** One correction is given up, another published; the working line has it then. */
async function correct(desk: Desk, articleId: string): Promise<void> {
  const givenUp = await correction(desk, articleId, 'p2');
  await desk.reporter.command('drafting', `/corrections/${givenUp}/discard`);
  const correctionId = await correction(desk, articleId, 'p2');
  const after = await cleared(desk, correctionId, 'p2');
  await desk.duty.command('publication', publication(articleId, 'correct'), { correctionId, note, after });
  await until(async () => (await desk.eventsOf('drafting', `article-${articleId}`)).includes('CorrectionMerged'));
}

/** Of two corrections that are ready, the one that goes out overtakes the other. */
async function overtake(desk: Desk): Promise<void> {
  const { id } = await desk.published();
  await until(async () => (await desk.reporter.post('drafting', '/corrections', { articleId: id })).status === 201);
  const overtaken = await correction(desk, id, 'p2');
  const correctionId = await correction(desk, id, 'p3');
  await cleared(desk, overtaken, 'p2');
  const after = await cleared(desk, correctionId, 'p3');
  await desk.duty.command('publication', publication(id, 'correct'), { correctionId, note, after });
}

/** What waits to follow what is out is stopped: a version, and a correction. */
async function stopInTime(desk: Desk): Promise<void> {
  const { id } = await desk.published();
  await until(async () => (await desk.reporter.post('drafting', '/corrections', { articleId: id })).status === 201);
  const correctionId = await correction(desk, id, 'p2');
  await desk.approvedAgain(id);
  await cleared(desk, correctionId, 'p2');
  const happened = async (type: string) => (await desk.eventsOf('publication', `publication-${id}`)).includes(type);
  await until(async () => (await happened('VersionWaiting')) && (await happened('CorrectionReady')));
  await desk.editor.command('drafting', article(id, 'mark-not-for-publication'), { reason: 'The mayor asks.' });
  await until(async () => (await happened('VersionStopped')) && (await happened('CorrectionStopped')));
}

/** A version is taken before release; a kill is declined, another one signed while an approval is on its way. */
async function kill(desk: Desk): Promise<void> {
  const { approved, approvedAgain, duty, chief, comment, hold, letGo, eventsOf } = desk;
  const { id } = await approved();
  const { position } = await approvedAgain(id);
  const taken = async () =>
    (await duty.post('publication', publication(id, 'take-version'), { version: 2 })).status === 200;
  await until(taken);
  const out = await duty.command('publication', publication(id, 'publish'), { version: 2, after: position });
  const pack = await desk.editor.command('drafting', '/packages', { desk: 'city', kind: 'list', name: 'Read more' });
  await desk.editor.command('drafting', `/packages/${pack.id}/arrange`, { parts: [{ is: 'article', id }] });
  await comment(id, { after: out.position });
  await duty.command('publication', publication(id, 'ask-kill'), { reason: 'Libel?' });
  await chief.command('publication', publication(id, 'decline-kill'), { reason: 'It is true.' });
  await hold('drafting');
  await desk.editor.command('drafting', article(id, 'open-next-version'));
  await desk.editor.command('drafting', article(id, 'approve'), { version: 2 });
  await duty.command('publication', publication(id, 'ask-kill'), { reason: 'Libel.' });
  await chief.command('publication', publication(id, 'sign-kill'));
  await letGo('drafting');
  await until(async () => (await eventsOf('publication', `publication-${id}`)).includes('ApprovalIgnored'));
  const stopped = await approved();
  await until(async () => (await desk.stateOf('publication', stopped.id)) === 'cleared');
  await desk.editor.command('publication', publication(stopped.id, 'stop'), { reason: 'Wait for the lawyer.' });
}

/** Scheduled, taken off, and scheduled again for a moment from now: it goes out by itself, and so does the version that follows it. */
async function schedule({ approved, approvedAgain, duty, stateOf, eventsOf }: Desk): Promise<void> {
  const { id } = await approved();
  await until(async () => (await stateOf('publication', id)) === 'cleared');
  const when = { version: 1, zone: 'UTC', late: 'publish-late' };
  await duty.command('publication', publication(id, 'schedule'), { ...when, at: '2096-03-01T06:00' });
  await duty.command('publication', publication(id, 'deschedule'));
  const soon = () => ({ at: new Date(Date.now() + 3000).toISOString().slice(0, 19) });
  await duty.command('publication', publication(id, 'schedule'), { ...when, ...soon() });
  await until(async () => (await stateOf('publication', id)) === 'published');
  await approvedAgain(id);
  const happened = async (type: string) => (await eventsOf('publication', `publication-${id}`)).includes(type);
  await until(() => happened('VersionWaiting'));
  const update = { ...when, version: 2, nothingWasWrong: true };
  await duty.command('publication', publication(id, 'schedule'), { ...update, at: '2096-03-01T06:00' });
  await duty.command('publication', publication(id, 'deschedule'));
  await duty.command('publication', publication(id, 'schedule'), { ...update, ...soon() });
  await until(() => happened('ArticleUpdated'));
}
