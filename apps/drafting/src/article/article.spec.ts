import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { versionOf } from './line.ts';
import {
  ask,
  by,
  chief,
  content,
  editor,
  flow,
  lawyer,
  otherDesk,
  paragraph,
  recorded,
  reporter,
  second,
} from './samples.ts';

const { started, submitted, claimed, revised, approved } = flow;
const inEditing = [started, submitted, claimed];
const inApproval = [...inEditing, approved];

describe('starting and handing in', () => {
  test('a reporter starts, hands in and takes back', () => {
    given(article, [])
      .when(ask('start', flow.start, reporter))
      .then(started);
    given(article, [started])
      .when(ask('submit', {}, reporter))
      .then(submitted);
    const recalled: ArticleEvent = { type: 'ArticleRecalled', data: by(reporter) };
    given(article, [started, submitted])
      .when(ask('recall', {}, reporter))
      .then(recalled);
  });

  test('a block id stands for one block', () => {
    const twice = { ...content, blocks: [paragraph('p1', 'a'), paragraph('p1', 'b')] };
    given(article, [])
      .when(ask('start', { ...flow.start, content: twice }, reporter))
      .thenRejected('blocks-invalid');
  });

  test('whatever is missing is said at once; a flash needs no paragraph', () => {
    const bare = { ...content, headline: ' ', slugline: '', byline: [''], blocks: [paragraph('p1', '<em> </em>')] };
    const empty: ArticleEvent = { ...started, data: { ...started.data, content: bare } };
    const refused = given(article, [empty])
      .when(ask('submit', {}, reporter))
      .thenRejected('gates-not-passed');
    expect(refused.details.gates).toEqual([
      { gate: 'headline', field: 'headline', severity: 'error', text: 'The headline is missing.' },
      { gate: 'slugline', field: 'slugline', severity: 'error', text: 'The slugline is missing.' },
      { gate: 'byline', field: 'byline', severity: 'error', text: 'The byline is missing.' },
      { gate: 'paragraphs', field: 'blocks', severity: 'error', text: 'The text is missing.' },
    ]);
    const flash: ArticleEvent = {
      ...started,
      data: { ...started.data, kind: 'flash', content: { ...content, blocks: [] } },
    };
    given(article, [flash])
      .when(ask('submit', {}, reporter))
      .then(submitted);
  });

  test('who may: the writer hands in, an editor of the desk or a chief claims', () => {
    given(article, [started])
      .when(ask('submit', {}, editor))
      .thenRejected('role-required');
    given(article, [started, submitted])
      .when(ask('claim', {}, otherDesk))
      .thenRejected('other-desk');
    given(article, [started, submitted])
      .when(ask('claim', {}, reporter))
      .thenRejected('role-required');
    const byChief: ArticleEvent = { type: 'ArticleClaimed', data: { ...by(chief), reason: '' } };
    given(article, [started, submitted])
      .when(ask('claim', {}, chief))
      .then(byChief);
    given(article, [])
      .when(ask('submit', {}, reporter))
      .thenRejected('not-found');
  });

  test('claiming again is harmless; a draft is claimed with a reason; what goes back says why', () => {
    given(article, inEditing)
      .when(ask('claim', {}, editor))
      .then();
    given(article, [started])
      .when(ask('claim', {}, editor))
      .thenRejected('reason-required');
    const returned: ArticleEvent = { type: 'ArticleReturned', data: { ...by(editor), note: 'Who says so?' } };
    given(article, inEditing)
      .when(ask('return', { note: 'Who says so?' }, editor))
      .then(returned);
    given(article, [...inEditing, returned])
      .when(ask('submit', {}, reporter))
      .then(submitted);
  });
});

describe('revising', () => {
  test('changes of two people to different blocks both survive', () => {
    given(article, [...inEditing, revised('p1', 'By the editor.')])
      .when(ask('revise', { base: 1, put: [paragraph('p2', 'By the writer.')] }, reporter))
      .then({
        type: 'ArticleRevised',
        data: {
          ...by(reporter),
          ...{ version: 3, base: 1, changed: ['p2'] },
          content: { ...content, blocks: [paragraph('p1', 'By the editor.'), paragraph('p2', 'By the writer.')] },
        },
      });
  });

  test('two changes to one block are refused with both texts, their ancestor and a proposal', () => {
    const refused = given(article, [...inEditing, revised('p1', 'By the editor.')])
      .when(ask('revise', { base: 1, fields: { headline: 'H' }, put: [paragraph('p1', 'By the writer.')] }, reporter))
      .thenRejected('block-conflict');
    expect(refused.details).toEqual({
      version: 2,
      blocks: [
        {
          block: 'p1',
          current: paragraph('p1', 'By the editor.'),
          yours: paragraph('p1', 'By the writer.'),
          ancestor: content.blocks[0],
          ...{ proposal: paragraph('p1', 'By the editor By the writer.'), clear: false },
        },
      ],
      fields: [],
    });
  });

  test('saving what stands already is harmless; a version or a block that is not there is not', () => {
    given(article, inEditing)
      .when(ask('revise', { base: 1, put: content.blocks }, reporter))
      .then();
    given(article, inEditing)
      .when(ask('revise', { base: 2 }, reporter))
      .thenRejected('unknown-version');
    given(article, inEditing)
      .when(ask('revise', { base: 1, remove: ['p9'] }, reporter))
      .thenRejected('blocks-invalid');
    given(article, inEditing)
      .when(ask('revise', { base: 1, order: ['p1'] }, reporter))
      .thenRejected('blocks-invalid');
  });

  test('a long history takes the room of what was written: what reads as before is the same block', () => {
    const stored = JSON.stringify([started, revised('p1', 'By the editor.'), revised('p1', 'Again.', 3)]);
    const { line } = given(article, JSON.parse(stored) as ArticleEvent[]).state;
    const [first, third] = [versionOf(line, 1).content.blocks, versionOf(line, 3).content.blocks];
    expect(third[0]).not.toEqual(first[0]);
    expect(third[1]).toBe(first[1]);
  });

  test('never from approved', () => {
    const refused = given(article, inApproval)
      .when(ask('revise', { base: 1 }, reporter))
      .thenRejected('not-allowed-now');
    expect(refused.details.allowed).toContainEqual({ command: 'open-next-version', by: ['writer', 'editor'] });
    expect(refused.details.allowed).not.toContainEqual(expect.objectContaining({ command: 'revise' }));
  });
});

describe('approving', () => {
  test('the approved content goes out complete, with the stops that are known', () => {
    given(article, inEditing)
      .when(ask('approve', { version: 1 }, editor))
      .then(approved);
    const stopped = recorded('PublicationStopped', 'stopped', { stops: 2 });
    const knowing: ArticleEvent = { ...approved, data: { ...approved.data, knownStops: 2 } };
    given(article, [...inEditing, stopped])
      .when(ask('approve', { version: 1 }, editor))
      .then(knowing);
  });

  test('four eyes: not by the author of a block, unless somebody else has read it back', () => {
    const written = [...inEditing, revised('p2', 'By the editor.')];
    const refused = given(article, written)
      .when(ask('approve', { version: 2 }, editor))
      .thenRejected('four-eyes');
    expect(refused.details.blocks).toEqual(['p2']);
    given(article, written)
      .when(ask('read-back', { version: 2, blocks: ['p2'] }, editor))
      .thenRejected('own-block');
    const read: ArticleEvent = { type: 'BlocksReadBack', data: { ...by(lawyer), version: 2, blocks: ['p2'] } };
    given(article, written)
      .when(ask('read-back', { version: 2, blocks: ['p2'] }, lawyer))
      .then(read);
    expect(article.actions(given(article, [...written, read]).state, editor)).toContainEqual({
      command: 'approve',
      by: ['editor'],
    });
    const again = [...written, read, revised('p2', 'Changed after.', 3)];
    given(article, again)
      .when(ask('approve', { version: 3 }, editor))
      .thenRejected('four-eyes');
  });

  test('only blocks changed since the last approval count', () => {
    const opened: ArticleEvent = { type: 'NextVersionOpened', data: by(editor) };
    const next = [...inApproval, opened, revised('p2', 'By the second editor.', 2, second)];
    given(article, next)
      .when(ask('approve', { version: 2 }, second))
      .thenRejected('four-eyes');
    expect(
      given(article, next)
        .when(ask('approve', { version: 1 }, editor))
        .thenRejected('version-seen-stale').details,
    ).toEqual({
      seen: 1,
      version: 2,
      changed: ['p2'],
    });
    const discarded: ArticleEvent = { type: 'NextVersionDiscarded', data: { ...by(editor), version: 1, content } };
    given(article, next)
      .when(ask('discard-next-version', {}, editor))
      .then(discarded);
    expect(given(article, [...next, discarded]).state).toMatchObject({ status: 'approved', line: { at: 1 } });
  });

  test('reading back names the version seen, and holds for what has not changed since', () => {
    const written = [...inEditing, revised('p2', 'By the editor.')];
    given(article, written)
      .when(ask('read-back', { version: 1, blocks: ['p2'] }, lawyer))
      .thenRejected('version-seen-stale');
    const read: ArticleEvent = { type: 'BlocksReadBack', data: { ...by(lawyer), version: 2, blocks: ['p1'] } };
    given(article, written)
      .when(ask('read-back', { version: 1, blocks: ['p1'] }, lawyer))
      .then(read);
    given(article, [...written, read])
      .when(ask('read-back', { version: 2, blocks: ['p1'] }, lawyer))
      .then();
  });

  test('nothing to discard before the first approval', () => {
    given(article, inEditing)
      .when(ask('discard-next-version', {}, editor))
      .thenRejected('nothing-approved');
  });
});

describe('spiking', () => {
  const spiked: ArticleEvent = { type: 'ArticleSpiked', data: { ...by(editor), reason: 'Wrong.' } };
  const spike = ask('spike', { reason: 'Wrong.' }, editor);

  test('an approved version that is not out is stopped with it', () => {
    given(article, inEditing).when(spike).then(spiked);
    const stop: ArticleEvent = { type: 'ClearanceStopped', data: { ...by(editor), version: 1, why: 'Wrong.' } };
    given(article, inApproval).when(spike).then(spiked, stop);
    const unspiked: ArticleEvent = { type: 'ArticleUnspiked', data: { ...by(editor), state: 'editing' } };
    given(article, [...inApproval, spiked, stop])
      .when(ask('unspike', {}, editor))
      .then(unspiked);
    expect(given(article, [...inApproval, spiked, stop, unspiked]).state.status).toBe('editing');
  });

  test('a story that readers have is not spiked', () => {
    const out = recorded('ArticlePublished', 'published', { version: 1, content });
    given(article, [...inApproval, out])
      .when(spike)
      .thenRejected('story-is-live');
  });
});
