import { expect, test } from '@jest/globals';
import type { Conditions, LinkKind } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { person } from './editing.ts';
import { beginningOf, isBehind } from './lineage.ts';
import { ask, chief, content, editor, flow, id, machine, otherDesk, reporter, told } from './samples.ts';

const other = '01890000-0000-7000-8000-0000000000a2';
const approved = [flow.started, flow.submitted, flow.claimed, flow.approved];
const until = '2026-01-02T06:00:00.000000Z';
const embargo = { until, zone: 'Europe/Berlin', reason: 'Agreed.' };
const embargoed = told('EmbargoSet', editor, embargo);
const descended = (as: LinkKind, more: object = {}) =>
  told('DescendantStarted', reporter, {
    ...{ descendantId: other, as, version: 1, desk: 'city', language: 'en' },
    ...more,
  });
const link = (as: LinkKind, target = { latest: 3, cycle: [] as string[] }, version?: number) =>
  ask('link', { as, to: other, version, target }, editor);
const linked = (as: LinkKind, version = 3) => told('ArticleLinked', editor, { as, to: other, version });
const conditions = (told: Partial<Conditions>) => ({ conditions: { embargo: null, follows: [], ...told } });

test('a duplicate begins as the same text, with the embargo and without the approval', () => {
  const event = descended('duplicate-of', { embargo });
  const origin = given(article, [...approved, embargoed]);
  origin.when(ask('duplicate', { descendantId: other }, reporter)).then(event);
  const begin = beginningOf(article.evolve(origin.state, event), other);
  const begun = { articleId: other, by: person(reporter) };
  given(article, [])
    .when({ ...ask('begin', {}, machine), ...begin })
    .then(
      { type: 'ArticleStarted', data: { ...begun, desk: 'city', kind: 'story', version: 1, content } },
      { type: 'ArticleLinked', data: { ...begun, as: 'duplicate-of', to: id, version: 1 } },
      { type: 'EmbargoSet', data: { ...begun, ...embargo } },
    );
  given(article, [flow.started])
    .when({ ...ask('begin', {}, machine), ...begin })
    .then();
  given(article, [])
    .when({ ...ask('begin', {}, editor), ...begin })
    .thenRejected('role-required');
});

test('a translation keeps the text under another language, a follow-up its head alone', () => {
  const began = (...[as, more]: Parameters<typeof descended>) =>
    beginningOf(given(article, [flow.started, descended(as, more)]).state, other).data;
  expect(began('translation-of', { language: 'de', desk: 'world' })).toMatchObject({
    ...{ desk: 'world', content: { ...content, language: 'de' } },
    link: { as: 'translation-of', articleId: id, version: 1 },
  });
  const { slugline, section, keywords, urgency, language } = content;
  expect(began('follow-up-of').content).toEqual({
    ...{ slugline, section, keywords, urgency, language },
    ...{ headline: '', standfirst: '', byline: [], dateline: '', blocks: [] },
  });
});

test('it begins from the version that was meant, whatever was written since', () => {
  const events = [flow.started, descended('duplicate-of'), flow.revised('p1', 'The bridge is shut.')];
  expect(beginningOf(given(article, events).state, other).data.content).toEqual(content);
});

test('a translation is behind while its original reads otherwise than the version that it knows', () => {
  const known = (version: number) => ({ as: 'translation-of', articleId: id, version }) as const;
  const shut = [flow.started, flow.revised('p1', 'The bridge is shut.')];
  expect(isBehind(known(1), given(article, [flow.started]).state)).toBe(false);
  expect(isBehind(known(1), given(article, shut).state)).toBe(true);
  expect(isBehind(known(2), given(article, shut).state)).toBe(false);
  const back = [...shut, flow.revised('p1', content.blocks[0]?.html ?? '', 3)];
  expect(isBehind(known(1), given(article, back).state)).toBe(false);
  expect(isBehind({ ...known(1), as: 'duplicate-of' }, given(article, shut).state)).toBe(false);
});

test('an approval of a translation that is behind asks that somebody confirms it', () => {
  const claimed = given(article, [flow.started, flow.submitted, flow.claimed]);
  const approve = (confirm: string[]) => ({
    ...ask('approve', { version: 1, confirm }, editor),
    given: { behind: [other] },
  });
  expect(claimed.when(approve([])).thenRejected('gates-not-passed').details.gates).toMatchObject([
    { gate: 'translation-behind', severity: 'warning' },
  ]);
  const [{ data } = { data: {} }] = article.decide(approve(['translation-behind']), claimed.state);
  expect(data).toMatchObject({ confirmed: [{ gate: 'translation-behind' }] });
});

test('a link knows the newest version, or the one named; the same again is nothing', () => {
  const started = given(article, [flow.started]);
  started.when(link('translation-of')).then(linked('translation-of'));
  started.when(link('translation-of', undefined, 2)).then(linked('translation-of', 2));
  const both = given(article, [flow.started, linked('translation-of', 2), linked('related-to')]);
  both.when(link('translation-of', undefined, 2)).then();
  both.when(link('translation-of')).then(linked('translation-of'));
  expect(article.evolve(both.state, linked('translation-of')).links).toHaveLength(2);
  both
    .when(ask('unlink', { as: 'translation-of' as const, to: other }, editor))
    .then(told('ArticleUnlinked', editor, { as: 'translation-of', to: other }));
  started.when(ask('unlink', { as: 'translation-of' as const, to: other }, editor)).then();
});

test('links to nothing, to itself, to no version, and follow-ups of one another are refused', () => {
  const started = given(article, [flow.started]);
  started.when(link('related-to', { latest: 0, cycle: [] })).thenRejected('link-invalid');
  started
    .when(ask('link', { as: 'related-to' as const, to: id, target: { latest: 1, cycle: [] } }, editor))
    .thenRejected('link-invalid');
  started.when(link('related-to', undefined, 4)).thenRejected('unknown-version');
  const cycle = [id, other, id];
  expect(started.when(link('follow-up-of', { latest: 1, cycle })).thenRejected('goes-in-a-circle').details).toEqual({
    cycle,
  });
  started.when(link('related-to', { latest: 1, cycle })).then(linked('related-to', 1));
  started.when({ ...link('related-to'), actor: otherDesk }).thenRejected('other-desk');
});

test('an approval tells its conditions; what changes them later is told apart, and nothing else is', () => {
  const claimed = [flow.started, flow.submitted, flow.claimed];
  const follows = [other];
  given(article, [...claimed, embargoed, linked('follow-up-of')])
    .when(ask('approve', { version: 1 }, editor))
    .then({ ...flow.approved, data: { ...flow.approved.data, ...conditions({ embargo: until, follows }) } });
  given(article, claimed).when(link('follow-up-of')).then(linked('follow-up-of'));
  const cleared = given(article, approved);
  const changed = (told: Partial<Conditions>, by = editor) => ({
    ...{ type: 'ReleaseConditionsSet' as const },
    data: { articleId: id, by: person(by), ...conditions(told) },
  });
  cleared.when(link('follow-up-of')).then(linked('follow-up-of'), changed({ follows }));
  cleared.when(link('related-to')).then(linked('related-to'));
  cleared.when(ask('set-embargo', embargo, editor)).then(embargoed, changed({ embargo: until }));
  given(article, [...approved, embargoed, linked('follow-up-of')])
    .when(ask('drop-embargo', { reason: 'It leaked.' }, chief))
    .then(told('EmbargoDropped', chief, { reason: 'It leaked.' }), changed({ follows }, chief));
});

test('an embargo ends in the future, and only a chief drops it', () => {
  const started = given(article, [flow.started, embargoed]);
  started
    .when(ask('set-embargo', { ...embargo, until: '2026-01-01T00:00:00.000000Z' }, editor))
    .thenRejected('time-is-past');
  started.when(ask('drop-embargo', { reason: 'It leaked.' }, editor)).thenRejected('role-required');
  given(article, [flow.started])
    .when(ask('drop-embargo', { reason: 'It leaked.' }, chief))
    .then();
});

test('a link that closes a circle is taken back, publication is told of it, and whoever made it as well', () => {
  const heard = ask('break-circle', { to: other, linkedBy: 'edna' }, machine);
  const before = given(article, [...approved, linked('follow-up-of')]);
  const events = article.decide(heard, before.state);
  expect(events).toMatchObject([
    { type: 'ArticleUnlinked', data: { as: 'follow-up-of', to: other } },
    { type: 'ReleaseConditionsSet', data: conditions({}) },
    { type: 'NoteAdded', data: { blocking: false, mentions: ['edna'] } },
  ]);
  expect(events.reduce(article.evolve, before.state).links).toEqual([]);
  given(article, approved).when(heard).then();
  before.when({ ...heard, actor: editor }).thenRejected('role-required');
});
