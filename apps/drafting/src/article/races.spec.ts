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
const stopped = recorded('PublicationStopped', 'stopped', { stops: 1, stopped: { version: 1 } });
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
    const late = recorded('StopTooLate', 'published', { version: 1, stopped: { version: 1 } });
    after(...spiked, published, back)
      .when(heard('StopTooLate', { position: 'p', version: 1, why: 'Wrong.', state: 'published' }))
      .then(late);
  });

  test('too late is enough to take it back, whatever was heard before', () => {
    const late = recorded('StopTooLate', 'unpublished', { stopped: { version: 1 } });
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

test('a hold and its end are recorded: what is held is as live as it was', () => {
  const held = recorded('ArticleHeld', 'held', { version: 1 });
  after(published)
    .when(heard('ArticleHeld', { reason: 'In doubt.', state: 'held', item: 2, at }))
    .then(held);
  after(published, held).when(spike).thenRejected('story-is-live');
  after(published, held)
    .when(heard('HoldReleased', { reason: 'It is right.', item: 3, at }))
    .then(recorded('HoldReleased', 'published', { version: 1 }));
});

test('what waited and was stopped is recorded; a spike of what is out does not stand', () => {
  const answer = { version: 2, why: 'Wrong.', state: 'published', position: 'p' };
  const stopped = { version: 2 };
  after(published)
    .when(heard('VersionStopped', answer))
    .then(recorded('VersionStopped', 'published', { version: 1, stopped }));
  after(...spiked)
    .when(heard('VersionStopped', answer))
    .then(
      recorded('VersionStopped', 'published', { stopped }),
      told('SpikeTakenBack', duty, { publication: 'published' }),
    );
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
