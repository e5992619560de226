import { describe, expect, test } from '@jest/globals';
import type { PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publication } from './publication.ts';
import {
  ask,
  chief,
  content,
  duty,
  editor,
  events,
  heard,
  lawyer,
  machine,
  otherDesk,
  publish,
  reworded,
  told,
} from './samples.ts';

const { opened, waiting, taken, published, held, released, unpublished, stopped, killAsked, killDeclined, killed } =
  events;
const second = reworded('p2', 'Traffic crawls.');
const fixed = reworded('p1', 'The bridge is closed.');
const after = (...more: PublicationEvent[]) => given(publication, [opened, ...more]);

describe('an approval arrives', () => {
  test('the first opens the publication and pins its text', () => {
    given(publication, []).when(heard.approval(1)).then(opened);
    expect(after().state).toMatchObject({ status: 'cleared', pinned: { version: 1, content }, position: 'p' });
  });

  test('a later one waits until somebody takes it, and the newest is the one that waits', () => {
    after().when(heard.approval(2, second)).then(waiting(2, second));
    after(waiting(2, second)).when(heard.approval(3, fixed)).then(waiting(3, fixed));
    expect(after(waiting(2, second), waiting(3, fixed)).state).toMatchObject({
      pinned: { version: 1 },
      waiting: { version: 3 },
    });
  });

  test('of the text that is here already it says nothing new', () => {
    after().when(heard.approval(1)).then();
    after(waiting(2, second)).when(heard.approval(2, second)).then();
    after(published).when(heard.approval(1)).then();
  });

  test('taking names the version seen; with nothing there, nothing is taken', () => {
    const take = (version: number) => ask('take-version', { version }, duty);
    after(waiting(2, second)).when(take(2)).then(taken(2, second));
    expect(
      after(waiting(2, second), waiting(3, fixed)).when(take(2)).thenRejected('version-seen-stale').details,
    ).toEqual({ seen: 2, version: 3 });
    after().when(take(1)).thenRejected('nothing-waiting');
    after(waiting(2, second), taken(2, second)).when(take(2)).thenRejected('nothing-waiting');
  });
});

describe('publishing', () => {
  test('puts out the pinned version, never a newer one, in the edition of today', () => {
    after().when(publish()).then(published);
    after(waiting(2, second)).when(publish(1)).then(published);
    expect(after(waiting(2, second)).when(publish(2)).thenRejected('version-seen-stale').details).toEqual({
      seen: 2,
      version: 1,
    });
  });

  test('or in the edition that is named', () => {
    const edition = { paper: 'The Express', date: '2011-07-15' };
    const then = (named: Partial<typeof edition>) => {
      const expected = { ...published.data, edition: { ...published.data.edition, ...named } };
      after()
        .when(publish(1, named))
        .then({ ...published, data: expected });
    };
    then(edition);
    then({ paper: 'The Express' });
    then({ date: '2011-07-15' });
  });

  test('after it was taken down, puts out the version last out, where and in the edition that it was', () => {
    const again = told('ArticlePublished', duty, {
      ...published.data,
      ...{ item: 3, at: '2026-02-01T00:00:00.000000Z' },
    });
    const down = after(published, waiting(2, second), unpublished(2));
    down.when({ ...publish(), now: '2026-02-01T00:00:00.000000Z' }).then(again);
    down.when(publish(2)).thenRejected('version-seen-stale');
  });

  test('is not done twice', () => {
    const refused = after(published).when(publish()).thenRejected('not-allowed-now');
    expect(refused.details).toMatchObject({ state: 'published' });
  });
});

describe('taking down and stopping', () => {
  test('what is out is unpublished; what is not is stopped', () => {
    const stop = ask('stop', { reason: 'Wrong.' }, editor);
    after(published)
      .when(ask('unpublish', { reason: 'Rights.' }, duty))
      .then(unpublished(2));
    after().when(stop).then(stopped);
    const refused = after(published).when(stop).thenRejected('not-allowed-now');
    expect(refused.details.allowed).toEqual([
      ...['schedule', 'reschedule', 'deschedule', 'correct', 'refile', 'update', 'repeat'].map((command) => ({
        command,
        by: ['duty-editor'],
      })),
      { command: 'hold', by: ['legal', 'duty-editor'] },
      { command: 'unpublish', by: ['duty-editor'] },
      { command: 'ask-kill', by: ['editor', 'legal', 'duty-editor', 'chief'] },
    ]);
  });

  test('an editor stops what is of their own desk', () => {
    after()
      .when(ask('stop', { reason: 'Wrong.' }, otherDesk))
      .thenRejected('other-desk');
    expect(publication.decide(ask('stop', { reason: 'Wrong.' }, chief), after().state)).toHaveLength(1);
  });

  test('only an approval that knew of the stop clears it again', () => {
    after(stopped)
      .when(heard.approval(1, content, 1))
      .then(events.renewed(1, content));
    after(stopped)
      .when(heard.approval(2, second, 0))
      .then(waiting(2, second));
    after(stopped).when(publish()).thenRejected('not-allowed-now');
    const renewed = after(stopped, waiting(2, second), events.renewed(3, fixed));
    expect(renewed.state).toMatchObject({ status: 'cleared', pinned: { version: 3 }, waiting: undefined, stops: 1 });
  });
});

describe('a hold', () => {
  const hold = ask('hold', { reason: 'In doubt.' }, duty);
  const release = ask('release', { reason: 'It is right.' }, duty);

  test('keeps what is out from use until it is released, in the version that it was', () => {
    after(published).when(hold).then(held(2));
    after(published, held(2)).when(hold).thenRejected('not-allowed-now');
    after(published, waiting(2, second), held(2)).when(release).then(released(3));
    const { state } = after(published, waiting(2, second), held(2), released(3));
    expect(state).toMatchObject({
      status: 'published',
      out: { version: 1 },
      waiting: { version: 2 },
      item: { number: 3 },
    });
    after(published).when(release).thenRejected('not-allowed-now');
  });

  test('is of what is out: neither of what was never, nor of what was taken down', () => {
    for (const line of [after(), after(stopped), after(published, unpublished(2)), after(published, killAsked(2))])
      line.when(hold).thenRejected('not-allowed-now');
  });

  test('is for those who may, wherever they are; an editor asks for a kill', () => {
    expect(publication.decide({ ...hold, actor: lawyer }, after(published).state)).toHaveLength(1);
    after(published)
      .when({ ...hold, actor: editor })
      .thenRejected('role-required');
    after(published, held(2))
      .when({ ...release, actor: editor })
      .thenRejected('role-required');
  });

  test('ends as well with a correction, or with the text taken down; nobody publishes it again', () => {
    const line = after(published, waiting(2, second), held(2));
    line.when(publish()).thenRejected('not-allowed-now');
    line.when(ask('unpublish', { reason: 'Rights.' }, duty)).then(unpublished(3));
    const [corrected] = publication.decide(ask('correct', { version: 2, note: 'It crawls.' }, duty), line.state);
    expect(corrected).toMatchObject({ type: 'ArticleCorrected', data: { version: 2, item: 3 } });
    expect(corrected && publication.evolve(line.state, corrected)).toMatchObject({
      status: 'published',
      out: { version: 2 },
    });
  });
});

describe('a kill', () => {
  const askKill = (actor = editor) => ask('ask-kill', { reason: 'Untrue.' }, actor);
  const sign = (actor: typeof editor) => ask('sign-kill', {}, actor);

  test('of what is not out is a stop, and the refusal says so', () => {
    const refused = after().when(askKill()).thenRejected('not-allowed-now');
    expect(refused.details.allowed).toContainEqual({ command: 'stop', by: ['editor', 'legal', 'duty-editor'] });
  });

  test('holds at once what is out; a second person signs it, and one of the two is chief or legal', () => {
    after(published).when(askKill()).then(killAsked(2));
    const asked = after(published, killAsked(2));
    asked.when(sign(editor)).thenRejected('role-required');
    asked.when(sign(duty)).thenRejected('role-required');
    asked.when(sign(chief)).then(killed(3));
    after(published).when(askKill(chief)).then(killAsked(2, chief));
    const byChief = after(published, killAsked(2, chief));
    byChief.when(sign(chief)).thenRejected('second-person');
    expect(publication.decide(sign(duty), byChief.state)).toHaveLength(1);
    byChief.when(sign(otherDesk)).thenRejected('other-desk');
  });

  test('rules compare persons: somebody who asked as editor does not sign as chief', () => {
    const edna = { ...editor, roles: ['editor', 'chief'] };
    after(published, killAsked(2)).when(sign(edna)).thenRejected('second-person');
  });

  test('of what was taken down is counted by no public message', () => {
    after(published, unpublished(2)).when(askKill()).then(killAsked(2));
    const asked = after(published, unpublished(2), killAsked(2));
    asked.when(ask('decline-kill', { reason: 'It is true.' }, chief)).then(killDeclined('unpublished', 2));
  });

  test('of what is held is counted by no public message; declined, it is held still', () => {
    after(published, held(2)).when(askKill()).then(killAsked(2));
    const asked = after(published, held(2), killAsked(2));
    asked.when(sign(chief)).then(killed(3));
    asked.when(ask('decline-kill', { reason: 'It is true.' }, chief)).then(killDeclined('held', 2));
    const line = after(published, held(2), killAsked(2), killDeclined('held', 2));
    expect(line.state).toMatchObject({ status: 'held', kill: undefined, item: { number: 2 } });
    line.when(ask('release', { reason: 'It is right.' }, duty)).then(released(3));
  });

  test('is declined: as it was before', () => {
    after(published, killAsked(2))
      .when(ask('decline-kill', { reason: 'It is true.' }, chief))
      .then(killDeclined('published', 3));
    const state = after(published, killAsked(2), killDeclined('published', 3)).state;
    expect(state).toMatchObject({ status: 'published', kill: undefined, item: { number: 3 } });
  });

  test('is final', () => {
    const dead = after(published, killAsked(2), killed(3));
    expect(publication.actions(dead.state, chief)).toEqual([]);
    for (const command of [publish(), askKill(), sign(lawyer)]) dead.when(command).thenRejected('not-allowed-now');
  });
});

test('people neither see nor give the commands of reactions', () => {
  after()
    .when({ ...heard.stop(), actor: editor })
    .thenRejected('role-required');
  expect(publication.actions(after().state, machine)).toEqual([]);
  given(publication, []).when(publish()).thenRejected('not-found');
});
