import { article, type Desk, publication, story, until } from './desk.ts';

/** Plays what it takes for every kind of message to be sent once. */
export async function playEverything(desk: Desk): Promise<void> {
  await writeAndReturn(desk);
  await spikeInTime(desk);
  await spikeTooLate(desk);
  await correctAndTakeDown(desk);
  await overtake(desk);
  await kill(desk);
  await schedule(desk);
  await askLegal(desk);
  await inSteps(desk);
  await continueIt(desk);
  await startFromTemplate(desk);
  await retractSource(desk);
  await shareIt(desk);
  await cover(desk);
}

/** A lawyer passes a text, a chief lets the next words go without; for a while it is not for publication. */
async function askLegal({ newsroom, reporter, editor, chief }: Desk): Promise<void> {
  const { id } = await reporter.command('drafting', '/articles', story);
  const why = { reason: 'The mayor may sue.' };
  const on = { version: 1, block: 'p1', from: 3, to: 5 };
  await editor.command('drafting', article(id, 'request-legal-check'), why);
  const lawyer = newsroom.as('legal', 'lea');
  await lawyer.command('drafting', article(id, 'answer-legal-check'), { version: 1, answer: 'pass' });
  await editor.command('drafting', article(id, 'request-legal-check'), why);
  await chief.command('drafting', article(id, 'waive-legal-check'), { version: 1, reason: 'Nothing in it is new.' });
  await reporter.command('drafting', article(id, 'add-note'), { note: 'Is that so?', mentions: ['edna'], on });
  const { notes } = (await editor.get('drafting', `/articles/${id}/notes`)).body as { notes: { id: string }[] };
  await editor.command('drafting', article(id, 'resolve-note'), { noteId: notes[0]?.id });
  const block = { id: 'p1', kind: 'paragraph', html: 'It is open to all.' };
  const suggest = async (version: number) => {
    await reporter.command('drafting', article(id, 'suggest-edit'), { version, block, note: 'Clearer.' });
    const { body } = await reporter.get('drafting', `/articles/${id}/suggestions`);
    return { suggestionId: (body as { suggestions: { id: string }[] }).suggestions.at(-1)?.id };
  };
  await reporter.command('drafting', article(id, 'reject-suggestion'), { ...(await suggest(1)), reason: 'Too long.' });
  await reporter.command('drafting', article(id, 'accept-suggestion'), { ...(await suggest(1)), version: 1 });
  await editor.command('drafting', article(id, 'mark-not-for-publication'), why);
  await editor.command('drafting', article(id, 'unmark-not-for-publication'), { reason: 'The mayor agreed.' });
}

/** Who is quoted without a name has made it up; the editor says what was done about it. */
async function retractSource({ reporter, editor }: Desk): Promise<void> {
  const speaker = 'an officer of the bridge';
  const attributions = [{ speaker, kind: 'person', terms: 'anonymous' }];
  const blocks = [{ id: 'q1', kind: 'quote', html: '“It is open,” said an officer.', attributions }];
  const { id } = await reporter.command('drafting', '/articles', { ...story, blocks });
  const source = { desk: story.desk, description: speaker, why: 'Fear.', identity: { names: ['Mira Tolland'] } };
  const { id: sourceId } = await reporter.command('drafting', '/sources', source);
  await reporter.command('drafting', article(id, 'attribute'), { block: 'q1', speaker, sourceId });
  await reporter.command('drafting', `/sources/${sourceId}/retract`, { reason: 'Made up.' });
  const { tasks } = (await editor.get('drafting', `/articles/${id}`)).body as { tasks: { id: string }[] };
  await editor.command('drafting', article(id, 'settle-task'), { taskId: tasks[0]?.id, how: 'The quote is cut.' });
}

/** A desk has its texts approved in steps: one is passed, reopened by an edit, rejected and resumed; one is skipped. */
async function inSteps({ reporter, duty, chief }: Desk): Promise<void> {
  const steps = [
    { step: 'duty', by: 'duty-editor' },
    { step: 'subs', by: 'editor' },
    { step: 'chief', by: 'chief' },
  ];
  await chief.command('drafting', '/desks/sport/set-approval', { steps });
  const { id } = await reporter.command('drafting', '/articles', { ...story, desk: 'sport' });
  await reporter.command('drafting', article(id, 'submit'));
  await chief.command('drafting', article(id, 'claim'));
  await duty.command('drafting', article(id, 'approve'), { version: 1 });
  const put = [{ id: 'p1', kind: 'paragraph', html: 'It is open again.' }];
  await reporter.command('drafting', article(id, 'revise'), { base: 1, put });
  await duty.command('drafting', article(id, 'approve'), { version: 2 });
  const reason = 'Ask the mayor first.';
  await chief.command('drafting', article(id, 'reject-approval'), { version: 2, reason });
  await chief.command('drafting', article(id, 'resume-approval'));
  await chief.command('drafting', article(id, 'skip-approval-step'), { step: 'subs', reason });
}

/** A text goes to and fro between its writer and the desk; a next version is opened and given up; a spike is taken back. */
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

/** Out, commented, corrected, updated, taken down and back. */
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
  const note = 'The time of the opening was wrong.';
  await until(async () => (await desk.eventsOf('publication', `publication-${id}`)).includes('VersionWaiting'));
  await duty.command('publication', publication(id, 'unpublish'), { reason: 'A doubt.' });
  await duty.command('publication', publication(id, 'correct'), { version: 3, note, after: waiting.position });
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

/** A version is taken before release; a kill is declined, another one signed while an approval is on its way. */
async function kill(desk: Desk): Promise<void> {
  const { approved, approvedAgain, duty, chief, comment, hold, letGo, eventsOf } = desk;
  const { id } = await approved();
  const { position } = await approvedAgain(id);
  const taken = async () =>
    (await duty.post('publication', publication(id, 'take-version'), { version: 2 })).status === 200;
  await until(taken);
  const out = await duty.command('publication', publication(id, 'publish'), { version: 2, after: position });
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

/** Scheduled, taken off, and scheduled again for a moment from now: it goes out by itself. */
async function schedule({ approved, duty, stateOf }: Desk): Promise<void> {
  const { id } = await approved();
  await until(async () => (await stateOf('publication', id)) === 'cleared');
  const when = { version: 1, zone: 'UTC', late: 'publish-late' };
  await duty.command('publication', publication(id, 'schedule'), { ...when, at: '2096-03-01T06:00' });
  await duty.command('publication', publication(id, 'deschedule'));
  const at = new Date(Date.now() + 3000).toISOString().slice(0, 19);
  await duty.command('publication', publication(id, 'schedule'), { ...when, at });
  await until(async () => (await stateOf('publication', id)) === 'published');
}

/** A follow-up is begun and unlinked; what must be before the original may go out changes after its approval. */
async function continueIt({ approved, reporter, editor, chief, eventsOf }: Desk): Promise<void> {
  const { id: to } = await approved();
  const { id } = await reporter.command('drafting', article(to, 'start-follow-up'));
  await editor.command('drafting', article(id, 'unlink'), { as: 'follow-up-of', to });
  const embargo = { at: '2096-03-01T06:00', zone: 'UTC', reason: 'Agreed.' };
  await editor.command('drafting', article(to, 'set-embargo'), embargo);
  await until(async () => (await eventsOf('publication', `publication-${to}`)).includes('ReleaseConditionsRecorded'));
  await chief.command('drafting', article(to, 'drop-embargo'), { reason: 'It leaked.' });
}

async function startFromTemplate({ reporter, editor, eventsOf }: Desk): Promise<void> {
  const { id } = await editor.command('drafting', '/templates', { name: 'Bridge', ...story });
  const started = await reporter.command('drafting', `/templates/${id}/start-article`);
  await until(async () => (await eventsOf('drafting', `article-${started.id}`)).includes('ArticleStarted'));
}

/** A second writer comes and goes, and so does a deadline. */
async function shareIt({ reporter, editor }: Desk): Promise<void> {
  const { id } = await reporter.command('drafting', '/articles', story);
  await editor.command('drafting', article(id, 'add-co-writer'), { writer: { id: 'sami', name: 'Sami' } });
  await editor.command('drafting', article(id, 'remove-co-writer'), { writer: 'sami' });
  await editor.command('drafting', article(id, 'set-deadline'), { at: '2096-03-01T06:00', zone: 'UTC' });
  await editor.command('drafting', article(id, 'clear-deadline'));
}

/** What is to be covered is planned, assigned, cancelled and taken up again; it is done when its article is out. */
async function cover({ published, reporter, editor, eventsOf }: Desk): Promise<void> {
  const [starts, due] = ['10:00', '15:00'].map((time) => ({ at: `2026-03-02T${time}`, zone: 'UTC' }));
  const { id } = await editor.command('drafting', '/plans', { desk: 'city', name: 'Opening', starts });
  const plan = (command: string, body: object = {}) => editor.command('drafting', `/plans/${id}/${command}`, body);
  await plan('change', { name: 'Opening of the bridge', starts });
  await plan('add-coverage', { what: 'text', due });
  const { coverages } = (await editor.get('drafting', `/plans/${id}`)).body as { coverages: { id: string }[] };
  const of = { coverageId: coverages[0]?.id };
  const reason = 'Rain.';
  await plan('change-coverage', { ...of, what: 'text', note: 'Thirty lines.' });
  await plan('assign', { ...of, to: { id: 'rana', name: 'Rana' } });
  await reporter.command('drafting', `/plans/${id}/accept`, of);
  await reporter.command('drafting', `/plans/${id}/decline`, { ...of, reason });
  await plan('cancel-coverage', { ...of, reason });
  await plan('restore-coverage', of);
  await plan('cancel', { reason });
  await plan('restore');
  await plan('link-article', { ...of, articleId: (await published()).id });
  await until(async () => (await eventsOf('drafting', `plan-${id}`)).includes('CoverageCompleted'));
}
