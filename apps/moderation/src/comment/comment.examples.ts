import { encodePosition } from '#contracts';

/** One comment, as the examples of moderation's API tell of it. */
const publication = encodePosition({
  ...{ service: 'publication', logId: '01890f3c-5a10-7b21-9c44-3f6e2d7a1b01' },
  ...{ shard: 0, position: 17n },
});
export const articleId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b05';
const reader = { id: 'reader-17', name: 'Amna', email: 'amna@example.org', ip: '192.0.2.17' };
const commenterId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1d01';
const commentId = '01890f3c-5a10-8b21-9c44-3f6e2d7a1c01';
const text = 'The bridge was overdue. More at www.example.com.';

export const submit = { articleId, reader, text, articleVersion: 2, after: publication };
export const approve = { revision: 1 };
export const reject = { revision: 1, reason: 'commercial', note: 'It only sends readers elsewhere.' };
export const withdraw = { revision: 1, readerId: reader.id };

export const view = {
  ...{ id: commentId, articleId, state: 'rejected', revision: 1, text },
  reader: { id: commenterId, name: reader.name },
  ...{ articleVersion: 2, confirmed: true },
  screening: { verdict: 'review', hits: [{ rule: 'link', version: 1, verdict: 'review', from: 32, to: 48 }] },
  decision: { by: { id: 'mona', name: 'Mona' }, reason: reject.reason, note: reject.note, byScreening: false },
};
export const actions = {
  actions: [{ command: 'approve', by: ['moderator'] }],
  knows: { publication },
};
export const thread = {
  ...{ articleId, state: 'open', mode: 'pre-moderated', versions: [1, 2] },
  knows: { publication },
};
export const commenter = { id: commenterId, state: 'known', comments: [commentId] };
export const commenterActions = { actions: [{ command: 'erase', by: ['privacy-officer'] }] };
