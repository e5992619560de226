import { expect, test } from '@jest/globals';
import type { ArticleEvent, Block } from '#contracts';
import { given } from '#testing';
import { article } from './article.ts';
import { currentOf } from './line.ts';
import { ask, by, content, duty, editor, flow, paragraph, picture, reporter, second, told } from './samples.ts';

const at = '2026-01-01T00:00:00.000000Z';
const suggestionId = '01890000-0000-7000-8000-00000000c0de';
const which = { suggestionId, at, suggester: { id: 'rana', name: 'rana' } };
const { started, submitted, claimed, revised } = flow;
const inEditing = [started, submitted, claimed];
const suggested = (html = 'The bridge is open again.', version = 1): ArticleEvent =>
  told('EditSuggested', reporter, { suggestionId, at, version, proposed: paragraph('p1', html), note: '' });
const accept = (version = 1, actor = editor) => ask('accept-suggestion', { suggestionId, version }, actor);
const reject = (actor = editor) => ask('reject-suggestion', { suggestionId, reason: 'It was never shut.' }, actor);
const accepted = (version = 2, actor = editor) => told('SuggestionAccepted', actor, { ...which, version });
const rejected = told('SuggestionRejected', editor, { ...which, reason: 'It was never shut.' });
/** The text with this first block, as its suggester's version. */
const becomes = (html: string, version = 2): ArticleEvent =>
  told('ArticleRevised', reporter, {
    ...{ version, base: 1, changed: ['p1'] },
    content: { ...content, blocks: [paragraph('p1', html), paragraph('p2', 'Traffic flows.')] },
  });

test('a suggestion is for a block as it read in the version seen', () => {
  const suggest = (block: string, html: string, actor = reporter) =>
    ask('suggest-edit', { version: 1, proposed: paragraph(block, html), note: '' }, actor);
  given(article, inEditing).when(suggest('p1', 'The bridge is open again.')).then(suggested());
  given(article, inEditing).when(suggest('p1', 'The bridge is open.')).then();
  given(article, inEditing).when(suggest('p9', 'Boats.')).thenRejected('blocks-invalid');
  given(article, inEditing)
    .when(suggest('p1', 'Shut.', { ...duty, desks: ['sport'] }))
    .thenRejected('role-required');
});

test('an accepted suggestion is a version of whoever made it; whoever accepted it has seen it', () => {
  const before = [...inEditing, suggested()];
  given(article, before).when(accept()).then(becomes('The bridge is open again.'), accepted());
  const after = [...before, becomes('The bridge is open again.'), accepted()];
  const { state } = given(article, after);
  expect(currentOf(state.line).authors.get('p1')).toBe('rana');
  expect(state.suggestions).toMatchObject([{ id: suggestionId, decided: { by: { id: 'edna' }, accepted: true } }]);
  given(article, after).when(accept()).then();
  given(article, after).when(reject()).thenRejected('decided-already');
  expect(article.decide(ask('approve', { version: 2 }, editor), state)).toMatchObject([{ type: 'ArticleApproved' }]);
});

test('what was written in the block since stays beside it, and the decision is on the text that was seen', () => {
  const since = [...inEditing, suggested(), revised('p1', 'Today the bridge is open.', 2, second)];
  given(article, since).when(accept(1)).thenRejected('version-seen-stale');
  given(article, since).when(accept(2)).then(becomes('Today the bridge is open again.', 3), accepted(3));
  const other = [...inEditing, suggested(), revised('p2', 'Traffic crawls.', 2, second)];
  expect(article.decide(accept(1), given(article, other).state)).toMatchObject([{ data: { version: 3 } }, accepted(3)]);
  const already = [...inEditing, suggested(), revised('p1', 'The bridge is open again.', 2, second)];
  given(article, already).when(accept(2)).then(accepted(2));
});

test('a suggestion for an image is of all that is said of it: what others wrote of it since stays beside it', () => {
  const { image = { alt: '', credit: '', rights: '' } } = picture;
  const text = (of: Block) => ({ ...content, blocks: [...content.blocks, of] });
  const start = { ...started, data: { ...started.data, content: text(picture) } };
  const proposed = { ...picture, image: { ...image, credit: 'R. Iqbal/Harbour Post' } };
  const suggest = (of: Block) => ask('suggest-edit', { version: 1, proposed: of, note: '' }, reporter);
  const happened = told('EditSuggested', reporter, { suggestionId, at, version: 1, proposed, note: '' });
  given(article, [start]).when(suggest(proposed)).then(happened);
  given(article, [start])
    .when(suggest({ ...picture, image: { ...image } }))
    .then();
  const captioned = { ...picture, html: 'Cars cross the bridge again.' };
  const since = told('ArticleRevised', second, { version: 2, base: 1, changed: ['i1'], content: text(captioned) });
  const [saved] = article.decide(accept(2), given(article, [start, submitted, claimed, happened, since]).state);
  expect(saved).toMatchObject({ type: 'ArticleRevised', data: { by: { id: 'rana' }, changed: ['i1'] } });
  expect(saved?.data).toMatchObject({ content: text({ ...captioned, image: proposed.image }) });
});

test('where both changed the same words, and where only its author would have seen what was written since, a person decides', () => {
  const clash = [...inEditing, suggested(), revised('p1', 'The bridge is open today.', 2, second)];
  const { details } = given(article, clash).when(accept(2)).thenRejected('block-conflict');
  expect(details.blocks).toMatchObject([
    {
      block: 'p1',
      yours: { html: 'The bridge is open again.' },
      current: { html: 'The bridge is open today.' },
      clear: false,
    },
  ]);
  const own = [...inEditing, suggested(), revised('p1', 'Today the bridge is open.', 2, editor)];
  expect(given(article, own).when(accept(2)).thenRejected('block-conflict').details.blocks).toMatchObject([
    { proposal: { html: 'Today the bridge is open again.' }, clear: true },
  ]);
  const gone = told('ArticleRevised', second, {
    ...{ version: 2, base: 1, changed: ['p1'], content: { ...content, blocks: [paragraph('p2', 'Traffic flows.')] } },
  });
  given(article, [...inEditing, suggested(), gone])
    .when(accept(2))
    .thenRejected('block-conflict');
});

test('writers and editors reject a suggestion, anybody their own', () => {
  const before = [...inEditing, suggested()];
  given(article, before).when(reject()).then(rejected);
  given(article, [...before, rejected])
    .when(reject())
    .then();
  given(article, [...before, rejected])
    .when(accept())
    .thenRejected('decided-already');
  const onDesk = { ...duty, desks: ['city'] };
  given(article, before).when(reject(onDesk)).thenRejected('role-required');
  const theirs: ArticleEvent = { type: 'EditSuggested', data: { ...suggested().data, ...by(onDesk) } as never };
  const twoOpen = [...before, { ...theirs, data: { ...theirs.data, suggestionId: 's2' } as never }];
  given(article, twoOpen).when(reject(onDesk)).thenRejected('not-your-suggestion');
  expect(article.decide(reject(onDesk), given(article, [...inEditing, theirs]).state)).toHaveLength(1);
  given(article, inEditing).when(reject()).thenRejected('unknown-suggestion');
});
