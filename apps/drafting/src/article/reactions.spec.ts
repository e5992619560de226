import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent, Content } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { hear, type HeardType } from './heard.ts';
import { ask, content, editor, flow, lawyer, machine, paragraph, recorded, second, told } from './samples.ts';

const { started, submitted, claimed, approved, revised } = flow;
const inApproval = [started, submitted, claimed, approved];
const out = recorded('ArticlePublished', 'published', { version: 1, content });
const opened = told('NextVersionOpened', editor, {});
const spiked = [
  told('ArticleSpiked', editor, { reason: 'Wrong.' }),
  told('ClearanceStopped', editor, { version: 1, why: 'Wrong.' }),
];

describe('what publication did', () => {
  const record = (event: string, state?: string) => ask('record-publication', { event, state, position: 'p' }, machine);

  test('what an event does not say stays as it was known', () => {
    given(article, [...inApproval, out])
      .when(record('ArticleUnpublished', 'unpublished'))
      .then(recorded('ArticleUnpublished', 'unpublished', { version: 1 }));
  });

  test('it was out before the spike arrived: the spike is taken back', () => {
    const published = recorded('StopTooLate', 'published');
    const back = told('SpikeTakenBack', machine, { publication: 'published' });
    given(article, [...inApproval, ...spiked])
      .when(record('StopTooLate', 'published'))
      .then(published, back);
    expect(given(article, [...inApproval, ...spiked, published, back]).state.status).toBe('approved');
  });

  test('the spike arrived first: it stands', () => {
    const stopped = recorded('PublicationStopped', 'stopped', { stops: 1 });
    const command = ask(
      'record-publication',
      { event: 'PublicationStopped', state: 'stopped', stops: 1, position: 'p' },
      machine,
    );
    given(article, [...inApproval, ...spiked])
      .when(command)
      .then(stopped);
    expect(given(article, [...inApproval, ...spiked, stopped]).state.status).toBe('spiked');
  });

  test('a kill ends drafting', () => {
    const killed = recorded('ArticleKilled', 'killed', { version: 1 });
    given(article, [...inApproval, out])
      .when(record('ArticleKilled', 'killed'))
      .then(killed);
    given(article, [...inApproval, out, killed])
      .when(ask('open-next-version', {}, editor))
      .thenRejected('not-allowed-now');
    expect(article.actions(given(article, [...inApproval, out, killed]).state, editor)).toEqual([]);
  });

  test('while a kill is asked, readers may have it again; when it is declined, it is as publication says', () => {
    const told = (type: HeardType, data: object) =>
      ask('record-publication', { ...hear(type, data), position: 'p' }, machine);
    const asked = recorded('KillAsked', 'held', { version: 1 });
    given(article, [...inApproval, out])
      .when(told('KillAsked', { reason: 'Untrue.' }))
      .then(asked);
    const spike = ask('spike', { reason: 'Wrong.' }, editor);
    given(article, [...inApproval, out, asked])
      .when(spike)
      .thenRejected('story-is-live');
    given(article, [...inApproval, out, asked])
      .when(told('KillDeclined', { state: 'unpublished' }))
      .then(recorded('KillDeclined', 'unpublished', { version: 1 }));
  });

  test('people neither see nor give the commands of reactions', () => {
    given(article, inApproval)
      .when({ ...record('ArticleKilled', 'killed'), actor: editor })
      .thenRejected('role-required');
    const offered = article.actions(given(article, inApproval).state, machine);
    expect(offered).toEqual([]);
  });
});

describe('a correction enters the working line', () => {
  const corrected: Content = {
    ...content,
    blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')],
  };
  const correction = { correctionId: 'c', ancestor: content, content: corrected };
  const merge = ask('merge-correction', correction, machine);
  const merged = (version: number, text: Content, rest: Partial<typeof none> = {}) =>
    told('CorrectionMerged', machine, { correctionId: 'c', version, content: text, changed: ['p1'], ...none, ...rest });
  const none = { conflicts: [], fieldConflicts: [] };
  const after = (...events: ArticleEvent[]) => given(article, [...inApproval, out, ...events]);

  test('the version that readers have stays approved, with the correction in it', () => {
    after().when(merge).then(merged(2, corrected));
    expect(after(merged(2, corrected)).state).toMatchObject({ status: 'approved', approved: 2 });
    after(merged(2, corrected)).when(merge).then();
  });

  test('an approved version that is not out needs an editor again', () => {
    const state = given(article, [...inApproval, merged(2, corrected)]).state;
    expect(state).toMatchObject({ status: 'editing', approved: 1 });
  });

  test('work on other blocks survives, and what the correction approved needs no second approval', () => {
    const rewritten = revised('p2', 'Traffic crawls.', 2, second);
    const both = {
      ...rewritten.data.content,
      blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic crawls.')],
    };
    after(opened, rewritten).when(merge).then(merged(3, both));
    const refused = after(opened, rewritten, merged(3, both))
      .when(ask('approve', { version: 3 }, second))
      .thenRejected('four-eyes');
    expect(refused.details.blocks).toEqual(['p2']);
    after(opened, rewritten, merged(3, both))
      .when(ask('discard-next-version', {}, editor))
      .thenRejected('correction-would-be-lost');
  });

  test('a block changed in both keeps its text, and blocks approval until somebody has looked', () => {
    const rewritten = revised('p1', 'The bridge is half open.', 2, second);
    const gap = {
      block: 'p1',
      ours: paragraph('p1', 'The bridge is half open.'),
      theirs: paragraph('p1', 'The bridge is closed.'),
      ancestor: paragraph('p1', 'The bridge is open.'),
    };
    const conflict = told('CorrectionMerged', machine, {
      ...{ correctionId: 'c', version: 2, content: rewritten.data.content, changed: [] },
      ...{ conflicts: [gap], fieldConflicts: [] },
    });
    after(opened, rewritten).when(merge).then(conflict);
    const refused = after(opened, rewritten, conflict)
      .when(ask('approve', { version: 2 }, editor))
      .thenRejected('gates-not-passed');
    expect(refused.details.gates).toEqual([{ gate: 'correction-conflict', block: 'p1' }]);
    const read = told('BlocksReadBack', lawyer, { version: 2, blocks: ['p1'] });
    expect(after(opened, rewritten, conflict, read).state.conflicts).toEqual([]);
    expect(after(opened, rewritten, conflict, revised('p1', 'The bridge is closed.', 3)).state.conflicts).toEqual([]);
  });
});
