import { expect, test } from '@jest/globals';
import type { BlockDifference, Content, PublicationEvent } from '#contracts';
import { given } from '#testing';
import { publication } from './publication.ts';
import {
  ask,
  content,
  correctionId,
  duty,
  editor,
  events,
  heard,
  now,
  paragraph,
  path,
  reworded,
  told,
} from './samples.ts';

const { opened, waiting, ready, published, unpublished } = events;
const second = reworded('p2', 'Traffic crawls.');
const fixed = reworded('p1', 'The bridge is closed.');
const after = (...more: PublicationEvent[]) => given(publication, [opened, ...more]);

/** The correction of the first block, as it went out. */
const corrected = (number = 1, item = 2, actor = duty) =>
  told('ArticleCorrected', actor, {
    ...{ version: 1, content: fixed, correctionId, number, class: 'CORRECTED', note: 'It is closed.' },
    difference: [
      {
        ...{ block: 'p1', change: 'changed' },
        words: [
          { kind: 'same', text: 'The bridge is ' },
          { kind: 'removed', text: 'open' },
          { kind: 'added', text: 'closed' },
          { kind: 'same', text: '.' },
        ],
      },
    ],
    ...{ fields: [], item, at: now },
  });

/** The second block, as its newer version has it. */
const crawls: BlockDifference = {
  ...{ block: 'p2', change: 'changed' },
  words: [
    { kind: 'same', text: 'Traffic ' },
    { kind: 'removed', text: 'flows' },
    { kind: 'added', text: 'crawls' },
    { kind: 'same', text: '.' },
  ],
};
const correct = (seen: object) => ask('correct', { note: 'It is closed.', ...seen }, duty);
const other = '01890000-0000-7000-8000-0000000000c2';

test('an approved correction goes out with its number, its note and the exact difference', () => {
  after(published).when(heard.correction(fixed)).then(ready(fixed));
  after(published, ready(fixed)).when(correct({ correctionId })).then(corrected());
  expect(after(published, ready(fixed), corrected()).state).toMatchObject({
    status: 'published',
    out: { version: 1, content: fixed, path },
    ready: [],
  });
  after(published, unpublished(2), ready(fixed)).when(correct({ correctionId })).then(corrected(1, 3));
});

test('a correction of an image alone tells what it says of it otherwise', () => {
  const image = { href: 'https://pictures.example/1.jpg', alt: 'Cars', credit: 'R. Iqbal', rights: 'Ours.' };
  const of = (said: object): Content => ({
    ...content,
    blocks: [...content.blocks, { ...paragraph('i1', 'Cars cross.'), kind: 'image', image: { ...image, ...said } }],
  });
  const [before, fixed] = [of({}), of({ credit: 'M. Iqbal' })];
  const out = { ...published, data: { ...published.data, content: before } };
  const { state } = after(out, ready(fixed));
  expect(publication.decide(correct({ correctionId }), state)).toMatchObject([
    {
      type: 'ArticleCorrected',
      data: {
        difference: [
          {
            ...{ block: 'i1', change: 'changed', words: [{ kind: 'same', text: 'Cars cross.' }] },
            image: [{ field: 'credit', words: [{ kind: 'removed', text: 'R' }, { kind: 'added', text: 'M' }, {}] }],
          },
        ],
      },
    },
  ]);
});

test('so does a newer approved version, with what differs in its head', () => {
  const text = { ...second, headline: 'Bridge reopens, slowly', blocks: [...second.blocks, paragraph('p3', 'So.')] };
  const refused = after(published)
    .when(correct({ version: 2 }))
    .thenRejected('nothing-waiting');
  expect(refused.message).toMatch('newer approved version');
  const out = told('ArticleCorrected', duty, {
    ...{ version: 2, content: text, number: 1, class: 'CORRECTED', note: 'It is closed.' },
    difference: [crawls, { block: 'p3', change: 'added', words: [{ kind: 'added', text: 'So.' }] }],
    fields: [
      {
        field: 'headline',
        words: [
          { kind: 'same', text: 'Bridge reopens' },
          { kind: 'added', text: ', slowly' },
        ],
      },
    ],
    ...{ item: 2, at: now },
  });
  after(published, waiting(2, text))
    .when(correct({ version: 2 }))
    .then(out);
  expect(after(published, waiting(2, text), out).state).toMatchObject({ out: { version: 2 }, waiting: undefined });
});

test('a refile puts out another text that corrects nothing: counted by itself, with a note to readers only where they would wonder', () => {
  const refile = (seen: object) => ask('refile', seen, duty);
  const refiled = (of: object) => told('ArticleCorrected', duty, { ...corrected().data, class: 'REFILE', ...of });
  after(published, ready(fixed))
    .when(refile({ correctionId }))
    .then(refiled({ note: '' }));
  const note = 'A name was misspelt.';
  after(published, ready(fixed)).when(refile({ correctionId, note })).then(refiled({ note }));
  after(published, unpublished(2), ready(fixed))
    .when(refile({ correctionId }))
    .then(refiled({ note: '', item: 3 }));
  const line = after(published, ready(fixed), corrected(), waiting(2, reworded('p2', 'Traffic crawls.', fixed)));
  const decided = publication.decide(refile({ version: 2 }), line.state);
  expect(decided).toMatchObject([{ data: { class: 'REFILE', number: 1, version: 2, item: 3 } }]);
  const { corrections } = decided.reduce(publication.evolve, line.state);
  expect(corrections.map(({ class: of, number }) => [of, number])).toEqual([
    [undefined, 1],
    ['REFILE', 1],
  ]);
  // It meets what a correction meets.
  after(published)
    .when(refile({ version: 2 }))
    .thenRejected('nothing-waiting');
  after(published, ready(fixed)).when(refile({})).thenRejected('text-not-named');
  after(published, ready(fixed), refiled({ note: '' }), waiting(2, second))
    .when(refile({ version: 2 }))
    .thenRejected('correction-would-be-lost');
});

test('an update puts out a newer version of a story that stated nothing wrong, which whoever does it confirms', () => {
  const update = (more: object = {}) => ask('update', { version: 2, nothingWasWrong: true, ...more }, duty);
  const updated = (number: number, item: number, of: object = {}) =>
    told('ArticleUpdated', duty, {
      ...{
        version: 2,
        content: second,
        number,
        nothingWasWrong: true,
        difference: [crawls],
        fields: [],
        item,
        at: now,
        ...of,
      },
    });
  const line = after(published, waiting(2, second));
  line.when(update()).then(updated(1, 2));
  after(published, waiting(2, second), unpublished(2)).when(update()).then(updated(1, 3));
  const { state } = after(published, waiting(2, second), updated(1, 2));
  expect(state).toMatchObject({ status: 'published', out: { version: 2, path }, waiting: undefined, corrections: [] });
  line.when(update({ nothingWasWrong: false })).thenRejected('correction-due');
  line.when(update({ version: 3 })).thenRejected('version-seen-stale');
  after(published, ready(fixed)).when(update()).thenRejected('nothing-waiting');
  after(published, ready(fixed), waiting(2, second))
    .when(update())
    .then(updated(1, 2), told('CorrectionOutdated', duty, { correctionId }));
  after(published, ready(fixed), corrected(), waiting(2, second))
    .when(update())
    .thenRejected('correction-would-be-lost');
  // What an update brought may be written anew.
  const again = after(published, waiting(2, second), updated(1, 2), waiting(3, content));
  expect(publication.decide(update({ version: 3 }), again.state)).toMatchObject([{ data: { number: 2, version: 3 } }]);
});

test('a repeat puts out the text that went out last, wherever it is, and leaves what waits', () => {
  const repeat = (item: number) => ask('repeat', { item }, duty);
  const repeated = (number: number, item: number) =>
    told('ArticleRepeated', duty, { version: 1, number, item, at: now });
  after(published).when(repeat(1)).then(repeated(1, 2));
  after(published, repeated(1, 2)).when(repeat(2)).then(repeated(2, 3));
  after(published, events.held(2)).when(repeat(2)).then(repeated(1, 3));
  after(published, unpublished(2)).when(repeat(2)).then(repeated(1, 3));
  const { state } = after(published, ready(fixed), waiting(2, second), unpublished(2), repeated(1, 3));
  expect(state).toMatchObject({ status: 'published', out: { version: 1, content }, waiting: { version: 2 } });
  expect([state.ready.length, state.corrections.length, state.item.number]).toEqual([1, 0, 3]);
  // Withheld by a kill that is asked, it does not come back by itself.
  const refused = after(published, events.killAsked(2)).when(repeat(2)).thenRejected('not-allowed-now');
  expect(JSON.stringify(refused.details.allowed)).not.toContain('repeat');
});

test('a repeat is of the message that was seen: a correction of the same version, or a hold, may have come in between', () => {
  for (const since of [corrected(), events.held(2)]) {
    const { details } = after(published, since)
      .when(ask('repeat', { item: 1 }, duty))
      .thenRejected('version-seen-stale');
    expect(details).toEqual({ seen: 1, item: 2 });
  }
});

test('names the one text that was seen', () => {
  const both = after(published, waiting(2, second), ready(fixed));
  both.when(correct({})).thenRejected('text-not-named');
  both.when(correct({ version: 2, correctionId })).thenRejected('text-not-named');
  both.when(correct({ version: 1 })).thenRejected('version-seen-stale');
  both.when(correct({ correctionId: other })).thenRejected('version-seen-stale');
  after(published, ready(fixed))
    .when(correct({ version: 2 }))
    .thenRejected('version-seen-stale');
});

test('a correction of a text that is not what went out last is outdated, and told so', () => {
  const outdated = (of: string, actor = duty) => told('CorrectionOutdated', actor, { correctionId: of });
  after(published, ready(fixed), ready(second, other))
    .when(correct({ correctionId }))
    .then(corrected(), outdated(other));
  expect(after(published, ready(fixed), ready(second, other), corrected(), outdated(other)).state.ready).toEqual([]);
  after(published, ready(fixed), corrected())
    .when(heard.correction(second, content, other))
    .then(ready(second, other), outdated(other, editor));
});

test('a version that was approved without a correction that is out would undo it', () => {
  const line = after(published, ready(fixed), corrected(), waiting(2, second));
  const refused = line.when(correct({ version: 2 })).thenRejected('correction-would-be-lost');
  expect(refused.details).toEqual({ pieces: ['block p1'] });
  expect(publication.actions(line.state, duty).map(({ command }) => command)).toEqual([
    ...['repeat', 'hold', 'unpublish', 'ask-kill'],
  ]);
});

test('that holds for a block that the correction took out, and for one that it put in', () => {
  const correctedTo = (text: typeof content) =>
    told('ArticleCorrected', duty, { ...corrected().data, content: text, difference: [] });
  const [p1, p2] = [paragraph('p1', 'The bridge is open.'), paragraph('p2', 'Traffic flows.')];
  const line = (text: typeof content) =>
    after(published, ready(text), correctedTo(text), waiting(2, { ...content, headline: 'New' }));
  const pieces = (text: typeof content) =>
    line(text)
      .when(correct({ version: 2 }))
      .thenRejected('correction-would-be-lost').details.pieces;
  expect(pieces({ ...content, blocks: [p1] })).toEqual(['block p2']);
  expect(pieces({ ...content, blocks: [p1, p2, paragraph('p3', 'Not for lorries.')] })).toEqual(['block p3']);
  expect(pieces({ ...content, byline: ['Rana Iqbal', 'Omar Said'] })).toEqual(['field byline']);
});

test('a version that carries the correction goes out', () => {
  const both = reworded('p2', 'Traffic crawls.', fixed);
  const line = after(published, ready(fixed), corrected(), waiting(2, both));
  expect(publication.actions(line.state, duty).map(({ command }) => command)).toContain('correct');
  expect(publication.decide(correct({ version: 2 }), line.state)).toMatchObject([
    { type: 'ArticleCorrected', data: { number: 2, item: 3, version: 2 } },
  ]);
});

test('a correction may turn an earlier one back', () => {
  const back = after(published, ready(fixed), corrected(), ready(content, other));
  expect(publication.decide(correct({ correctionId: other }), back.state)).toMatchObject([
    { type: 'ArticleCorrected', data: { number: 2, content } },
  ]);
});

test('what reads as it did corrects nothing', () => {
  after(published, ready(fixed), corrected(), waiting(2, fixed))
    .when(correct({ version: 2 }))
    .thenRejected('nothing-corrected');
});
