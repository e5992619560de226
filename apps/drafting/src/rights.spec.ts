import { expect, test } from '@jest/globals';
import type { ArticleEvent, CorrectionEvent } from '#contracts';
import type { Actor } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { article, type ArticleCommand, type MachineCommand } from './article/article.ts';
import {
  ask,
  by,
  chief,
  content,
  duty,
  editor,
  flow,
  id,
  lawyer,
  machine,
  otherDesk,
  paragraph,
  recorded,
  reporter,
  second,
  told,
} from './article/samples.ts';
import type { Article } from './article/state.ts';
import { correction, type PeoplesCommand as CorrectionsCommand } from './correction/correction.ts';
import type { Correction } from './correction/state.ts';

/** Its writer, another reporter, an editor of its desk, one of another, a chief, a lawyer, a duty editor, an auditor, a reaction. */
const people = {
  ...{ w: reporter, r: { ...reporter, id: 'ravi' }, e: editor, o: otherDesk, c: chief, l: lawyer, d: duty },
  ...{ a: { ...lawyer, id: 'anna', roles: ['auditor'] }, m: machine },
};

/** domain.md's table of the working line, once a first version was approved, as who may do what in which state. */
const articleLaw = `
                            draft  submitted  returned  editing  approved  spiked  killed
start                       -      -          -         -        -         -       -
revise                      w      ec         w         wec      -         -       -
restore-version             w      ec         w         wec      -         -       -
take-over-lease             ec     ec         ec        ec       ec        -       -
submit                      w      -          w         -        -         -       -
recall                      -      w          -         -        -         -       -
claim                       ec     ec         ec        ec       -         -       -
return                      -      ec         -         ec       -         -       -
read-back                   -      wreocld    -         wreocld  -         -       -
approve                     -      -          -         ec       -         -       -
countersign                 ec     ec         ec        ec       ec        -       -
withdraw-approval           -      -          -         -        ec        -       -
open-next-version           -      -          -         -        wec       -       -
discard-next-version        ec     ec         ec        ec       -         -       -
reject-approval             -      -          -         ec       -         -       -
skip-approval-step          -      -          -         c        -         -       -
resume-approval             -      -          -         ec       -         -       -
spike                       ec     ec         ec        ec       ec        -       -
move                        eoc    eoc        eoc       eoc      eoc       -       -
unspike                     -      -          -         -        -         ec      -
request-legal-check         ec     ec         ec        ec       ec        -       -
answer-legal-check          l      l          l         l        l         -       -
waive-legal-check           c      c          c         c        c         -       -
mark-not-for-publication    ec     ec         ec        ec       ec        ec      -
add-note                    wecl   wecl       wecl      wecl     wecl      wecl    -
resolve-note                wecl   wecl       wecl      wecl     wecl      wecl    -
suggest-edit                wecl   wecl       wecl      wecl     wecl      -       -
accept-suggestion           w      ec         w         wec      -         -       -
reject-suggestion           wec    wec        wec       wec      wec       wec     -
unmark-not-for-publication  ec     ec         ec        ec       ec        ec      -
duplicate                   wrec   wrec       wrec      wrec     wrec      -       -
translate                   wrec   wrec       wrec      wrec     wrec      -       -
start-follow-up             wrec   wrec       wrec      wrec     wrec      -       -
settle-task                 ec     ec         ec        ec       ec        ec      -
link                        ec     ec         ec        ec       ec        ec      -
unlink                      ec     ec         ec        ec       ec        ec      -
set-embargo                 ec     ec         ec        ec       ec        ec      -
drop-embargo                c      c          c         c        c         c       -
add-co-writer               ec     ec         ec        ec       ec        ec      -
remove-co-writer            ec     ec         ec        ec       ec        ec      -
assign                      ec     ec         ec        ec       ec        ec      -
unassign                    ec     ec         ec        ec       ec        ec      -
set-deadline                ec     ec         ec        ec       ec        ec      -
clear-deadline              ec     ec         ec        ec       ec        ec      -`;

const approved = [flow.started, flow.submitted, flow.claimed, flow.approved];
const next = [...approved, told('NextVersionOpened', editor, {}), flow.revised('p2', 'Traffic crawls.', 2, second)];
const returned = [...next, told('ArticleReturned', editor, { note: 'Why?' })];
const submitted = [...returned, told('ArticleSubmitted', reporter, { version: 2 })];
type PeoplesCommand = Exclude<ArticleCommand, MachineCommand>;
const other = '01890000-0000-7000-8000-0000000000a2';
const takeOver = { session: 'two', reason: 'Urgent.', from: { by: reporter, session: 'one' } };
const why = { reason: 'She may sue.' };
const requested = told('LegalCheckRequested', editor, { at: '2026-01-01T00:00:00.000000Z', ...why });
const noted = told('NoteAdded', editor, {
  ...{ noteId: 'n1', at: '2026-01-01T00:00:00.000000Z', note: 'Who says so?', blocking: false, mentions: [] },
});
const proposed = paragraph('p1', 'The bridge is shut.');
const suggested = told('EditSuggested', editor, {
  ...{ suggestionId: 's1', at: '2026-01-01T00:00:00.000000Z', version: 1, proposed, note: '' },
});
const task = told('TaskOpened', editor, {
  ...{ taskId: 't1', at: '2026-01-01T00:00:00.000000Z', task: 'retracted-source', version: 1, out: false, blocks: [] },
});
const first = { step: 'sub-editor', by: 'editor' } as const;
const steps = told('ApprovalStepsTaken', editor, { steps: [first], applied: { desk: 1 }, awaits: first });
const rejected = told('ApprovalRejected', second, { version: 2, step: 'sub-editor', ...why });
const articles: Asked<Article, PeoplesCommand, ArticleEvent> = {
  people,
  states: {
    draft: [...submitted, told('ArticleRecalled', reporter, {})],
    submitted,
    returned,
    editing: next,
    approved,
    spiked: [...approved, told('ArticleSpiked', editor, { reason: 'Wrong.' })],
    killed: [...approved, recorded('ArticleKilled', 'killed')],
  },
  commands: (actor) => ({
    start: ask('start', flow.start, actor),
    revise: ask('revise', { base: 2, put: [paragraph('p1', 'The bridge is closed.')] }, actor),
    'restore-version': ask('restore-version', { version: 1, seen: 2 }, actor),
    'take-over-lease': ask('take-over-lease', takeOver, actor),
    submit: ask('submit', {}, actor),
    recall: ask('recall', {}, actor),
    claim: ask('claim', { reason: 'Urgent.' }, actor),
    return: ask('return', { note: 'Who says so?' }, actor),
    'read-back': ask('read-back', { version: 2, blocks: ['p2'] }, actor),
    approve: ask('approve', { version: 2 }, actor),
    countersign: ask('countersign', { version: 1 }, actor),
    'withdraw-approval': ask('withdraw-approval', { version: 1, ...why }, actor),
    'open-next-version': ask('open-next-version', {}, actor),
    'discard-next-version': ask('discard-next-version', {}, actor),
    'reject-approval': ask('reject-approval', { version: 2, ...why }, actor),
    'skip-approval-step': ask('skip-approval-step', { step: 'sub-editor', ...why }, actor),
    'resume-approval': ask('resume-approval', {}, actor),
    spike: ask('spike', { reason: 'Wrong.' }, actor),
    move: ask('move', { desk: 'sport', reason: 'A race.' }, actor),
    unspike: ask('unspike', {}, actor),
    'request-legal-check': ask('request-legal-check', why, actor),
    'answer-legal-check': ask('answer-legal-check', { version: 1, answer: 'refuse' as const, ...why }, actor),
    'waive-legal-check': ask('waive-legal-check', { version: 1, ...why }, actor),
    'mark-not-for-publication': ask('mark-not-for-publication', why, actor),
    'add-note': ask('add-note', { note: 'Who says so?', blocking: true, mentions: [] }, actor),
    'resolve-note': ask('resolve-note', { noteId: 'n1' }, actor),
    'suggest-edit': ask('suggest-edit', { version: 1, proposed, note: '' }, actor),
    'accept-suggestion': ask('accept-suggestion', { suggestionId: 's1', version: 2 }, actor),
    'reject-suggestion': ask('reject-suggestion', { suggestionId: 's1', reason: '' }, actor),
    'unmark-not-for-publication': ask('unmark-not-for-publication', why, actor),
    duplicate: ask('duplicate', { descendantId: other }, actor),
    translate: ask('translate', { descendantId: other, language: 'de' }, actor),
    'start-follow-up': ask('start-follow-up', { descendantId: other }, actor),
    'settle-task': ask('settle-task', { taskId: 't1', how: 'Cut.' }, actor),
    link: ask('link', { as: 'related-to' as const, to: other, target: { latest: 1, cycle: [] } }, actor),
    unlink: ask('unlink', { as: 'related-to' as const, to: other }, actor),
    'set-embargo': ask('set-embargo', { until: '2096-01-01T00:00:00.000000Z', zone: 'UTC', ...why }, actor),
    'drop-embargo': ask('drop-embargo', why, actor),
    'add-co-writer': ask('add-co-writer', { writer: second }, actor),
    'remove-co-writer': ask('remove-co-writer', { writer: second.id }, actor),
    assign: ask('assign', { to: second }, actor),
    unassign: ask('unassign', {}, actor),
    'set-deadline': ask('set-deadline', { deadline: '2096-01-01T00:00:00.000000Z', zone: 'UTC' }, actor),
    'clear-deadline': ask('clear-deadline', {}, actor),
  }),
  besides: {
    ...{ 'answer-legal-check': [requested], 'waive-legal-check': [requested], 'resolve-note': [noted] },
    countersign: [
      told('ApprovedAlone', second, {
        at: '2026-01-01T00:00:00.000000Z',
        version: 1,
        blocks: ['p1'],
        reason: 'Urgent.',
      }),
    ],
    ...{ 'accept-suggestion': [suggested], 'reject-suggestion': [suggested], 'settle-task': [task] },
    ...{ 'reject-approval': [steps], 'skip-approval-step': [steps], 'resume-approval': [steps, rejected] },
  },
};

/** As of an article, by a line that is not handed to and fro. */
const correctionLaw = `
                     open     approved  discarded
open                 -        -         -
revise               wec      -         -
restore-version      wec      -         -
take-over-lease      ec       -         -
read-back            wreocld  -         -
approve              ec       -         -
reject-approval      ec       -         -
skip-approval-step   c        -         -
resume-approval      ec       -         -
take-approval-steps  ec       -         -
countersign          -        ec        -
request-legal-check  ec       -         -
answer-legal-check   l        -         -
waive-legal-check    c        -         -
discard              wec      -         -`;

const correctionId = '01890000-0000-7000-8000-000000000002';
type Told<T> = Omit<Extract<CorrectionEvent, { type: T }>['data'], 'articleId' | 'correctionId' | 'by'>;
const of = <T extends CorrectionEvent['type']>(type: T, actor: Actor, data: Told<T>) =>
  ({ type, data: { ...by(actor), correctionId, ...data } }) as CorrectionEvent;
const corrected = { ...content, blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')] };
const opened = [
  of('CorrectionOpened', reporter, { desk: 'city', base: 1, content }),
  of('CorrectionRevised', second, { version: 2, content: corrected, changed: ['p1'] }),
];
const text = { base: 1, version: 2, content: corrected, ancestor: content, changed: ['p1'] };
const askedAt = '2026-01-01T00:00:00.000000Z';
const checkAsked = of('CorrectionLegalCheckRequested', editor, { at: askedAt, ...why });
const inSteps = of('CorrectionApprovalStepsTaken', editor, { steps: [first], applied: { desk: 1 }, awaits: first });
const notPassed = of('CorrectionApprovalRejected', second, { version: 2, step: 'sub-editor', ...why });
const out = given(article, [...approved, recorded('ArticlePublished', 'published', { version: 1, content })]).state;
const corrections: Asked<Correction, CorrectionsCommand, CorrectionEvent> = {
  people,
  states: {
    open: opened,
    approved: [...opened, of('CorrectionApproved', editor, text)],
    discarded: [...opened, of('CorrectionDiscarded', editor, {})],
  },
  commands: (actor) => ({
    open: { ...ask('open', { correctionId, articleId: id }, actor), given: { article: out } },
    revise: ask('revise', { base: 2, put: [paragraph('p2', 'Traffic crawls.')] }, actor),
    'restore-version': ask('restore-version', { version: 1, seen: 2 }, actor),
    'take-over-lease': ask('take-over-lease', takeOver, actor),
    'read-back': ask('read-back', { version: 2, blocks: ['p1'] }, actor),
    approve: ask('approve', { version: 2 }, actor),
    'reject-approval': ask('reject-approval', { version: 2, ...why }, actor),
    'skip-approval-step': ask('skip-approval-step', { step: 'sub-editor', ...why }, actor),
    'resume-approval': ask('resume-approval', {}, actor),
    'take-approval-steps': ask('take-approval-steps', {}, actor),
    countersign: ask('countersign', { version: 2 }, actor),
    'request-legal-check': ask('request-legal-check', why, actor),
    'answer-legal-check': ask('answer-legal-check', { version: 2, answer: 'refuse' as const, ...why }, actor),
    'waive-legal-check': ask('waive-legal-check', { version: 2, ...why }, actor),
    discard: ask('discard', {}, actor),
  }),
  besides: {
    ...{ 'answer-legal-check': [checkAsked], 'waive-legal-check': [checkAsked] },
    ...{ 'reject-approval': [inSteps], 'skip-approval-step': [inSteps], 'resume-approval': [inSteps, notPassed] },
    countersign: [of('CorrectionApprovedAlone', second, { at: askedAt, version: 2, blocks: ['p1'], ...why })],
  },
};

test.each([
  ['an article', () => rightsIn(article, articles), articleLaw],
  ['a correction', () => rightsIn(correction, corrections), correctionLaw],
])('%s takes each command from those who may, where it may be, and says so beforehand', (_name, rights, law) => {
  const { tried, listed, misfits } = rights();
  expect(`\n${tried}`).toBe(law);
  expect(`\n${listed}`).toBe(law);
  expect(misfits).toEqual([]);
});

test('where there is nothing yet, only the first command finds something to do', () => {
  const refused = (decide: () => unknown) => {
    expect(decide).toThrow(expect.objectContaining({ code: 'not-found' }));
  };
  for (const { start: _start, ...others } of [articles.commands(editor)])
    for (const command of Object.values(others)) refused(() => article.decide(command, article.initial));
  for (const { open: _open, ...others } of [corrections.commands(editor)])
    for (const command of Object.values(others)) refused(() => correction.decide(command, correction.initial));
});
