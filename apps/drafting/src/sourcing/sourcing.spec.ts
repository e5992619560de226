import { expect, test } from '@jest/globals';
import type { ArticleEvent, Content, CorrectionEvent, SourcingEvent } from '#contracts';
import { given } from '#testing';
import { article } from '../article/article.ts';
import { ask, by, chief, content, editor, flow, paragraph, reporter, second, told } from '../article/samples.ts';
import type { Known } from '../desk/desk.ts';
import { correction } from '../correction/correction.ts';
import { sourcing } from './sourcing.ts';

const source = '01890000-0000-7000-8000-000000000099';
const officer = { speaker: 'a harbour officer', kind: 'person', terms: 'anonymous' } as const;
const quoting = (speaker: string = officer.speaker, html = 'It is not safe, said an officer.') => ({
  ...content,
  blocks: [paragraph('p1', html), { ...paragraph('q1', '“It is not safe.”'), attributions: [{ ...officer, speaker }] }],
});
const inHand = (text = quoting()) => [
  { ...flow.started, data: { ...flow.started.data, content: text } },
  flow.submitted,
  flow.claimed,
];
const standing = { sourceId: source, knownTo: ['rana', 'emil'], verifiedBy: ['emil'], retracted: false };
const attributed: SourcingEvent = {
  type: 'AttributionSourced',
  data: { ...by(reporter), ...standing, block: 'q1', speaker: officer.speaker },
};
const checked = (answer: 'leak' | 'public-mention' = 'public-mention', version = 1): SourcingEvent => ({
  type: 'SourceCheckAnswered',
  data: { ...by(second), version, answer, sources: [source] },
});
const noted = (changed: Partial<typeof standing>): SourcingEvent => ({
  type: 'SourceStandingNoted',
  data: { ...by(second), ...standing, ...changed },
});
/** The gates that an approval of this text meets, on what it rests on. */
function gates(events: readonly SourcingEvent[], text = quoting(), besides: ArticleEvent[] = []): string[] {
  const { state } = given(article, [...inHand(text), ...besides]);
  const command = { ...ask('approve', { version: 1 }, editor), given: { sourcing: given(sourcing, events).state } };
  try {
    expect(article.decide(command, state)).toMatchObject([{ type: 'ArticleApproved' }]);
    return [];
  } catch (error) {
    const { details } = error as { details: { gates: { gate: string; block: string }[] } };
    return details.gates.map(({ gate, block }) => `${gate} ${block}`);
  }
}

test('who is quoted anonymously has a source, verified by somebody who did not write it, and checked in this very text', () => {
  expect(gates([])).toEqual(['source-missing q1']);
  expect(gates([attributed])).toEqual(['source-check q1']);
  expect(gates([attributed, checked()])).toEqual([]);
  expect(gates([attributed, checked('public-mention', 2)])).toEqual(['source-check q1']);
  expect(gates([attributed, checked(), checked('leak')])).toEqual(['source-leak q1']);
  for (const verifiedBy of [[], [reporter.id]])
    expect(gates([attributed, noted({ verifiedBy }), checked()])).toEqual(['source-not-verified q1']);
  expect(gates([attributed, checked(), noted({ retracted: true })])).toEqual(['source-retracted q1']);
  const { id, name } = second;
  const writing = [
    told('CoWriterAdded', editor, { writer: { id, name } }),
    told('ArticleAssigned', editor, { to: { id, name } }),
  ];
  for (const one of writing)
    expect(gates([attributed, checked()], quoting(), [one])).toEqual(['source-not-verified q1']);
});

test('what is printed says more than that it is a source', () => {
  const named = (speaker: string) => {
    const event = { ...attributed, data: { ...attributed.data, speaker } } as SourcingEvent;
    return gates([event, checked()], quoting(speaker));
  };
  for (const speaker of ['a source', 'An anonymous source', 'someone', 'one of the sources who was unnamed'])
    expect([speaker, ...named(speaker)].at(1)).toMatch(/^source-description/);
  expect(named('a source in the harbour guard')).toEqual([]);
});

test('nobody who is quoted anonymously is said to have declined to comment', () => {
  const all = [attributed, checked()];
  expect(gates(all, quoting(undefined, 'A harbour officer <em>declined</em> to comment.'))).toEqual([
    'source-declined-comment p1',
  ]);
  expect(gates(all, quoting(undefined, 'The mayor declined to comment. A harbour officer did.'))).toEqual([]);
});

test('what is printed is held against the words of the language of the text', () => {
  const event = { ...attributed, data: { ...attributed.data, speaker: 'une source' } } as SourcingEvent;
  const of = (language: string) => gates([event, checked()], { ...quoting('une source'), language });
  expect(of('fr')).toEqual(['source-description q1']);
  expect(of('en')).toEqual([]);
});

test('what quotes somebody without a name is signed, whatever a desk asks of its texts', () => {
  const flash: Known = { status: 'kept', id: 'city', version: 1, requirements: new Map([['story', []]]) };
  const approving = (text: ReturnType<typeof quoting>) =>
    given(article, inHand(text)).when({
      ...ask('approve', { version: 1, confirm: ['source-byline', 'byline'] }, editor),
      given: { desk: flash, sourcing: given(sourcing, [attributed, checked()]).state },
    });
  for (const byline of [[], [' ']])
    expect(approving({ ...quoting(), byline }).thenRejected('gates-not-passed').details.gates).toMatchObject([
      { gate: 'source-byline', field: 'byline', severity: 'error' },
    ]);
  const approved = told('ArticleApproved', editor, {
    ...{ version: 1, desk: 'city', kind: 'story', content: { ...content, byline: [] }, knownStops: 0 },
    applied: { desk: 1 },
  });
  approving({ ...content, byline: [] }).then(approved);
});

test('only a writer or an editor of the desk says whom it quotes; only who knows a source of it answers', () => {
  const { state } = given(article, inHand());
  const on = { given: { article: state } };
  const attribute = (actor = reporter, block = 'q1') => ({
    ...ask('attribute', { ...standing, block, speaker: officer.speaker }, actor),
    ...on,
  });
  given(sourcing, []).when(attribute()).then(attributed);
  given(sourcing, [attributed]).when(attribute()).then();
  given(sourcing, [])
    .when(attribute({ ...reporter, id: 'ravi' }))
    .thenRejected('role-required');
  given(sourcing, []).when(attribute(reporter, 'p1')).thenRejected('attribution-missing');
  const answer = (actor = second, version = 1) => ({
    ...ask('answer-check', { version, answer: 'public-mention' as const }, actor),
    ...on,
  });
  given(sourcing, [attributed]).when(answer()).then(checked());
  given(sourcing, [attributed]).when(answer(editor)).thenRejected('role-required');
  given(sourcing, [attributed]).when(answer(second, 2)).thenRejected('unknown-version');
});

test('a check of a correction is of its own text: that of the article does not stand for it, nor the other way', () => {
  const correctionId = '01890000-0000-7000-8000-000000000002';
  const text = quoting();
  const opened: CorrectionEvent = {
    type: 'CorrectionOpened',
    data: { ...by(reporter), correctionId, desk: 'city', base: 1, content: text },
  };
  const inWork = given(correction, [opened]).state;
  const on = { given: { article: given(article, inHand()).state, correction: inWork } };
  const answered: SourcingEvent = {
    type: 'CorrectionSourceCheckAnswered',
    data: { ...by(second), correctionId, version: 1, answer: 'public-mention', sources: [source] },
  };
  given(sourcing, [attributed])
    .when({ ...ask('answer-check', { version: 1, answer: 'public-mention' as const }, second), ...on })
    .then(answered);
  expect(gates([attributed, answered])).toEqual(['source-check q1']);
  const revised: CorrectionEvent = {
    type: 'CorrectionRevised',
    data: { ...by(reporter), correctionId, version: 1, content: { ...text, headline: 'Other' }, changed: ['headline'] },
  };
  const approving = (...checks: SourcingEvent[]) =>
    given(correction, [
      { ...opened, data: { ...opened.data, content } },
      { ...revised, data: { ...revised.data, version: 2 } },
    ]).when({
      ...ask('approve', { version: 2 }, editor),
      given: { sourcing: given(sourcing, [attributed, ...checks]).state },
    });
  approving(checked('public-mention', 2)).thenRejected('gates-not-passed');
  approving(answered).thenRejected('gates-not-passed');
  const passed = { ...answered, data: { ...answered.data, version: 2 } } as SourcingEvent;
  expect(() => {
    approving(passed).thenRejected('gates-not-passed');
  }).toThrow();
});

test('a correction is signed too; what it quotes anew has a source that its author is not alone to know, what is out already need not', () => {
  const correctionId = '01890000-0000-7000-8000-000000000002';
  const of = (actor: typeof editor) => ({ ...by(actor), correctionId });
  const gatesOf = (published: Content, corrected: Content, verifiedBy: string[]) => {
    const check = { ...by(chief), correctionId, version: 2, answer: 'public-mention' as const, sources: [source] };
    const events: SourcingEvent[] = [
      { ...attributed, data: { ...attributed.data, verifiedBy } },
      { type: 'CorrectionSourceCheckAnswered', data: check },
    ];
    const lines: CorrectionEvent[] = [
      { type: 'CorrectionOpened', data: { ...of(reporter), desk: 'city', base: 1, content: published } },
      { type: 'CorrectionRevised', data: { ...of(second), version: 2, content: corrected, changed: [] } },
    ];
    const command = { ...ask('approve', { version: 2 }, editor), given: { sourcing: given(sourcing, events).state } };
    const { gates: met } = given(correction, lines).when(command).thenRejected('gates-not-passed').details as {
      gates: { gate: string }[];
    };
    return met.map(({ gate }) => gate).filter((gate) => gate.startsWith('source-'));
  };
  // Something besides is in the way each time, so that there is a refusal to look into.
  const now = { ...quoting(), headline: '' };
  expect(gatesOf(content, now, [second.id])).toEqual(['source-not-verified']);
  expect(gatesOf(content, now, [reporter.id])).toEqual(['source-not-verified']);
  expect(gatesOf(content, now, [second.id, editor.id])).toEqual([]);
  expect(gatesOf(quoting(), now, [second.id])).toEqual([]);
  expect(gatesOf(quoting('a mayor'), now, [second.id])).toEqual(['source-not-verified']);
  const unsigned = { ...quoting(), byline: [] };
  expect(gatesOf(unsigned, { ...unsigned, headline: '' }, [second.id])).toEqual(['source-byline']);
});
