import { describe, expect, test } from '@jest/globals';
import type { ArticleEvent, Content } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { person } from './editing.ts';
import { conflictGates } from './conflicts.ts';
import { currentOf } from './line.ts';
import {
  ask,
  content,
  editor,
  flow,
  heard,
  lawyer,
  machine,
  paragraph,
  recorded,
  reporter,
  second,
  told,
} from './samples.ts';

const { started, submitted, claimed, approved, revised } = flow;
const inApproval = [started, submitted, claimed, approved];
const out = recorded('ArticlePublished', 'published', { version: 1, content });
const opened = told('NextVersionOpened', editor, {});

describe('a correction enters the working line', () => {
  const corrected: Content = {
    ...content,
    blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic flows.')],
  };
  const correction = { correctionId: 'c', ancestor: content, content: corrected, by: person(editor) };
  const merge = ask('merge-correction', correction, machine);
  const merged = (version: number, text: Content, state = 'approved') =>
    told('CorrectionMerged', editor, { correctionId: 'c', version, content: text, changed: ['p1'], ...none, state });
  const none = { conflicts: [], fieldConflicts: [] };
  const after = (...events: ArticleEvent[]) => given(article, [...inApproval, out, ...events]);

  test('the version that readers have stays approved, with the correction in it', () => {
    after().when(merge).then(merged(2, corrected));
    expect(after(merged(2, corrected)).state).toMatchObject({ status: 'approved', approved: 2 });
    after(merged(2, corrected)).when(merge).then();
  });

  test('so does the version that readers have by then with the correction in it', () => {
    const already = recorded('ArticleCorrected', 'published', { version: 1, content: corrected });
    after(already).when(merge).then(merged(2, corrected));
    expect(after(already, merged(2, corrected)).state).toMatchObject({ status: 'approved', approved: 2 });
  });

  test('that it was refiled or updated is recorded of it, so that nobody is told of a correction', () => {
    const told = { version: 1, content: corrected, number: 1, note: '', difference: [], fields: [], item: 2, at: '' };
    const of = (name: 'CORRECTED' | 'REFILE') => heard('ArticleCorrected', { ...told, class: name });
    const known = { version: 1, content: corrected };
    after()
      .when(of('CORRECTED'))
      .then(recorded('ArticleCorrected', 'published', known));
    after()
      .when(of('REFILE'))
      .then(recorded('ArticleCorrected', 'published', { ...known, class: 'REFILE' }));
    after()
      .when(heard('ArticleUpdated', { ...told, nothingWasWrong: true }))
      .then(recorded('ArticleUpdated', 'published', known));
  });

  test('whoever approved it has not written it: each block keeps its author', () => {
    const authors = { p1: second.id };
    const by = { ...merged(2, corrected).data, authors };
    after()
      .when(ask('merge-correction', { ...correction, authors }, machine))
      .then({ type: 'CorrectionMerged', data: by });
    const { line } = after({ type: 'CorrectionMerged', data: by }).state;
    expect([...currentOf(line).authors]).toEqual([
      ['p1', second.id],
      ['p2', reporter.id],
    ]);
    const named = ['constructor', '__proto__'].map((name) => paragraph(name, 'One.'));
    const before = [started, submitted, claimed];
    const saved = article.decide(ask('revise', { base: 1, put: named }, second), given(article, before).state);
    expect([...currentOf(given(article, [...before, ...saved]).state.line).authors].slice(2)).toEqual([
      ['constructor', second.id],
      ['__proto__', second.id],
    ]);
  });

  test('people do not give this command, and are not told of it', () => {
    after()
      .when({ ...merge, actor: editor })
      .thenRejected('role-required');
    expect(article.actions(after().state, machine)).toEqual([]);
  });

  test('a story that was killed meanwhile takes nothing in', () => {
    after(recorded('ArticleKilled', 'killed')).when(merge).thenRejected('not-allowed-now');
  });

  test('under a spike it says where the line goes back to', () => {
    const spiked = told('ArticleSpiked', editor, { reason: 'R' });
    after(spiked).when(merge).then(merged(2, corrected));
    given(article, [...inApproval, spiked])
      .when(merge)
      .then(merged(2, corrected, 'editing'));
  });

  test('an approved version that is not out needs an editor again', () => {
    const state = given(article, [...inApproval, merged(2, corrected)]).state;
    expect(state).toMatchObject({ status: 'editing', approved: 1 });
  });

  test('work on other blocks survives, and what the correction approved needs no second approval', () => {
    const rewritten = revised('p2', 'Traffic crawls.', 2, second);
    const both = {
      ...rewritten.data.content,
      blocks: [paragraph('p1', 'The bridge is closed.'), paragraph('p2', 'Traffic crawls.')],
    };
    after(opened, rewritten)
      .when(merge)
      .then(merged(3, both, 'editing'));
    const refused = after(opened, rewritten, merged(3, both))
      .when(ask('approve', { version: 3 }, second))
      .thenRejected('four-eyes');
    expect(refused.details.blocks).toEqual(['p2']);
    after(opened, rewritten, merged(3, both))
      .when(ask('discard-next-version', {}, editor))
      .thenRejected('correction-would-be-lost');
  });

  test('a block changed in both keeps its text, and blocks approval until somebody has looked', () => {
    const rewritten = revised('p1', 'The bridge is half open.', 2, second);
    const gap = {
      block: 'p1',
      ours: paragraph('p1', 'The bridge is half open.'),
      theirs: paragraph('p1', 'The bridge is closed.'),
      ancestor: paragraph('p1', 'The bridge is open.'),
    };
    const conflict = told('CorrectionMerged', editor, {
      ...{ correctionId: 'c', version: 2, content: rewritten.data.content, changed: [] },
      ...{ conflicts: [gap], fieldConflicts: [], state: 'editing' },
    });
    after(opened, rewritten).when(merge).then(conflict);
    const refused = after(opened, rewritten, conflict)
      .when(ask('approve', { version: 2 }, editor))
      .thenRejected('gates-not-passed');
    const { ours: current, theirs: corrected, ancestor } = gap;
    expect(refused.details.gates).toMatchObject([
      {
        ...{ gate: 'correction-conflict', severity: 'error', correctionId: 'c', block: 'p1' },
        ...{ current, corrected, ancestor, proposal: { html: 'The bridge is half open closed.' }, clear: false },
      },
    ]);
    const read = told('BlocksReadBack', lawyer, { version: 2, blocks: ['p1'] });
    expect(after(opened, rewritten, conflict, read).state.conflicts).toEqual([]);
    expect(after(opened, rewritten, conflict, revised('p1', 'The bridge is closed.', 3)).state.conflicts).toEqual([]);
  });
});

describe('a correction that wants something else than the working line has', () => {
  const edited = { ...content, headline: 'Bridge half open', urgency: 2 };
  const theirs = { ...content, headline: 'Bridge shut', urgency: 1, blocks: [...content.blocks].reverse() };
  const { headline, urgency } = content;
  const saved = (version: number, text: Content, changed: string[]): ArticleEvent =>
    told('ArticleRevised', editor, { version, base: version - 1, content: text, changed });
  const merge = (correctionId: string, text: Content) =>
    ask('merge-correction', { correctionId, ancestor: content, content: text, by: person(editor) }, machine);
  const gatesAfter = (...events: ArticleEvent[]) =>
    conflictGates(given(article, [...inApproval, out, opened, ...events]).state);
  const after = (command: ReturnType<typeof merge>, ...events: ArticleEvent[]) =>
    article.decide(command, given(article, [...inApproval, out, opened, ...events]).state);

  test('fields, and the order of the blocks, with the text as it stands since', () => {
    const turned = { ...edited, blocks: [...content.blocks, paragraph('p3', 'More.')] };
    const before = saved(2, turned, ['headline', 'urgency', 'p3']);
    const merged = after(merge('c', theirs), before);
    expect(gatesAfter(before, ...merged)).toMatchObject([
      {
        correctionId: 'c',
        field: 'headline',
        current: edited.headline,
        corrected: theirs.headline,
        ancestor: headline,
      },
      { field: 'urgency', current: 2, corrected: 1, ancestor: urgency, proposal: 2, clear: false },
    ]);
    const one = { ...content, headline: 'Bridge shut at noon' };
    const more = after(merge('d', one), before, ...merged);
    expect(
      gatesAfter(before, ...merged, ...more).map(({ correctionId, ...gate }) => [
        correctionId,
        'field' in gate && gate.field,
      ]),
    ).toEqual([
      ['c', 'headline'],
      ['c', 'urgency'],
      ['d', 'headline'],
    ]);
    const version = saved(4, { ...turned, headline: 'Bridge shut' }, ['headline']);
    expect(gatesAfter(before, ...merged, ...more, version)).toMatchObject([{ field: 'urgency' }]);
  });

  test('a block that is gone from the working line, and one that another correction has changed meanwhile', () => {
    const [first, second] = content.blocks;
    if (!first || !second) throw new Error('no blocks');
    const text = (html: string) => ({ ...content, blocks: [paragraph('p1', html), second] });
    const gone = saved(2, { ...content, blocks: [second] }, ['p1']);
    expect(gatesAfter(gone, ...after(merge('c', text('It is shut.')), gone))).toMatchObject([
      {
        block: 'p1',
        current: null,
        corrected: { html: 'It is shut.' },
        ancestor: first,
        proposal: { html: 'It is shut.' },
      },
    ]);
    const edit = saved(2, text('It is half open.'), ['p1']);
    const conflict = after(merge('c', text('It is shut.')), edit);
    const ready = ask(
      'merge-correction',
      { ...merge('d', text('It is half shut.')).data, ancestor: text('It is half open.') },
      machine,
    );
    expect(gatesAfter(edit, ...conflict, ...after(ready, edit, ...conflict))).toMatchObject([
      { correctionId: 'c', block: 'p1', current: { html: 'It is half shut.' }, corrected: { html: 'It is shut.' } },
    ]);
  });
});

describe('what it was begun from', () => {
  const by = person(editor);
  const change = (killed: boolean) => ask('origin-changed', { by, killed }, machine);
  const task = (what: string, version: number, out: boolean) =>
    told('TaskOpened', editor, { taskId: change(true).id, at: change(true).now, task: what, version, out, blocks: [] });
  const stopped = told('ClearanceStopped', editor, {
    ...{ version: 1, why: 'The article that it was begun from was killed.' },
  });

  test('was killed: what is not out yet is stopped, and either has to be looked at', () => {
    given(article, [started])
      .when(change(true))
      .then(task('origin-killed', 1, false));
    given(article, inApproval)
      .when(change(true))
      .then(stopped, task('origin-killed', 1, false));
    given(article, [...inApproval, out])
      .when(change(true))
      .then(task('origin-killed', 1, true));
    given(article, [...inApproval, recorded('ArticleKilled', 'killed')])
      .when(change(true))
      .then();
  });

  test('was corrected: what readers have of its translation has to be looked at', () => {
    given(article, [...inApproval, out])
      .when(change(false))
      .then(task('original-corrected', 1, true));
    given(article, inApproval).when(change(false)).then();
  });
});
