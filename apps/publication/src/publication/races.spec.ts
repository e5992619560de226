import { describe, expect, test } from '@jest/globals';
import type { Content, PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publication } from './publication.ts';
import {
  ask,
  chief,
  content,
  correctionId,
  dueAt,
  duty,
  editor,
  events,
  heard,
  now,
  position,
  publish,
  reworded,
  told,
} from './samples.ts';

/** What drafting and publication decide at the same moment: this log gives the order, and drafting is told which. */
const { opened, published, unpublished, stopped, killAsked, killed, waiting } = events;
const second = reworded('p2', 'Traffic crawls.');
const after = (...more: PublicationEvent[]) => given(publication, [opened, ...more]);
const byDrafting = (stops: number) =>
  told('PublicationStopped', editor, { version: 1, why: 'Wrong.', stops, from: 'drafting', position });

describe('a stop races the publication', () => {
  const tooLate = (state: string) => told('StopTooLate', editor, { version: 1, why: 'Wrong.', state, position });

  test('stopped first: it does not go out', () => {
    after().when(heard.stop()).then(byDrafting(1));
    after(byDrafting(1)).when(publish()).thenRejected('not-allowed-now');
  });

  test('published first: the stop is too late, and says what is out', () => {
    after().when(publish()).then(published);
    after(published).when(heard.stop()).then(tooLate('published'));
    after(published, unpublished(2)).when(heard.stop()).then(tooLate('unpublished'));
    expect(after(published, tooLate('published')).state.status).toBe('published');
  });

  test('each answer says of which request it is, where that has a name', () => {
    const stopId = 'one';
    const answer = (line: ReturnType<typeof after>, version = 1) =>
      publication.decide(heard.stop(version, { stopId }), line.state);
    const named = (type: string) => [{ type, data: { stopId } }];
    expect(answer(after())).toMatchObject(named('PublicationStopped'));
    expect(answer(after(published))).toMatchObject(named('StopTooLate'));
    expect(answer(after(published, waiting(2, second)), 2)).toMatchObject(named('VersionStopped'));
  });

  test('while a kill is asked, what is out is held', () => {
    after(published, killAsked(2)).when(heard.stop()).then(tooLate('held'));
  });

  test('stopped here and there: once is enough, and an approval after both clears it', () => {
    after(stopped).when(heard.stop()).then();
    after(byDrafting(1))
      .when(ask('stop', { reason: 'Wrong.' }, duty))
      .thenRejected('not-allowed-now');
    after(stopped)
      .when(heard.approval(1, content, 1))
      .then(events.renewed(1, content));
  });

  test('stopped again after it was cleared again: an approval that knows of the first stop only clears nothing', () => {
    const again = after(byDrafting(1), events.renewed(1, content), byDrafting(2));
    again.when(heard.approval(2, second, 1)).then(waiting(2, second));
    again.when(heard.approval(2, second, 2)).then(events.renewed(2, second));
  });
});

describe('a stop asks that it be held where it comes too late', () => {
  const { held, unpublished: down, killDeclined } = events;
  const asked = (hold: 'version' | 'article', version = 1) => heard.stop(version, { hold });
  const late = (version = 1, state = 'held') =>
    told('StopTooLate', editor, { version, why: 'Wrong.', state, position });
  const heldBy = (item: number, state: 'held' | 'kill-asked' = 'held') => {
    const { data, ...event } = held(item, state, editor);
    return { ...event, data: { ...data, reason: 'Wrong.' } };
  };
  const second = reworded('p2', 'Traffic crawls.');

  test('in time, there is nothing to hold: it is stopped', () => {
    for (const hold of ['version', 'article'] as const) after().when(asked(hold)).then(byDrafting(1));
  });

  test('too late, it is held, and the answer says so', () => {
    for (const hold of ['version', 'article'] as const) after(published).when(asked(hold)).then(heldBy(2), late());
    expect(after(published, heldBy(2), late()).state).toMatchObject({ status: 'held', item: { number: 2 } });
    after(published).when(heard.stop()).then(late(1, 'published'));
  });

  test('that very version, or whatever is out of the article', () => {
    after(published).when(asked('version', 2)).then(late(2, 'published'));
    after(published).when(asked('article', 2)).then(heldBy(2), late(2));
    const stoppedUpTo = (version: number, state: string) =>
      told('VersionStopped', editor, { version, why: 'Wrong.', state, position });
    const line = after(published, waiting(2, second));
    line.when(asked('version', 2)).then(stoppedUpTo(2, 'published'));
    line.when(asked('article', 2)).then(heldBy(2), stoppedUpTo(2, 'held'));
    line.when(asked('version', 1)).then(heldBy(2), late());
  });

  test('that text, under whichever number it was approved: again as it is out, or as it waits', () => {
    const known = (version: number, of: number) => told('VersionKnown', editor, { version, known: of, position });
    after(published).when(heard.approval(3)).then(known(3, 1));
    after(published, known(3, 1)).when(asked('version', 3)).then(heldBy(2), late(3));
    after(known(3, 1), published).when(asked('version', 3)).then(heldBy(2), late(3));
    after(known(3, 1))
      .when(asked('version', 3))
      .then(
        told('PublicationStopped', editor, {
          ...{ version: 3, why: 'Wrong.', stops: 1, from: 'drafting', position },
        }),
      );
    after(published, waiting(2, second), known(3, 2))
      .when(asked('version', 3))
      .then(told('VersionStopped', editor, { version: 3, why: 'Wrong.', state: 'published', position }));
    const corrected = told('ArticleCorrected', duty, {
      ...{ version: 2, content: second, number: 1, class: 'CORRECTED', note: 'So.', difference: [], fields: [] },
      ...{ item: 2, at: now },
    });
    after(published, waiting(2, second), known(3, 2), corrected).when(asked('version', 3)).then(heldBy(3), late(3));
    // Back to what is out, it waits behind another one.
    const back = after(published, waiting(2, second), waiting(3, content));
    back
      .when(asked('version', 3))
      .then(...[heldBy(2), told('VersionStopped', editor, { version: 3, why: 'Wrong.', state: 'held', position })]);
    // It is out no longer as it was approved then.
    after(published, known(3, 1), waiting(4, second), { ...corrected, data: { ...corrected.data, version: 4 } })
      .when(asked('version', 3))
      .then(late(3, 'published'));
  });

  test('what is held or was taken down is held or down already', () => {
    after(published, held(2)).when(asked('article')).then(late());
    after(published, down(2)).when(asked('article')).then(late(1, 'unpublished'));
    after(published, down(2), killAsked(2)).when(asked('article')).then(late());
    after(published, killAsked(2), killed(3)).when(asked('article')).then();
  });

  test('while a kill is asked: once that is declined it is held, and outsiders are told nothing new', () => {
    const line = after(published, killAsked(2));
    line.when(asked('article')).then(heldBy(2, 'kill-asked'), late());
    const both = after(published, killAsked(2), heldBy(2, 'kill-asked'), late());
    expect(both.state).toMatchObject({ status: 'kill-asked', kill: { before: 'held' }, item: { number: 2 } });
    both.when(asked('article')).then(late());
    both.when(ask('decline-kill', { reason: 'It is true.' }, chief)).then(killDeclined('held', 2));
  });
});

describe('a stop races what is to follow what is out', () => {
  const { ready } = events;
  const fixed = reworded('p1', 'The bridge is closed.');
  const other = '01890000-0000-7000-8000-0000000000c2';
  const inTime = (state = 'published') =>
    told('VersionStopped', editor, { version: 2, why: 'Wrong.', state, position });
  const tooLate = told('StopTooLate', editor, { version: 2, why: 'Wrong.', state: 'published', position });
  const correctionStopped = (of = correctionId) =>
    told('CorrectionStopped', editor, { correctionId: of, why: 'Wrong.', position });
  const put = (seen: object) => ask('correct', { note: 'It is so.', ...seen }, duty);
  const corrected = (text: Content, more: { version: number; correctionId?: string }) =>
    told('ArticleCorrected', duty, {
      ...{ content: text, number: 1, class: 'CORRECTED', note: 'It is so.', difference: [], fields: [] },
      ...{ item: 2, at: now, ...more },
    });

  test('a version that waits, stopped first: nobody sends it, and what is out stays', () => {
    after(published, waiting(2, second)).when(heard.stop(2)).then(inTime());
    const line = after(published, waiting(2, second), inTime());
    expect(line.state).toMatchObject({ status: 'published', out: { version: 1 }, waiting: undefined });
    line.when(put({ version: 2 })).thenRejected('nothing-waiting');
    after(published, unpublished(2), waiting(2, second)).when(heard.stop(2)).then(inTime('unpublished'));
    after(published, waiting(2, second), killAsked(2)).when(heard.stop(2)).then(inTime('held'));
    // Approved anew, it waits anew.
    line.when(heard.approval(2, second)).then(waiting(2, second));
  });

  test('sent first: the stop is too late', () => {
    after(published, waiting(2, second), corrected(second, { version: 2 }))
      .when(heard.stop(2))
      .then(tooLate);
  });

  test('a stop of what is out is no stop of what was approved after it', () => {
    after(published, waiting(2, second))
      .when(heard.stop(1))
      .then(told('StopTooLate', editor, { version: 1, why: 'Wrong.', state: 'published', position }));
  });

  test('corrections that are ready are stopped, whatever version is', () => {
    const line = after(published, ready(fixed), ready(second, other));
    const late = told('StopTooLate', editor, { version: 1, why: 'Wrong.', state: 'published', position });
    line.when(heard.stop(1)).then(correctionStopped(), correctionStopped(other), late);
    const gone = after(published, ready(fixed), ready(second, other), correctionStopped());
    gone.when(put({ correctionId })).thenRejected('version-seen-stale');
    expect(gone.state.ready).toMatchObject([{ id: other }]);
    after(published, ready(fixed), waiting(2, second)).when(heard.stop(2)).then(correctionStopped(), inTime());
  });

  test('a correction that was sent first is out', () => {
    after(published, ready(fixed), corrected(fixed, { version: 1, correctionId }))
      .when(heard.stop(2))
      .then(tooLate);
  });
});

describe('a stop races an update that is due', () => {
  const third = reworded('p2', 'Traffic stands.');
  const due = dueAt('2026-01-02T06:00:01.000000Z');
  const inTime = (version: number) =>
    told('VersionStopped', editor, { version, why: 'Wrong.', state: 'published', position });
  const ended = (more: object = {}) => told('UpdateDescheduled', editor, { version: 2, schedule: 1, ...more });
  const scheduled = [published, waiting(2, second), events.updateScheduled()];
  const [line, beside] = [after(...scheduled), after(...scheduled, waiting(3, third))];

  test('stopped first: it does not go out', () => {
    line.when(heard.stop(2)).then(inTime(2), ended());
    const over = after(...scheduled, inTime(2), ended());
    expect(over.state).toMatchObject({ out: { version: 1 }, waiting: undefined, schedule: undefined });
    over.when(due).thenRejected('timer-outdated');
  });

  test('due first: the stop is too late, and holds it where it says so', () => {
    const late = after(...scheduled, ...publication.decide(due, line.state));
    expect(publication.decide(heard.stop(2), late.state)).toMatchObject([
      { type: 'StopTooLate', data: { state: 'published' } },
    ]);
    expect(publication.decide(heard.stop(2, { hold: 'version' }), late.state)).toMatchObject([
      ...[{ type: 'ArticleHeld' }, { type: 'StopTooLate', data: { state: 'held' } }],
    ]);
  });

  test('of the scheduled version, it leaves the one that waits beside it', () => {
    beside.when(heard.stop(2)).then(inTime(2), ended({ waits: 3 }));
    const { state } = after(...scheduled, waiting(3, third), inTime(2), ended({ waits: 3 }));
    expect(state).toMatchObject({ waiting: { version: 3 }, schedule: undefined });
  });

  test('of the one that waits beside it, it stops both: nobody can tell whether what it is about is in the earlier text', () => {
    beside.when(heard.stop(3)).then(inTime(3), ended());
    beside
      .when(heard.stop(1))
      .then(told('StopTooLate', editor, { version: 1, why: 'Wrong.', state: 'published', position }));
  });
});

describe('an approval races a kill', () => {
  const kill = [killAsked(2), killed(3)];

  test('killed first: the approval is recorded as ignored', () => {
    const ignored = told('ApprovalIgnored', editor, { version: 2, why: 'killed', position });
    after(published, ...kill)
      .when(heard.approval(2, second))
      .then(ignored);
    expect(after(published, ...kill, ignored).state.status).toBe('killed');
    after(published, ...kill)
      .when(heard.stop())
      .then();
  });

  test('approved first: it waits, and ends with the kill', () => {
    after(published).when(heard.approval(2, second)).then(waiting(2, second));
    const dead = after(published, waiting(2, second), ...kill);
    dead.when(ask('take-version', { version: 2 }, duty)).thenRejected('not-allowed-now');
  });

  test('asked first: it waits for what is decided', () => {
    const asked = after(published, killAsked(2));
    asked.when(heard.approval(2, second)).then(waiting(2, second));
    const declined = after(published, killAsked(2), waiting(2, second), events.killDeclined('published', 3));
    expect(publication.actions(declined.state, duty).map(({ command }) => command)).toContain('correct');
    asked.when(ask('sign-kill', {}, chief)).then(killed(3));
  });

  test('a correction on its way is ignored as well', () => {
    const { data } = heard.correction(second);
    after(published, ...kill)
      .when(heard.correction(second))
      .then(told('ApprovalIgnored', editor, { version: 2, correctionId: data.correctionId, why: 'killed', position }));
  });
});
