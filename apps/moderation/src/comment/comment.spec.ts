import { describe, expect, test } from '@jest/globals';
import type { CommentEvent } from '#contracts';
import { given } from '#testing';
import { articleId, ask, author, chief, commentId, commenterId, flow, lead, machine, moderator } from './samples.ts';
import { officer, publisher, reader, said, second, site, threads } from './samples.ts';
import { comment } from './comment.ts';

const { submission, inOpenThread, submitted, approved, rejected, withdrawn, ended, erased } = flow;
const open = { thread: threads.open };
const submit = (more: Partial<typeof submission> = {}, given = inOpenThread, actor = site) =>
  ask('submit', { ...submission, ...more }, actor, given);
const approve = (seen: 'pending' | 'rejected' = 'pending', actor = moderator, given = open, revision = 1) =>
  ask('approve', { revision, state: seen }, actor, given);
const why = { reason: 'off-topic', note: 'About another bridge.' } as const;
const reject = (seen: 'pending' | 'published' = 'pending', actor = moderator, given = open, revision = 1) =>
  ask('reject', { revision, state: seen, ...why }, actor, given);
const withdraw = (by: readonly [string, string] = author, revision = 1) =>
  ask('withdraw', { author: by, revision }, site);
const by = { id: officer.id, name: officer.name };
const erase = ask('erase', { commentId, articleId, by }, machine);
const end = ask('end', { by: publisher }, machine);

describe('submitting', () => {
  test('a reader writes, the site brings it, a person will decide', () => {
    given(comment, []).when(submit()).then(submitted());
    const { name, email } = reader;
    const state = { status: 'pending', author: { id: commenterId, name }, email, articleId };
    expect(given(comment, [submitted()]).state).toMatchObject(state);
  });

  test('a repeat comes to a person, marked as one', () => {
    const hits = [{ rule: 'repeat', version: 1, verdict: 'review' as const, from: 0, to: submission.text.length }];
    given(comment, [])
      .when(submit({}, { ...inOpenThread, wording: said('another') }))
      .then(submitted({ verdict: 'review', hits }));
  });

  test('what a policy rejects alone is taken, and rejected by the house rule that it broke', () => {
    const text = 'What an idiot.';
    const hits = [{ rule: 'insult', version: 1, verdict: 'reject' as const, from: 8, to: 13 }];
    const by = { id: 'screening', name: 'Screening' };
    const told = { ...flow.of(by), reason: 'abusive', note: '', byScreening: true } as const;
    given(comment, [])
      .when(submit({ text, policy: { mayReject: ['insult'] } }))
      .then(submitted({ verdict: 'reject', hits }, text), { type: 'CommentRejected', data: told });
  });

  test('nothing is taken while the thread is not open', () => {
    const into = (thread: (typeof threads)['open']) => given(comment, []).when(submit({}, { ...inOpenThread, thread }));
    into(threads.none).thenRejected('not-found');
    expect(into(threads.frozen).thenRejected('thread-frozen').details.allowed).toEqual([]);
    into(threads.closed).thenRejected('thread-closed');
  });

  test('a refusal says nothing of the words', () => {
    const secret = 'Nobody else may read this.';
    const refused = given(comment, [])
      .when(submit({ text: secret }, { ...inOpenThread, thread: threads.closed }))
      .thenRejected('thread-closed');
    expect(`${refused.message} ${JSON.stringify(refused.details)}`).not.toMatch(/Nobody|Amna|r-17/);
  });
});

describe('deciding', () => {
  test('a moderator lets it stand, or refuses it by a rule of the house', () => {
    given(comment, [submitted()]).when(approve()).then(approved());
    given(comment, [submitted()]).when(reject()).then(rejected());
  });

  test('a decision that was seen can be turned', () => {
    given(comment, [submitted(), approved()]).when(reject('published', second)).then(rejected(second));
    given(comment, [submitted(), rejected()]).when(approve('rejected', second)).then(approved(second));
  });

  test('decided by two at once: one wins, the other is told', () => {
    const alike = given(comment, [submitted(), approved()])
      .when(approve('pending', second))
      .thenRejected('not-allowed-now');
    expect(alike.details).toMatchObject({
      state: 'published',
      allowed: [{ command: 'reject' }, { command: 'withdraw' }],
    });
    const otherwise = given(comment, [submitted(), approved()])
      .when(reject('pending', second))
      .thenRejected('decided-already');
    expect(otherwise.details).toEqual({
      state: 'published',
      decidedBy: { id: 'mona', name: 'mona' },
      allowed: [
        { command: 'reject', by: ['moderator'] },
        { command: 'withdraw', by: ['site'] },
      ],
    });
  });

  test('a decision holds for the revision that was seen', () => {
    for (const command of [approve('pending', moderator, open, 2), reject('pending', moderator, open, 2)])
      expect(given(comment, [submitted()]).when(command).thenRejected('revision-seen-stale').details).toEqual({
        ...{ seen: 2, revision: 1 },
      });
  });

  test('while the thread is frozen or closed nothing is decided, and the refusal says what still works', () => {
    const allowed = [{ command: 'withdraw', by: ['site'] }];
    for (const command of [
      approve('pending', moderator, { thread: threads.frozen }),
      reject('pending', moderator, { thread: threads.frozen }),
    ])
      expect(given(comment, [submitted()]).when(command).thenRejected('thread-frozen').details).toEqual({
        ...{ state: 'frozen', allowed },
      });
    given(comment, [submitted()])
      .when(approve('pending', moderator, { thread: threads.closed }))
      .thenRejected('thread-closed');
  });

  test('only a moderator decides', () => {
    for (const actor of [site, lead, chief, machine])
      given(comment, [submitted()]).when(approve('pending', actor)).thenRejected('role-required');
  });
});

describe('leaving', () => {
  test('its author takes it back, decided or not, in an open thread or not', () => {
    for (const before of [[], [approved()], [rejected()]])
      given(comment, [submitted(), ...before])
        .when(withdraw())
        .then(withdrawn);
  });

  test('nobody else does, and no other revision than the one seen', () => {
    given(comment, [submitted()])
      .when(withdraw(['another', 'r-18']))
      .thenRejected('not-author');
    given(comment, [submitted()]).when(withdraw(author, 2)).thenRejected('revision-seen-stale');
    given(comment, [submitted(), withdrawn]).when(withdraw()).thenRejected('not-allowed-now');
  });

  test('when its article is killed, what was pending ends, and that is no rejection', () => {
    given(comment, [submitted()]).when(end).then(ended);
    for (const before of [[approved()], [rejected()], [withdrawn], [ended], [erased]])
      given(comment, [submitted(), ...before])
        .when(end)
        .then();
  });

  test('when its reader is erased, nothing is left but what was decided, whatever it was, and once', () => {
    for (const before of [[], [approved()], [rejected()], [withdrawn], [ended]])
      given(comment, [submitted(), ...before])
        .when(erase)
        .then(erased);
    given(comment, [submitted(), erased]).when(erase).then();
    const { state } = given(comment, [submitted(), rejected(), erased]);
    expect(state).toMatchObject({
      status: 'erased',
      author: { id: '', name: '' },
      text: '',
      decision: { reason: 'off-topic' },
    });
    expect(JSON.stringify(state)).not.toMatch(/Amna|amna|bridge was/);
    for (const command of [approve(), reject(), withdraw()])
      given(comment, [submitted(), erased]).when(command).thenRejected('not-allowed-now');
  });

  test('what was on its way when its reader was erased comes too late', () => {
    given(comment, []).when(erase).then(erased);
    given(comment, [erased]).when(submit()).thenRejected('not-allowed-now');
  });
});

const states: Readonly<Record<string, readonly CommentEvent[]>> = {
  none: [],
  pending: [submitted()],
  published: [submitted(), approved()],
  rejected: [submitted(), rejected()],
  withdrawn: [submitted(), withdrawn],
  ended: [submitted(), ended],
  erased: [submitted(), erased],
};
const people = { site, moderator, lead, chief, machine };
/** Who may do what in which state, as the newsroom's table has it; and in which threads. */
const table = {
  submit: { none: 'site' },
  approve: { pending: 'moderator', rejected: 'moderator' },
  reject: { pending: 'moderator', published: 'moderator' },
  withdraw: { pending: 'site', published: 'site', rejected: 'site' },
} as const;

describe.each(Object.keys(states))('%s', (status) => {
  test.each(Object.keys(people) as (keyof typeof people)[])('and %s: what is listed is what succeeds', (who) => {
    const { state } = given(comment, states[status] ?? []);
    const actor = people[who];
    const seen = status as 'pending';
    for (const thread of Object.values(threads)) {
      const given = { thread, wording: said(commentId) };
      const commands = {
        submit: submit({}, given, actor),
        approve: approve(seen, actor, given),
        reject: reject(seen, actor, given),
        withdraw: { ...withdraw(), actor },
      };
      const works = Object.entries(commands).flatMap(([command, asked]) => {
        try {
          return comment.decide(asked, state).length > 0 ? [command] : [];
        } catch {
          return [];
        }
      });
      const anyThread = ['withdraw'];
      const expected = Object.entries(table)
        .filter(([, row]) => (row as Record<string, string>)[status] === who)
        .map(([command]) => command)
        .filter((command) => thread.status === 'open' || anyThread.includes(command));
      expect(works).toEqual(expected);
      const listed = comment.actions(state, actor, given).map(({ command }) => command);
      // A comment that is not there has no address to ask; what could begin it is asked of its thread.
      if (status !== 'none') expect(listed).toEqual(expected);
    }
  });
});
