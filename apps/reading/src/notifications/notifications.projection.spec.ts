import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { articleId, block, content, duty, editor, events, id, reporter, told } from '../samples.ts';
import { notifications } from './notifications.projection.ts';

let projected: Projecting;
beforeAll(async () => {
  projected = await projecting(notifications);
});
afterAll(() => projected.close());

const at = '2026-03-01T10:00:00.000000Z';
const note = { by: editor, noteId: id(7), at, note: 'Is it?', blocking: false };

test('a mention is for each who is mentioned, and a note that is resolved for its author', async () => {
  await projected
    .given(
      events.started(),
      told('NoteAdded', { ...note, mentions: ['r', 'd'], block: 'p1' }),
      told('NoteResolved', { by: reporter, noteId: id(7), at }),
    )
    .then({
      notification: [
        { recipient: 'person d', kind: 'mentioned', said: 'Is it?', about: { noteId: id(7), block: 'p1' }, by_id: 'e' },
        { recipient: 'person r', kind: 'mentioned' },
        { recipient: `part note ${id(7)}`, kind: 'note-resolved' },
      ],
      article_part: [
        { article_id: articleId, part: `note ${id(7)}`, person_id: 'e' },
        { part: 'writer', person_id: 'r' },
      ],
    });
});

test('what was decided about somebody’s work is for those who had a part in it', async () => {
  const suggestion = { suggestionId: id(8), at };
  await projected
    .given(
      events.started(),
      events.claimed(),
      told('EditSuggested', { by: duty, ...suggestion, version: 1, proposed: block('p1', 'Shut.'), note: 'No.' }),
      told('SuggestionRejected', { by: editor, ...suggestion, suggester: duty, reason: 'It is open.' }),
      events.approved(1),
      told('PublicationRecorded', {
        ...{ by: duty, event: 'ArticlePublished', state: 'published', version: 1, content: content() },
        ...{ stops: 0, position: 'p' },
      }),
    )
    .then({
      notification: [
        { recipient: 'part editor', kind: 'claimed' },
        { recipient: 'part writer', kind: 'claimed' },
        { recipient: 'part editor', kind: 'edit-suggested', about: { block: 'p1' } },
        { recipient: 'part writer', kind: 'edit-suggested' },
        { recipient: 'person d', kind: 'suggestion-rejected', said: 'It is open.' },
        { recipient: 'part editor', kind: 'approved' },
        { recipient: 'part writer', kind: 'approved' },
        { recipient: 'part approver', kind: 'published', by_id: 'd' },
        { recipient: 'part writer', kind: 'published' },
      ],
      article_part: [
        { part: 'approver', person_id: 'e' },
        { part: 'editor', person_id: 'e' },
        { part: 'editor', person_id: '' },
        { part: 'writer', person_id: 'r' },
      ],
    });
});
