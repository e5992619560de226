import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { ask, content, duty, editor, flow, heard, machine, recorded, told } from './samples.ts';

/** What two services decide at the same moment: publication's log gives the order, and drafting hears of it before or after its own. */
const { started, submitted, claimed, approved } = flow;
const inApproval = [started, submitted, claimed, approved];
const at = '2026-01-01T00:00:00.000000Z';
const edition = { paper: 'The Harbour Post', date: '2026-01-01' };
const publish = heard('ArticlePublished', {
  ...{ version: 1, content, path: '/city/bridge-reopens', edition },
  ...{ at, firstAt: at, item: 1 },
});
const published = recorded('ArticlePublished', 'published', { version: 1, content });
const spike = ask('spike', { reason: 'Wrong.' }, editor);
const spiked = [
  told('ArticleSpiked', editor, { reason: 'Wrong.' }),
  told('ClearanceStopped', editor, { version: 1, why: 'Wrong.' }),
];
const stop = heard('PublicationStopped', { version: 1, why: 'Wrong.', stops: 1, from: 'drafting' });
const stopped = recorded('PublicationStopped', 'stopped', { stops: 1 });
const kill = heard('ArticleKilled', {
  ...{ reason: 'Untrue.', askedBy: { id: 'lea', name: 'lea' } },
  ...{ item: 2, at },
});
const killed = recorded('ArticleKilled', 'killed', { version: 1 });
const open = ask('open-next-version', {}, editor);
const opened = told('NextVersionOpened', editor, {});
const approve = ask('approve', { version: 1 }, editor);

const after = (...events: ArticleEvent[]) => given(article, [...inApproval, ...events]);

describe('a spike races the publication', () => {
  const back = told('SpikeTakenBack', duty, { publication: 'published' });

  test('published first, and known: nobody spikes it', () => {
    const refused = after(published).when(spike).thenRejected('story-is-live');
    expect(refused.details).toEqual({ state: 'published', version: 1 });
  });

  test('published first, known after the spike: the spike is taken back, once, when that is heard', () => {
    after(...spiked)
      .when(publish)
      .then(published, back);
    expect(after(...spiked, published, back).state.status).toBe('approved');
    const late = recorded('StopTooLate', 'published', { version: 1 });
    after(...spiked, published, back)
      .when(heard('StopTooLate', { position: 'p', version: 1, why: 'Wrong.', state: 'published' }))
      .then(late);
  });

  test('too late is enough to take it back, whatever was heard before', () => {
    const late = recorded('StopTooLate', 'unpublished');
    after(...spiked)
      .when(heard('StopTooLate', { position: 'p', version: 1, why: 'Wrong.', state: 'unpublished' }))
      .then(late, told('SpikeTakenBack', duty, { publication: 'unpublished' }));
  });

  test('spiked in a next version, it goes back to that', () => {
    expect(after(opened, ...spiked, published, back).state.status).toBe('editing');
  });

  test('taken up again before too late is heard: there is nothing to take back', () => {
    const unspiked = told('ArticleUnspiked', editor, {});
    after(...spiked, unspiked)
      .when(publish)
      .then(published);
    expect(after(...spiked, unspiked, published).state.status).toBe('editing');
  });

  test('spiked first: publication stops, and the spike stands', () => {
    after(...spiked)
      .when(stop)
      .then(stopped);
    expect(after(...spiked, stopped).state.status).toBe('spiked');
  });
});

describe('a stop of the clearance races the next approval', () => {
  const unspiked = told('ArticleUnspiked', editor, {});
  const again = (knownStops: number) =>
    told('ArticleApproved', editor, { version: 1, desk: 'city', kind: 'story', content, knownStops });

  test('heard before it: the approval knows of the stop, and clears it', () => {
    after(...spiked, stopped, unspiked)
      .when(approve)
      .then(again(1));
  });

  test('heard after it: the approval does not know, and another can', () => {
    after(...spiked, unspiked)
      .when(approve)
      .then(again(0));
    after(...spiked, unspiked, again(0), stopped, opened)
      .when(approve)
      .then(again(1));
  });

  test('a version that nobody approved has no clearance to stop', () => {
    given(article, [started, submitted, claimed])
      .when(spike)
      .then(told('ArticleSpiked', editor, { reason: 'Wrong.' }));
  });
});

describe('a kill races the working line', () => {
  test('killed first, and known: drafting has ended', () => {
    after(published)
      .when(kill)
      .then(recorded('ArticleKilled', 'killed', { version: 1 }));
    const dead = after(published, killed);
    dead.when(open).thenRejected('not-allowed-now');
    dead.when(spike).thenRejected('not-allowed-now');
    expect(article.actions(dead.state, editor)).toEqual([]);
  });

  test('an approval on its way is ignored there, and that is recorded here', () => {
    const ignore = heard('ApprovalIgnored', { position: 'p', version: 2, why: 'killed' });
    const ignored = recorded('ApprovalIgnored', 'killed', { version: 1 });
    const revised = flow.revised('p2', 'Traffic crawls.');
    const second = { ...approved, data: { ...approved.data, version: 2, content: revised.data.content } };
    const next = after(published, opened, revised, second, killed);
    expect(next.state).toMatchObject({ status: 'killed', approved: 2 });
    next.when(ignore).then(ignored);
    expect(after(published, killed, ignored).state.status).toBe('killed');
  });

  test('a spike on its way ends killed: there is nothing to take back', () => {
    after(...spiked)
      .when(kill)
      .then(recorded('ArticleKilled', 'killed'));
    expect(after(...spiked, killed).state.status).toBe('killed');
  });

  test('asked, it holds what is out; declined, it is as publication says', () => {
    const asked = recorded('KillAsked', 'held', { version: 1 });
    after(published)
      .when(heard('KillAsked', { reason: 'Untrue.', byChiefOrLegal: true, item: 2, at }))
      .then(asked);
    after(published, asked).when(spike).thenRejected('story-is-live');
    after(published, asked)
      .when(heard('KillDeclined', { reason: 'True.', state: 'unpublished', item: 3, at }))
      .then(recorded('KillDeclined', 'unpublished', { version: 1 }));
  });
});

test('what waited and was stopped is recorded; a spike of what is out does not stand', () => {
  const answer = { version: 2, why: 'Wrong.', state: 'published', position: 'p' };
  after(published)
    .when(heard('VersionStopped', answer))
    .then(recorded('VersionStopped', 'published', { version: 1 }));
  after(...spiked)
    .when(heard('VersionStopped', answer))
    .then(recorded('VersionStopped', 'published'), told('SpikeTakenBack', duty, { publication: 'published' }));
  const correctionId = '01890000-0000-7000-8000-0000000000c1';
  after(published)
    .when(heard('CorrectionStopped', { correctionId, why: 'Wrong.', position: 'p' }))
    .then(recorded('CorrectionStopped', 'published', { version: 1, correctionId }));
});

test('what an event does not say stays as it was known', () => {
  after(published)
    .when(heard('ArticleUnpublished', { reason: 'Rights.', item: 2, at }))
    .then(recorded('ArticleUnpublished', 'unpublished', { version: 1 }));
});

test('people do not record what publication did', () => {
  after()
    .when({ ...publish, actor: duty })
    .thenRejected('role-required');
  expect(article.actions(after().state, machine)).toEqual([]);
});

describe('a withdrawn approval races the publication', () => {
  const withdraw = (version = 1) => ask('withdraw-approval', { version, reason: 'Wrong.' }, editor);
  const withdrawn = (version = 1, standing = 0) => [
    told('ApprovalWithdrawn', editor, { version, reason: 'Wrong.', approved: standing }),
    told('ClearanceStopped', editor, { version, why: 'Wrong.' }),
  ];
  const late = (state: string) => told('WithdrawalTooLate', duty, { version: 1, publication: 'published', state });
  const heardLate = heard('StopTooLate', { position: 'p', version: 1, why: 'Wrong.', state: 'published' });
  const tooLate = recorded('StopTooLate', 'published', { version: 1, content });

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
    back.when(heardLate).then(recorded('StopTooLate', 'published', { version: 1 }));
    after(...withdrawn())
      .when(heardLate)
      .then(recorded('StopTooLate', 'published'), late('approved'));
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
        ...[recorded('StopTooLate', 'published'), told('SpikeTakenBack', duty, { publication: 'published' })],
        late('approved'),
      );
  });
});
