import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent } from '#contracts';
import { given } from '#testing';
import { article, type ArticleCommand } from './article.ts';
import { articleView } from './article.view.ts';
import type { Answer } from './legal.ts';
import { ask, by, chief, content, editor, flow, lawyer, paragraph, recorded, reporter, second } from './samples.ts';

const at = '2026-01-01T00:00:00.000000Z';
const { started, submitted, claimed, revised, approved } = flow;
const inEditing = [started, submitted, claimed];
const requested: ArticleEvent = { type: 'LegalCheckRequested', data: { ...by(editor), at, reason: 'She may sue.' } };
const answered = (answer: Answer, version = 1, reason = ''): ArticleEvent => ({
  type: 'LegalCheckAnswered',
  data: { ...by(lawyer), at, version, answer, reason },
});
const answer = (given: Answer, version = 1, reason = '') =>
  ask('answer-legal-check', { version, answer: given, reason }, lawyer);
const stop: ArticleEvent = { type: 'ClearanceStopped', data: { ...by(lawyer), version: 1, why: 'Libel.' } };
const approve = (version: number) => ask('approve', { version }, second);
const legalOf = (events: readonly ArticleEvent[]) => articleView(given(article, events).state).legal;

describe('the legal check', () => {
  test('an editor asks for it, and nothing is approved before the answer', () => {
    given(article, inEditing)
      .when(ask('request-legal-check', { reason: 'She may sue.' }, editor))
      .then(requested);
    const refused = given(article, [...inEditing, requested])
      .when(approve(1))
      .thenRejected('gates-not-passed');
    expect(refused.details.gates).toMatchObject([{ gate: 'legal-check' }]);
    given(article, [...inEditing, requested])
      .when(answer('pass', 1))
      .then(answered('pass'));
    given(article, [...inEditing, requested, answered('pass')])
      .when(ask('approve', { version: 1 }, editor))
      .then(approved);
    expect(legalOf([...inEditing, requested])).toMatchObject({ status: 'required', by: { id: 'edna' }, at });
  });

  test('it is asked for again for the blocks and fields that were changed after the version that passed', () => {
    const changed = [...inEditing, requested, answered('pass'), revised('p2', 'Traffic crawls.')];
    const refused = given(article, changed).when(approve(2)).thenRejected('gates-not-passed');
    expect(refused.details.gates).toMatchObject([{ gate: 'legal-check', block: 'p2' }]);
    expect(legalOf(changed)).toMatchObject({ status: 'required', version: 1, pending: ['p2'], by: { id: 'lea' } });
    const retitled: ArticleEvent = {
      type: 'ArticleRevised',
      data: {
        ...by(editor),
        version: 3,
        base: 2,
        content: { ...content, headline: 'New' },
        changed: ['headline', 'p2'],
      },
    };
    expect(legalOf([...changed, retitled])).toMatchObject({ pending: ['headline'] });
    given(article, [...changed, answered('pass', 2)])
      .when(approve(2))
      .then({
        ...approved,
        data: { ...approved.data, ...by(second), version: 2, content: revised('p2', 'Traffic crawls.').data.content },
      });
    // Who passes the version before has not seen what came since.
    given(article, [...changed, answered('pass', 1)])
      .when(approve(2))
      .thenRejected('gates-not-passed');
  });

  test('what it has to see again is told as it changes: by a save, by one that takes it back, and by an answer for another text', () => {
    const passed = [...inEditing, requested, answered('pass')];
    const save = (base: number, html: string) => ask('revise', { base, put: [paragraph('p2', html)] }, reporter);
    const pending = (version: number, names: string[], who = reporter): ArticleEvent => ({
      type: 'LegalCheckPendingChanged',
      data: { ...by(who), version, pending: names },
    });
    const told = (events: readonly ArticleEvent[], command: ArticleCommand) =>
      article.decide(command, given(article, events).state).slice(1);
    const crawls = revised('p2', 'Traffic crawls.');
    const flows = revised('p2', 'Traffic flows.', 3);
    expect(told(passed, save(1, 'Traffic crawls.'))).toEqual([pending(2, ['p2'])]);
    expect(told([...passed, crawls], save(2, 'Traffic stands.'))).toEqual([]);
    expect(told([...passed, crawls], save(2, 'Traffic flows.'))).toEqual([pending(3, [])]);
    expect(legalOf([...passed, crawls, flows])).toMatchObject({ status: 'passed', pending: [] });
    expect(told([...passed, crawls], answer('pass', 1))).toEqual([pending(2, ['p2'], lawyer)]);
    expect(told([...passed, crawls], answer('pass', 2))).toEqual([]);
    expect(told([...inEditing, requested], save(1, 'Traffic crawls.'))).toEqual([]);
    const next: ArticleEvent[] = [...passed, approved, { type: 'NextVersionOpened', data: by(editor) }, crawls];
    expect(told(next, ask('discard-next-version', {}, editor))).toEqual([pending(1, [], editor)]);
  });

  test('changes that are wanted, and a refusal, say why and stand against an approval', () => {
    for (const wanted of ['changes-wanted', 'refuse'] as const) {
      given(article, [...inEditing, requested])
        .when(answer(wanted))
        .thenRejected('reason-required');
      given(article, [...inEditing, requested, answered(wanted, 1, 'Libel.')])
        .when(approve(1))
        .thenRejected('gates-not-passed');
    }
    // A refusal stands until somebody asks anew.
    given(article, [...inEditing, requested, answered('refuse', 1, 'Libel.')])
      .when(answer('pass', 1))
      .thenRejected('no-legal-check');
    given(article, [...inEditing, requested, answered('refuse', 1, 'Libel.'), requested])
      .when(answer('pass', 1))
      .then(answered('pass'));
  });

  test('a refusal asks publication to stop what was approved', () => {
    const refuse = answer('refuse', 1, 'Libel.');
    const refused = answered('refuse', 1, 'Libel.');
    given(article, [...inEditing, requested])
      .when(refuse)
      .then(refused);
    given(article, [...inEditing, approved, requested])
      .when(refuse)
      .then(refused, stop);
    const out = recorded('ArticlePublished', 'published', { version: 1, content });
    // A correction of what is out may wait for its publication.
    given(article, [...inEditing, approved, out, requested])
      .when(refuse)
      .then(refused, stop);
  });

  test('a chief may let a version go without it; there is nothing to answer before it is asked for', () => {
    const waived: ArticleEvent = { type: 'LegalCheckWaived', data: { ...by(chief), at, version: 1, reason: 'Old.' } };
    const waive = ask('waive-legal-check', { version: 1, reason: 'Old.' }, chief);
    given(article, [...inEditing, requested])
      .when(waive)
      .then(waived);
    given(article, [...inEditing, requested])
      .when({ ...waive, actor: editor })
      .thenRejected('role-required');
    given(article, [...inEditing, requested, waived])
      .when(ask('approve', { version: 1 }, editor))
      .then(approved);
    given(article, inEditing).when(waive).thenRejected('no-legal-check');
    given(article, [...inEditing, requested])
      .when(answer('pass', 7))
      .thenRejected('unknown-version');
  });
});

describe('not for publication', () => {
  const marked: ArticleEvent = {
    type: 'NotForPublicationMarked',
    data: { ...by(editor), at, reason: 'Embassy asks.' },
  };
  const mark = ask('mark-not-for-publication', { reason: 'Embassy asks.' }, editor);
  const unmark = ask('unmark-not-for-publication', { reason: 'They agreed.' }, editor);
  const unmarked: ArticleEvent = {
    type: 'NotForPublicationUnmarked',
    data: { ...by(editor), at, reason: 'They agreed.' },
  };

  test('nothing marked so is approved; the mark goes with a reason', () => {
    given(article, inEditing).when(mark).then(marked);
    given(article, [...inEditing, marked])
      .when(mark)
      .then();
    const refused = given(article, [...inEditing, marked])
      .when(approve(1))
      .thenRejected('gates-not-passed');
    expect(refused.details.gates).toMatchObject([{ gate: 'not-for-publication' }]);
    expect(articleView(given(article, [...inEditing, marked]).state).notForPublication).toEqual({
      ...{ by: { id: 'edna', name: 'edna' }, at, why: 'Embassy asks.' },
    });
    given(article, [...inEditing, marked])
      .when(unmark)
      .then(unmarked);
    given(article, inEditing).when(unmark).then();
    given(article, [...inEditing, marked, unmarked])
      .when(ask('approve', { version: 1 }, editor))
      .then(approved);
    given(article, inEditing)
      .when({ ...mark, actor: reporter })
      .thenRejected('role-required');
  });

  test('an approved version that is not out is stopped', () => {
    const stopped: ArticleEvent = {
      type: 'ClearanceStopped',
      data: { ...by(editor), version: 1, why: 'Embassy asks.' },
    };
    given(article, [...inEditing, approved])
      .when(mark)
      .then(marked, stopped);
  });

  test('what is out is held where that is asked, whichever version it is; where it was marked before as well', () => {
    const asking = { ...mark, data: { ...mark.data, ifOut: 'hold' as const } };
    const stopped = (version = 1): ArticleEvent => ({
      type: 'ClearanceStopped',
      data: { ...by(editor), version, why: 'Embassy asks.', hold: 'article' },
    });
    const out = [...inEditing, approved, recorded('ArticlePublished', 'published', { version: 1, content })];
    given(article, out).when(asking).then(marked, stopped());
    given(article, [...out, marked])
      .when(asking)
      .then(stopped());
    given(article, inEditing).when(asking).then(marked);
    const refusing = {
      ...answer('refuse', 1, 'Libel.'),
      data: { ...answer('refuse', 1, 'Libel.').data, ifOut: 'hold' as const },
    };
    given(article, [...out, requested])
      .when(refusing)
      .then(answered('refuse', 1, 'Libel.'), { ...stop, data: { ...stop.data, hold: 'article' } });
    // Nobody knows yet whether a withdrawal was in time.
    const withdrawn: ArticleEvent = {
      type: 'ApprovalWithdrawn',
      data: { ...by(editor), version: 2, reason: 'Wrong.', stopId: 'one', approved: 0 },
    };
    given(article, [...inEditing, { ...approved, data: { ...approved.data, version: 2 } }, withdrawn])
      .when(asking)
      .then(marked, stopped(2));
  });
});
