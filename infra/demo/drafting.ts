import { type Block, blocksOf } from './blocks.ts';
import { desk } from './cast.ts';
import { unescaped } from './page.ts';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import { counted, excerpt, type Teller } from './telling.ts';

/** An approved article. */
export interface Approved {
  readonly articleId: string;
  readonly version: number;
  readonly position: string;
  readonly blocks: readonly Block[];
}

/** A text of an article. */
type Named = Pick<Approved, 'articleId' | 'version'>;

/** A paragraph that the draft has and the page has not. */
const toCome: Block = { id: 'to-come', kind: 'paragraph', html: '[More to come.]', attributions: [] };

/** From the first word to the approval, with what two people do to one text at once. */
export async function draft(scene: Scene): Promise<Approved> {
  const { reporter, editor } = scene.cast;
  const { tell } = scene.teller;
  scene.teller.chapter('The story is written');
  const blocks = blocksOf(scene.page.body);
  const articleId = await write(scene, blocks);
  const { version } = await editTogether(scene, articleId, blocks);
  await source(scene, { articleId, version }, blocks);
  const own = await editor.refused('drafting', `/articles/${articleId}/approve`, {
    ...{ body: { version }, code: 'four-eyes' },
  });
  tellRefused(scene.teller, editor, `wants to approve version ${version}`, own.body);
  const wrote = own.body.blocks as string[];
  tell(reporter.called, `reads ${wrote.join(', ')} back, which Edgar wrote last`);
  await reporter.command('drafting', `/articles/${articleId}/read-back`, { version, blocks: wrote });
  const approved = await editor.command('drafting', `/articles/${articleId}/approve`, { version });
  tell(editor.called, `approves version ${version}`, approved.state);
  return { articleId, version, position: approved.position, blocks };
}

async function write({ page, head, cast: { reporter }, teller: { tell } }: Scene, blocks: readonly Block[]) {
  const [first, ...rest] = blocks.map((block, index) => (index === 0 ? unchecked(block) : block));
  const { slugline, headline, byline, language } = head;
  const started = await reporter.command('drafting', '/articles', {
    ...{ desk, kind: 'story', fields: { slugline, language, byline: [byline] } },
    blocks: [first, toCome],
  });
  const path = `/articles/${started.id}`;
  tell(reporter.called, 'starts an article with its first line, not quite right yet', `${started.state}, version 1`);
  await reporter.command('drafting', `${path}/revise`, {
    ...{ base: 1, put: rest, fields: { headline: `${headline} (working title)` } },
    order: [...blocks.map(({ id }) => id), toCome.id],
  });
  tell(reporter.called, `saves it with all ${counted(page.body.length, 'line')} and a working title`, 'version 2');
  const submitted = await reporter.command('drafting', `${path}/submit`);
  tell(reporter.called, 'hands it to the desk', submitted.state);
  return started.id;
}

/** Whoever is not named is known to two people of the paper, one of whom has looked whether the text gives them away. */
async function source({ cast: { reporter, editor }, teller: { tell } }: Scene, of: Named, blocks: readonly Block[]) {
  const quotes = blocks.flatMap(({ id, attributions }) =>
    attributions.filter(({ terms }) => terms === 'anonymous').map(({ speaker }) => ({ block: id, speaker })),
  );
  if (quotes.length === 0) return;
  for (const [description, said] of Map.groupBy(quotes, ({ speaker }) => speaker)) {
    const { id: sourceId } = await reporter.command('drafting', '/sources', {
      ...{ desk, description, why: 'Not allowed to speak to the press.' },
      identity: { names: ['Known to Rosa and Edgar'] },
    });
    await editor.command('drafting', `/sources/${sourceId}/verify`);
    for (const quote of said)
      await reporter.command('drafting', `/articles/${of.articleId}/attribute`, { ...quote, sourceId });
  }
  tell(reporter.called, 'puts whoever is not named into the vault', 'Edgar verifies that he knows who it is');
  const check = { version: of.version, answer: 'public-mention' };
  await editor.command('drafting', `/articles/${of.articleId}/source-check`, check);
  tell(editor.called, 'answers that the text does not give them away');
}

const unchecked = (block: Block): Block => ({ ...block, html: `${block.html} [check!]` });

/** Both start from version 2: what they change in different places is merged, what they change in one place is refused. */
async function editTogether({ head, cast, teller }: Scene, articleId: string, blocks: readonly Block[]) {
  const { reporter, editor } = cast;
  const { tell, show } = teller;
  const revise = `/articles/${articleId}/revise`;
  const [first] = blocks;
  const claimed = await editor.command('drafting', `/articles/${articleId}/claim`);
  tell(editor.called, 'takes it on', claimed.state);
  await editor.command('drafting', revise, { base: 2, put: [first], fields: { headline: head.headline } });
  tell(editor.called, 'puts the first line and the headline right', 'version 3');
  await reporter.command('drafting', revise, { base: 2, remove: [toCome.id] });
  tell(reporter.called, 'still has version 2 open and takes a paragraph out', 'merged, version 4: both changes stand');
  const otherwise = first && { ...first, html: `${first.html} [checked]` };
  const conflict = await reporter.refused('drafting', revise, {
    ...{ body: { base: 2, put: [otherwise] }, code: 'block-conflict' },
  });
  tellRefused(teller, reporter, 'changes the first line of version 2 as well', conflict.body);
  const [gap] = conflict.body.blocks as Record<'current' | 'yours' | 'ancestor', Block>[];
  show(`as it stands:    ${endOf(gap?.current)}`);
  show(`as Rosa has it:  ${endOf(gap?.yours)}`);
  show(`as it was:       ${endOf(gap?.ancestor)}`);
  return standing(reporter, articleId);
}

const endOf = (block: Block | undefined) => excerpt(unescaped(block?.html ?? ''), 'end');

/** What its editors see, with the version that the text stands at. */
async function standing(person: Person, articleId: string): Promise<{ version: number }> {
  const { body } = await person.ask('drafting', `/articles/${articleId}`);
  return { version: Number(body.version) };
}

function tellRefused(
  { tell, show }: Teller,
  who: Person,
  what: string,
  problem: Readonly<Record<string, unknown>>,
): void {
  tell(who.called, what, `refused: ${String(problem.status)} ${String(problem.code)}`);
  show(String(problem.detail ?? problem.title));
}
