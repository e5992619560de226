import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { ask, content, duty, editor, flow, heard, recorded, told } from './samples.ts';

const inApproval = [flow.started, flow.submitted, flow.claimed, flow.approved];
const at = '2026-01-01T00:00:00.000000Z';
const edition = { paper: 'The Harbour Post', date: '2026-01-01' };
const publish = heard('ArticlePublished', {
  ...{ version: 1, content, path: '/city/bridge-reopens', edition },
  ...{ at, firstAt: at, item: 1 },
});
const published = recorded('ArticlePublished', 'published', { version: 1, content });
const stop = heard('PublicationStopped', { version: 1, why: 'Wrong.', stops: 1, from: 'drafting' });
const stopped = recorded('PublicationStopped', 'stopped', { stops: 1, stopped: { version: 1 } });
const opened = told('NextVersionOpened', editor, {});
const approve = ask('approve', { version: 1 }, editor);
const after = (...events: ArticleEvent[]) => given(article, [...inApproval, ...events]);

describe('a withdrawn approval races the publication', () => {
  const withdraw = (version = 1) => ask('withdraw-approval', { version, reason: 'Wrong.' }, editor);
  const stopId = withdraw().id;
  const withdrawn = (version = 1, standing = 0) => [
    told('ApprovalWithdrawn', editor, { version, reason: 'Wrong.', stopId, approved: standing }),
    told('ClearanceStopped', editor, { version, why: 'Wrong.', stopId }),
  ];
  const late = (state: string) => told('WithdrawalTooLate', duty, { version: 1, publication: 'published', state });
  const tooLateFor = (version: number, stopId: string) =>
    heard('StopTooLate', { position: 'p', version, why: 'Wrong.', state: 'published', stopId });
  const heardLate = tooLateFor(1, stopId);
  const tooLate = recorded('StopTooLate', 'published', { version: 1, content, stopped: { version: 1, stopId } });

  test('it says what is to come of it where it is out: to be told so, or that this version be held', () => {
    const asking = (ifOut?: 'tell' | 'hold') =>
      article.decide(
        ask('withdraw-approval', { version: 1, reason: 'Wrong.', ifOut }, editor),
        given(article, inApproval).state,
      )[1]?.data;
    const [{ data: stop }] = withdrawn().slice(1) as [ArticleEvent];
    expect([asking(), asking('tell')]).toEqual([stop, stop]);
    expect(asking('hold')).toEqual({ ...stop, hold: 'version' });
    // Publication answers by holding it: the approval stands, of what is held.
    after(...withdrawn(), published, late('approved'))
      .when(heard('ArticleHeld', { reason: 'Wrong.', state: 'held', item: 2, at }))
      .then(recorded('ArticleHeld', 'held', { version: 1 }));
  });

  test('published first, and known: nobody withdraws it', () => {
    const refused = after(published).when(withdraw()).thenRejected('story-is-live');
    expect(refused.details).toEqual({ state: 'published', version: 1 });
  });

  test('it is of the version that was seen, and leaves nothing approved that is not out', () => {
    after().when(withdraw(2)).thenRejected('version-seen-stale');
    after()
      .when(withdraw())
      .then(...withdrawn());
    const { state } = after(...withdrawn());
    expect([state.status, state.approved, state.cleared.size]).toEqual(['editing', 0, 0]);
    after(...withdrawn())
      .when(ask('discard-next-version', {}, editor))
      .thenRejected('nothing-approved');
  });

  test('withdrawn first: publication stops it, and only then it is approved again', () => {
    expect(
      after(...withdrawn())
        .when(approve)
        .thenRejected('withdrawal-pending').details,
    ).toEqual({ version: 1 });
    after(...withdrawn())
      .when(stop)
      .then(stopped);
    const again = told('ArticleApproved', editor, { ...flow.approved.data, knownStops: 1 });
    after(...withdrawn(), stopped)
      .when(approve)
      .then(again);
  });

  test('stopped before: nothing is answered, and nothing waited for', () => {
    const again = told('ArticleApproved', editor, { ...flow.approved.data, knownStops: 1 });
    after(stopped, ...withdrawn())
      .when(approve)
      .then(again);
  });

  test('published first, known after it: it is told as too late, once, and the approval stands', () => {
    after(...withdrawn())
      .when(publish)
      .then(published, late('approved'));
    const back = after(...withdrawn(), published, late('approved'));
    expect([back.state.status, back.state.approved, back.state.cleared.size]).toEqual(['approved', 1, 2]);
    back.when(heardLate).then(recorded('StopTooLate', 'published', { version: 1, stopped: { version: 1, stopId } }));
    after(...withdrawn())
      .when(heardLate)
      .then(recorded('StopTooLate', 'published', { stopped: { version: 1, stopId } }), late('approved'));
  });

  test('what was written meanwhile stays, as a next version of the one that is out', () => {
    const revised = flow.revised('p1', 'The bridge is closed.');
    after(...withdrawn(), revised)
      .when(publish)
      .then(published, late('editing'));
    const { state } = after(...withdrawn(), revised, published, late('editing'));
    expect([state.status, state.approved, state.line.at]).toEqual(['editing', 1, 2]);
    after(...withdrawn(), revised, published, late('editing'), tooLate)
      .when(ask('discard-next-version', {}, editor))
      .then(told('NextVersionDiscarded', editor, { version: 1, content }));
  });

  test('of a next version, what is out stands approved as before, with a correction that is out', () => {
    const next = [
      ...[published, opened, flow.revised('p1', 'The bridge is closed.')],
      told('ArticleApproved', editor, { ...flow.approved.data, version: 2 }),
    ];
    after(...next)
      .when(withdraw(2))
      .then(...withdrawn(2, 1));
    const pending = after(...next, ...withdrawn(2, 1));
    expect([pending.state.approved, pending.state.corrected]).toEqual([1, false]);
    pending
      .when(ask('discard-next-version', {}, editor))
      .then(told('NextVersionDiscarded', editor, { version: 1, content }));
    const corrected = recorded('ArticleCorrected', 'published', {
      version: 1,
      content: { ...content, headline: 'Shut' },
    });
    expect(after(...next, corrected, ...withdrawn(2, 1)).state.corrected).toBe(true);
    // Spiked while it is pending: both are taken back where neither was in time.
    const spikedNow = told('ArticleSpiked', editor, { reason: 'Wrong.' });
    after(...withdrawn(), spikedNow)
      .when(heardLate)
      .then(
        ...[
          recorded('StopTooLate', 'published', { stopped: { version: 1, stopId } }),
          told('SpikeTakenBack', duty, { publication: 'published' }),
        ],
        late('approved'),
      );
  });

  test('an answer to another request is none to this one: that it was too late for an earlier version says nothing of this', () => {
    const next = [
      ...[published, opened, flow.revised('p1', 'The bridge is closed.')],
      told('ArticleApproved', editor, { ...flow.approved.data, version: 2 }),
    ];
    const pending = after(...next, ...withdrawn(2, 1));
    const another = (id?: string) => ({ version: 1, ...(id ? { stopId: id } : {}) });
    for (const stopped of [another('another'), another()]) {
      const other = recorded('StopTooLate', 'published', { version: 1, stopped });
      pending.when(heard('StopTooLate', { position: 'p', why: 'Wrong.', state: 'published', ...stopped })).then(other);
      expect(after(...next, ...withdrawn(2, 1), other).state.withdrawn).toMatchObject({ version: 2, stopId });
    }
    pending
      .when(tooLateFor(2, stopId))
      .then(
        recorded('StopTooLate', 'published', { version: 1, stopped: { version: 2, stopId } }),
        told('WithdrawalTooLate', duty, { version: 2, publication: 'published', state: 'approved' }),
      );
  });

  test('what is stopped up to that version, or whole, goes out no more, whoever asked for it', () => {
    const next = [
      ...[published, opened, flow.revised('p1', 'The bridge is closed.')],
      told('ArticleApproved', editor, { ...flow.approved.data, version: 2 }),
    ];
    const settled = (...events: ArticleEvent[]) =>
      after(...next, ...withdrawn(2, 1), ...events).state.withdrawn === undefined;
    const stopped = (version: number) =>
      recorded('VersionStopped', 'published', { version: 1, stopped: { version, stopId: 'another' } });
    expect([settled(), settled(stopped(1)), settled(stopped(2)), settled(stopped(3))]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(settled(recorded('PublicationStopped', 'stopped', { stops: 1 }))).toBe(true);
    // From before requests had names.
    expect(settled(recorded('VersionStopped', 'published', { version: 1 }))).toBe(true);
    const nameless = withdrawn().map(({ data: { stopId: _, ...data }, ...event }) => ({
      ...event,
      data,
    })) as ArticleEvent[];
    expect(after(...nameless).state.withdrawn).toBeDefined();
    expect(after(...nameless, recorded('StopTooLate', 'published')).state.withdrawn).toBeUndefined();
  });
});
