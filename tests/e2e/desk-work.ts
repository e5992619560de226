import { article, type Desk, story, until } from './desk.ts';

/** What a desk does besides writing, approving and publishing, so that every kind of message of it is sent once. */
export async function workAtTheDesk(desk: Desk): Promise<void> {
  await askLegal(desk);
  await inSteps(desk);
  await continueIt(desk);
  await startFromTemplate(desk);
  await retractSource(desk);
  await shareIt(desk);
  await hurry(desk);
  await correctInHaste(desk);
  await correctInSteps(desk);
  await cover(desk);
  await showTogether(desk);
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

const steps = [
  { step: 'duty', by: 'duty-editor' },
  { step: 'subs', by: 'editor' },
  { step: 'chief', by: 'chief' },
];
/** A desk has its texts approved in steps: one is passed, reopened by an edit, rejected and resumed; one is skipped. */
async function inSteps({ reporter, duty, chief }: Desk): Promise<void> {
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

/** So is a correction of what is out. */
async function correctInSteps({ published, reporter, duty, chief }: Desk): Promise<void> {
  const { id: articleId } = await published();
  await until(async () => (await reporter.post('drafting', '/corrections', { articleId })).status === 201);
  await chief.command('drafting', `/desks/${story.desk}/set-approval`, { steps });
  const { id } = await reporter.command('drafting', '/corrections', { articleId });
  await chief.command('drafting', `/desks/${story.desk}/set-approval`, { steps: [] });
  const save = (base: number, html: string) =>
    reporter.command('drafting', `/corrections/${id}/revise`, { base, put: [{ id: 'p1', kind: 'paragraph', html }] });
  await save(1, 'It is open to all.');
  await duty.command('drafting', `/corrections/${id}/approve`, { version: 2 });
  await save(2, 'It is open again.');
  await duty.command('drafting', `/corrections/${id}/approve`, { version: 3 });
  const reason = 'Ask the mayor first.';
  await chief.command('drafting', `/corrections/${id}/reject-approval`, { version: 3, reason });
  await chief.command('drafting', `/corrections/${id}/resume-approval`);
  await chief.command('drafting', `/corrections/${id}/skip-approval-step`, { step: 'subs', reason });
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

/** A second writer comes and goes, so do an assignee and a deadline; the next one is missed. */
async function shareIt({ admin, reporter, editor, eventsOf }: Desk): Promise<void> {
  const { id } = await reporter.command('drafting', '/articles', story);
  await editor.command('drafting', article(id, 'add-co-writer'), { writer: { id: 'sami', name: 'Sami' } });
  await editor.command('drafting', article(id, 'remove-co-writer'), { writer: 'sami' });
  await editor.command('drafting', article(id, 'set-deadline'), { at: '2096-03-01T06:00', zone: 'UTC' });
  await editor.command('drafting', article(id, 'assign'), { to: { id: 'rana', name: 'Rana' } });
  await editor.command('drafting', article(id, 'unassign'));
  await editor.command('drafting', article(id, 'clear-deadline'));
  await editor.command('drafting', article(id, 'set-deadline'), { at: '2096-03-01T06:00', zone: 'UTC' });
  // It is over at once.
  await admin.query(`update drafting.timer set due_at = 0 where stream = $1`, [`article-${id}`]);
  await until(async () => (await eventsOf('drafting', `article-${id}`)).includes('DeadlineMissed'));
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

/** What belongs together is kept in order, shown once it can be, and discarded. */
async function showTogether({ published, editor }: Desk): Promise<void> {
  const { id } = await editor.command('drafting', '/packages', { desk: 'city', kind: 'package', name: 'Bridge' });
  const pack = (command: string, body: object = {}) => editor.command('drafting', `/packages/${id}/${command}`, body);
  await pack('rename', { name: 'The bridge' });
  await pack('arrange', { parts: [{ is: 'article', id: (await published()).id }] });
  await until(() =>
    pack('mark-ready').then(
      () => true,
      () => false,
    ),
  );
  await pack('discard', { reason: 'Everything is said.' });
}

/** One editor approves what cannot wait; another looks at it, and of a second one nobody does in time. */
async function hurry({ admin, newsroom, editor, chief, eventsOf }: Desk): Promise<void> {
  await chief.command('drafting', '/desks/city/set-lone-approval', { allowed: true });
  const urgent = { ...story, fields: { ...story.fields, urgency: 1 } };
  const alone = async () => {
    const { id } = await editor.command('drafting', '/articles', urgent);
    await editor.command('drafting', article(id, 'submit'));
    await editor.command('drafting', article(id, 'claim'));
    await editor.command('drafting', article(id, 'approve'), { version: 1, alone: 'It burns.' });
    return id;
  };
  await newsroom.as('editor', 'emil').command('drafting', article(await alone(), 'countersign'), { version: 1 });
  const id = await alone();
  // The hour is over at once.
  await admin.query(`update drafting.timer set due_at = 0 where stream = $1`, [`article-${id}`]);
  await until(async () => (await eventsOf('drafting', `article-${id}`)).includes('SecondLookOverdue'));
}

/** Lawyers are asked about a correction; what cannot wait is approved by whoever wrote it, and looked at later, or not in time. */
async function correctInHaste({ admin, newsroom, published, editor, chief, eventsOf }: Desk): Promise<void> {
  const [lawyer, second] = [newsroom.as('legal', 'lea'), newsroom.as('editor', 'emil')];
  const reason = 'The mayor may sue.';
  const approvedAlone = async (articleId: string) => {
    const { id } = await editor.command('drafting', '/corrections', { articleId });
    const put = [{ id: 'p2', kind: 'paragraph', html: 'It burns.' }];
    await chief.command('drafting', `/corrections/${id}/lease`, { session: 'one' });
    await editor.command('drafting', `/corrections/${id}/take-over-lease`, { session: 'two', reason: 'Urgent.' });
    await editor.command('drafting', `/corrections/${id}/revise`, { base: 1, fields: { urgency: 1 }, put });
    await editor.command('drafting', `/corrections/${id}/request-legal-check`, { reason });
    const passed = { version: 2, answer: 'pass' };
    await lawyer.command('drafting', `/corrections/${id}/answer-legal-check`, passed);
    const again = [{ id: 'p2', kind: 'paragraph', html: 'It burns again.' }];
    await editor.command('drafting', `/corrections/${id}/revise`, { base: 2, put: again });
    await editor.command('drafting', `/corrections/${id}/request-legal-check`, { reason });
    await chief.command('drafting', `/corrections/${id}/waive-legal-check`, { version: 3, reason: 'She was asked.' });
    await editor.command('drafting', `/corrections/${id}/approve`, { version: 3, alone: 'It burns.' });
    return id;
  };
  const { id: articleId } = await published();
  await until(async () => (await editor.post('drafting', '/corrections', { articleId })).status === 201);
  const id = await approvedAlone(articleId);
  await admin.query(`update drafting.timer set due_at = 0 where stream = $1`, [`correction-${id}`]);
  await until(async () => (await eventsOf('drafting', `correction-${id}`)).includes('CorrectionSecondLookOverdue'));
  await second.command('drafting', `/corrections/${id}/countersign`, { version: 3 });
}
