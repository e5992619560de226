import { expect, test } from '@jest/globals';
import type { ArticleEvent, Block, Content, CorrectionEvent, Requirement } from '#contracts';
import type { Actor } from '#decider';
import { given } from '#testing';
import { article } from '../article/article.ts';
import { secondLookTimers } from '../article/lone.ts';
import {
  ask,
  by,
  chief,
  content,
  editor,
  flow,
  lawyer,
  paragraph,
  picture,
  reporter,
  second,
  timer,
  told,
} from '../article/samples.ts';
import type { Known } from '../desk/desk.ts';
import type { Standing } from '../style/matching.ts';
import { correction } from './correction.ts';

const [at, reason] = ['2026-01-01T00:00:00.000000Z', 'She may sue.'];
const of = (actor: Actor) => ({ ...by(actor), correctionId: '01890000-0000-7000-8000-000000000002' });
const opened = (text: Content = content): CorrectionEvent => ({
  type: 'CorrectionOpened',
  data: { ...of(reporter), desk: 'city', base: 1, content: text },
});
/** The sample text with its second block in other words, or with other fields. */
const saved = (change: Partial<Content>, actor = reporter, version = 2): CorrectionEvent => ({
  type: 'CorrectionRevised',
  data: { ...of(actor), version, content: { ...content, ...change }, changed: [] },
});
const says = (html: string): { blocks: Block[] } => ({ blocks: [paragraph('p1', html), paragraph('p2', html)] });
const closed = saved(says('The bridge is closed.'));
const city = (requirements: Requirement[], loneApproval = false): Known => ({
  ...{ status: 'kept', id: 'city', version: 4, loneApproval },
  requirements: new Map([['analysis', requirements]]),
});
const style: { rules: Standing[]; version: number } = {
  rules: [
    { rule: 'ferry', find: ['ferryboat'], instead: ['ferry'], why: 'It is a ferry.', level: 'error', version: 1 },
    { rule: 'closed', find: ['closed'], instead: ['shut'], why: 'Say shut.', level: 'warning', version: 1 },
  ],
  version: 2,
};
const started = { ...flow.started, data: { ...flow.started.data, kind: 'analysis' as const } };
const about = (...events: readonly ArticleEvent[]) => ({ article: given(article, [started, ...events]).state });
const approving = (given: object = about(), more: object = {}, actor = editor) => ({
  ...ask('approve', { version: 2, ...more }, actor),
  given,
});
/** The gates that an approval meets, each with its severity and its place. */
function met(events: readonly CorrectionEvent[], held: object): string[] {
  const { gates } = given(correction, events).when(approving(held)).thenRejected('gates-not-passed').details as {
    gates: { gate: string; severity: string; block?: string; field?: string; text: string }[];
  };
  expect(gates.filter(({ text }) => text === '')).toEqual([]);
  return gates.map(({ gate, severity, block, field = '' }) => `${severity} ${gate} ${block ?? field}`.trim());
}

test('its article’s kind and desk, house style, and what is held against its article: all at once', () => {
  const desk = city([
    { of: 'words', max: 6 },
    { of: 'standfirst', min: 1, warning: true },
  ]);
  const lost = saved({ ...says('The ferryboat is closed.'), standfirst: '' });
  const before = opened({ ...content, standfirst: 'At last.' });
  const note = { noteId: 'n1', at, note: 'Who says so?', blocking: true, mentions: [], block: 'p2' };
  const held = {
    ...about(told('NotForPublicationMarked', chief, { at, reason }), told('NoteAdded', editor, note)),
    ...{ desk, style },
  };
  expect(met([before, lost], held)).toEqual([
    ...['error words-too-long blocks', 'warning standfirst standfirst'],
    ...['error style-ferry p1', 'warning style-closed p1', 'error style-ferry p2', 'warning style-closed p2'],
    ...['error not-for-publication', 'error blocking-note p2'],
  ]);
  // An error is not confirmed away.
  const { state } = given(correction, [before, lost]);
  const confirm = [
    'words-too-long',
    'standfirst',
    'style-ferry',
    'style-closed',
    'not-for-publication',
    'blocking-note',
  ];
  given(correction, [before, lost]).when(approving(held, { confirm })).thenRejected('gates-not-passed');
  expect(correction.actions(state, editor, held).map(({ command }) => command)).not.toContain('approve');
});

test('a note on what it leaves as it is, and one that is no obstacle, do not concern it', () => {
  const noted = (more: object) =>
    about(told('NoteAdded', editor, { noteId: 'n1', at, note: 'Why?', blocking: true, mentions: [], ...more }));
  const one = saved({ blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')] });
  const { state } = given(correction, [opened(), one]);
  for (const note of [{ block: 'p2' }, { blocking: false }])
    expect(correction.decide(approving(noted(note)), state)).toHaveLength(1);
  for (const note of [{ block: 'p1' }, {}])
    expect(met([opened(), one], noted(note))).toEqual([`error blocking-note ${note.block ?? ''}`.trim()]);
});

test('what readers have already is a warning; confirmed by name, it passes, and the approval says so', () => {
  const desk = city([{ of: 'headline', max: 10 }]);
  const held = { ...about(), desk, style };
  const ferry = { ...content, blocks: [paragraph('p1', 'A ferryboat.'), paragraph('p2', 'Traffic flows.')] };
  const fixed = saved({ blocks: [paragraph('p1', 'A ferryboat.'), paragraph('p2', 'Traffic crawls.')] });
  const gates = ['warning headline-too-long headline', 'warning style-ferry p1'];
  expect(correction.actions(given(correction, [opened(ferry), fixed]).state, editor, held)).toContainEqual({
    command: 'approve',
    by: ['editor'],
  });
  expect(met([opened(ferry), fixed], held)).toEqual(gates);
  const confirm = { confirm: ['headline-too-long', 'style-ferry'] };
  const events = correction.decide(approving(held, confirm), given(correction, [opened(ferry), fixed]).state);
  expect(events).toMatchObject([
    {
      type: 'CorrectionApproved',
      data: {
        confirmed: [
          { gate: 'headline-too-long', field: 'headline' },
          { gate: 'style-ferry', block: 'p1' },
        ],
        applied: { desk: 4, style: 2 },
      },
    },
  ]);
  // What is new has to be right.
  expect(met([opened(ferry), saved(says('Another ferryboat.'))], held)).toEqual([...gates, 'error style-ferry p2']);
});

test('so is an image that went out without a credit; one that a correction brings has to have it', () => {
  const { image = { alt: '', credit: '', rights: '' } } = picture;
  const uncredited: Block = { ...picture, image: { ...image, credit: '' } };
  const out = { ...content, blocks: [...content.blocks, uncredited] };
  const traffic = [paragraph('p1', 'The bridge is open.'), paragraph('p2', 'Traffic crawls.')];
  const fixed = saved({ blocks: [...traffic, uncredited] });
  expect(met([opened(out), fixed], about())).toEqual(['warning image-credit i1']);
  const another = saved({ blocks: [...traffic, { ...uncredited, id: 'i2' }] });
  expect(met([opened(out), another], about())).toEqual(['error image-credit i2']);
  expect(met([opened(), fixed], about())).toEqual(['error image-credit i1']);
});

const asked: CorrectionEvent = { type: 'CorrectionLegalCheckRequested', data: { ...of(editor), at, reason } };
const answered = (answer: 'pass' | 'changes-wanted' | 'refuse', version = 2): CorrectionEvent => ({
  type: 'CorrectionLegalCheckAnswered',
  data: { ...of(lawyer), at, version, answer, reason: answer === 'pass' ? '' : reason },
});

test('lawyers are asked, and answer for a version: what changes after that, they are asked about again', () => {
  given(correction, [opened(), closed])
    .when(ask('request-legal-check', { reason }, editor))
    .then(asked);
  const pending = given(correction, [opened(), closed, asked]);
  const answer = (given: string, version = 2) =>
    ask('answer-legal-check', { version, answer: given as 'pass', reason: given === 'pass' ? '' : reason }, lawyer);
  for (const one of ['pass', 'changes-wanted', 'refuse'] as const) pending.when(answer(one)).then(answered(one));
  pending
    .when(ask('answer-legal-check', { version: 2, answer: 'refuse' as const }, lawyer))
    .thenRejected('reason-required');
  pending.when(answer('pass', 3)).thenRejected('unknown-version');
  const waived: CorrectionEvent = {
    type: 'CorrectionLegalCheckWaived',
    data: { ...of(chief), at, version: 2, reason },
  };
  pending.when(ask('waive-legal-check', { version: 2, reason }, chief)).then(waived);
  given(correction, [opened(), closed]).when(answer('pass')).thenRejected('no-legal-check');
  expect(met([opened(), closed, asked], about())).toEqual(['error legal-check']);
  expect(met([opened(), closed, asked, answered('changes-wanted')], about())).toEqual(['error legal-check']);
  expect(met([opened(), closed, asked, answered('refuse')], about())).toEqual(['error legal-refused']);
  const again = saved(says('The bridge is shut.'), reporter, 3);
  for (const done of [answered('pass'), waived]) {
    const { state } = given(correction, [opened(), closed, asked, done]);
    expect(correction.decide(approving(), state)).toHaveLength(1);
    given(correction, [opened(), closed, asked, done, again]).when(answer('pass', 3)).then(answered('pass', 3));
    const stale = given(correction, [opened(), closed, asked, done, again]).when({
      ...ask('approve', { version: 3 }, editor),
      given: about(),
    });
    expect(stale.thenRejected('gates-not-passed').details.gates).toMatchObject([
      { gate: 'legal-check', block: 'p1' },
      { gate: 'legal-check', block: 'p2' },
    ]);
  }
});

test('what they have to see again of it is told as it changes', () => {
  const save = (base: number, html: string) => ask('revise', { base, put: [paragraph('p1', html)] }, reporter);
  const pending = (version: number, names: string[]): CorrectionEvent => ({
    type: 'CorrectionLegalCheckPendingChanged',
    data: { ...of(reporter), version, pending: names },
  });
  const passed = [opened(), closed, asked, answered('pass')];
  const shut = saved({ blocks: [paragraph('p1', 'Shut.'), paragraph('p2', 'The bridge is closed.')] }, reporter, 3);
  const told = (events: readonly CorrectionEvent[], command: ReturnType<typeof save>) =>
    correction.decide(command, given(correction, events).state).slice(1);
  expect(told(passed, save(2, 'Shut.'))).toEqual([pending(3, ['p1'])]);
  expect(told([...passed, shut], save(3, 'The bridge is closed.'))).toEqual([pending(4, [])]);
  expect(told([opened(), closed, asked], save(2, 'Shut.'))).toEqual([]);
});

test('what lawyers have open, or refused, about its article is not passed by the way: it needs an answer of its own', () => {
  const requested = told('LegalCheckRequested', editor, { at, reason });
  const wanted = { noteId: 'n1', at, note: reason, blocking: true, mentions: [], legal: true };
  for (const answer of ['changes-wanted', 'refuse'] as const) {
    const refused = told('LegalCheckAnswered', lawyer, { at, version: 1, answer, reason });
    const held = about(requested, refused, told('NoteAdded', lawyer, wanted));
    expect(met([opened(), closed], held)).toEqual(['error legal-check']);
    const { state } = given(correction, [opened(), closed, asked, answered('pass')]);
    expect(correction.decide(approving(held), state)).toHaveLength(1);
  }
  const passed = told('LegalCheckAnswered', lawyer, { at, version: 1, answer: 'pass', reason: '' });
  expect(
    correction.decide(approving(about(requested, passed)), given(correction, [opened(), closed]).state),
  ).toHaveLength(1);
});

const fire = { ...content, urgency: 1 };
const own = [opened(fire), saved({ ...says('It burns.'), urgency: 1 }, editor)];
const alone = (blocks = ['p1', 'p2']): CorrectionEvent => ({
  type: 'CorrectionApprovedAlone',
  data: { ...of(editor), at, version: 2, blocks, reason: 'Urgent.' },
});

test('one person approves what is urgent where the desk lets them; a second look is owed, and told of after an hour', () => {
  const held = (allowed: boolean) => ({ ...about(), desk: city([], allowed) });
  given(correction, own)
    .when(approving(held(false), { alone: 'Urgent.' }))
    .thenRejected('four-eyes');
  given(correction, own)
    .when(approving(held(true)))
    .thenRejected('four-eyes');
  const calm = [opened(), saved(says('It burns.'), editor)];
  given(correction, calm)
    .when(approving(held(true), { alone: 'Urgent.' }))
    .thenRejected('four-eyes');
  const events = correction.decide(approving(held(true), { alone: 'Urgent.' }), given(correction, own).state);
  expect(events.slice(1)).toEqual([alone()]);
  const owed = given(correction, [...own, ...events]);
  expect(secondLookTimers(owed.state)).toMatchObject([
    { name: 'second-look', epoch: 2, at: '2026-01-01T01:00:00.000000Z' },
  ]);
  const sign = (actor: Actor, version = 2) => ask('countersign', { version }, actor);
  owed.when(sign(editor)).thenRejected('second-person');
  owed.when(sign(second, 1)).thenRejected('version-seen-stale');
  const signed: CorrectionEvent = { type: 'CorrectionCountersigned', data: { ...of(second), at, version: 2 } };
  owed.when(sign(second)).then(signed);
  const due = ask('second-look-due', { version: 2 }, timer);
  const overdue: CorrectionEvent = { type: 'CorrectionSecondLookOverdue', data: { ...of(editor), at, version: 2 } };
  owed.when(due).then(overdue);
  for (const done of [signed, overdue]) {
    const after = given(correction, [...own, ...events, done]);
    expect(secondLookTimers(after.state)).toEqual([]);
    after.when(due).thenRejected('timer-outdated');
  }
  given(correction, [...own, ...events, signed])
    .when(sign(chief))
    .thenRejected('no-second-look');
});
