import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { duty, editor, told } from '../samples.ts';
import { notifications } from './notifications.projection.ts';

let projected: Projecting;
beforeAll(async () => {
  projected = await projecting(notifications);
});
afterAll(() => projected.close());

test('whoever put it out hears that somebody wanted it stopped, and was too late', async () => {
  const record = (event: string, by: object) =>
    told('PublicationRecorded', { by, event, state: 'published', version: 1, stops: 0, position: 'p' });
  const late = { by: duty, version: 1, publication: 'published', state: 'approved' };
  const out = record('ArticlePublished', duty);
  await projected
    .given(
      ...[out, told('WithdrawalTooLate', late), record('StopTooLate', editor)],
      told('SpikeTakenBack', { by: duty, publication: 'published' }),
    )
    .then({
      notification: [
        ...['approver', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'published' })),
        ...['editor', 'publisher', 'spiker', 'writer'].map((part) => ({
          ...{ recipient: `part ${part}`, kind: 'withdrawal-too-late' },
        })),
        ...['approver', 'publisher', 'spiker'].map((part) => ({
          ...{ recipient: `part ${part}`, kind: 'stop-too-late', about: { version: 1, publication: 'published' } },
        })),
        { recipient: 'person e', kind: 'stop-too-late', by_name: 'Stet' },
        ...['editor', 'publisher', 'spiker', 'writer'].map((part) => ({
          ...{ recipient: `part ${part}`, kind: 'spike-taken-back' },
        })),
      ],
      part_had: [{ part: 'publisher', person_id: 'd', position: Number(out.position) }],
    });
});

test('that it was refiled is not told as a correction', async () => {
  const of = { by: duty, event: 'ArticleCorrected', state: 'published', version: 1, stops: 0, position: 'p' };
  const told1 = told('PublicationRecorded', { ...of, class: 'REFILE' });
  await projected.given(told1, told('PublicationRecorded', of)).then({
    notification: ['refiled', 'corrected'].flatMap((kind) =>
      ['approver', 'writer'].map((part) => ({ recipient: `part ${part}`, kind })),
    ),
    part_had: [{ part: 'publisher', person_id: 'd' }, { part: 'publisher' }],
  });
});

test('whoever asked that it be held hears that it is, and so does whoever put it out', async () => {
  const record = (event: string) =>
    told('PublicationRecorded', { by: editor, event, state: 'held', version: 1, stops: 0, position: 'p' });
  const about = { version: 1, publication: 'held' };
  const happened = ['ArticleHeld', 'VersionStopped', 'HoldReleased', 'ArticleRepeated', 'ArticleUpdated'].map(record);
  await projected.given(...happened).then({
    notification: [
      ...['approver', 'publisher', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'held', by_id: 'e' })),
      ...['approver', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'version-stopped', about })),
      { recipient: 'person e', kind: 'version-stopped', by_name: 'Stet', about },
      ...['approver', 'publisher', 'writer'].map((part) => ({ recipient: `part ${part}`, kind: 'released' })),
      ...['repeated', 'updated'].flatMap((kind) =>
        ['approver', 'writer'].map((part) => ({ recipient: `part ${part}`, kind })),
      ),
    ],
  });
});
