import { expect, test } from '@jest/globals';
import type { Conditions, PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publication } from './publication.ts';
import { ask, by, editor, events, heard, machine, position, publish, schedule, told } from './samples.ts';

const original = '01890000-0000-7000-8000-0000000000a2';
const conditioned = (conditions: Partial<Conditions>) =>
  told('ReleaseConditionsRecorded', editor, {
    ...{ position },
    conditions: { embargo: null, follows: [], ...conditions },
  });
const follows = conditioned({ follows: [original] });
const until = '2026-01-02T06:00:00.000000Z';
const embargo = conditioned({ embargo: until });
const { opened, published, unpublished, scheduled } = events;
const after = (...more: PublicationEvent[]) => given(publication, [opened, ...more]);
const knowing = <C extends { data: object }>(command: C, wasOut: boolean, due?: string) => ({
  ...command,
  data: { ...command.data, originals: [{ articleId: original, wasOut, due }] },
});

test('an approval brings its conditions; they change with what is heard later', () => {
  const approval = heard.approval(1);
  const { conditions } = follows.data;
  given(publication, [])
    .when({ ...approval, data: { ...approval.data, conditions } })
    .then(opened, follows);
  after(follows)
    .when({ ...approval, data: { ...approval.data, conditions } })
    .then();
  after(follows).when(approval).then(conditioned({}));
  const heardOf = (of: typeof follows) =>
    ask('receive-conditions', { ...by(editor), position, conditions: of.data.conditions }, machine);
  after().when(heardOf(embargo)).then(embargo);
  after(embargo).when(heardOf(embargo)).then();
});

test('a follow-up goes out after its original, and not before', () => {
  expect(after(follows).when(publish()).thenRejected('original-not-out').details).toEqual({ originals: [original] });
  after(follows).when(knowing(publish(), false)).thenRejected('original-not-out');
  after(follows).when(knowing(publish(), true)).then(published);
});

test('what was out once goes out again whatever it follows', () => {
  const again = after(published, unpublished(2), follows);
  again.when(publish()).then({ ...published, data: { ...published.data, item: 3 } });
});

test('it may be scheduled for after its original, which has to be out by then', () => {
  const at = scheduled();
  after(follows).when(knowing(schedule(), true)).then(at);
  after(follows)
    .when(knowing(schedule(), false, '2026-01-02T05:59:59.000000Z'))
    .then(at);
  after(follows)
    .when(knowing(schedule(), false, until))
    .thenRejected('original-not-out');
  after(follows).when(schedule()).thenRejected('original-not-out');
  const due = { ...ask('come-due', { schedule: 1 }, { ...machine, roles: ['timer'] }), now: until };
  const outcome = (wasOut: boolean) =>
    publication
      .decide(knowing(due, wasOut), after(follows, at).state)
      .map(({ type, data }) => ('outcome' in data ? data.outcome : type));
  expect(outcome(false)).toEqual(['overdue']);
  expect(outcome(true)).toEqual(['published', 'ArticlePublished']);
});

test('nothing goes out, or is scheduled, for before its embargo', () => {
  expect(after(embargo).when(publish()).thenRejected('under-embargo').details).toEqual({ until });
  after(embargo)
    .when({ ...publish(), now: until })
    .then({
      ...published,
      data: {
        ...published.data,
        at: until,
        firstAt: until,
        edition: { paper: 'The Harbour Post', date: '2026-01-02' },
      },
    });
  after(embargo).when(schedule()).then(scheduled());
  after(embargo)
    .when(schedule({ due: '2026-01-02T05:59:59.999999Z' }))
    .thenRejected('under-embargo');
  after(embargo, conditioned({})).when(publish()).then(published);
});
