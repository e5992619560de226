import { describe, expect, test } from '@jest/globals';
import type { PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publication } from './publication.ts';
import { ask, chief, content, duty, editor, events, heard, position, publish, reworded, told } from './samples.ts';

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
