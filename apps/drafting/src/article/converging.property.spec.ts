import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block, Content } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { article } from './article.ts';
import { currentOf, latest, versionOf } from './line.ts';
import { byId, merge, same } from './merging.ts';
import type { Proposed } from './proposal.ts';
import { ask, content, editor, flow, paragraph, reporter, second } from './samples.ts';
import type { Article } from './state.ts';

/** Somebody at work: the version that they have before them, and what they have made of it. */
interface Desk {
  readonly actor: Actor;
  base: number;
  text: Content;
}
interface Refused {
  readonly version: number;
  readonly blocks: readonly ({ readonly block: string } & Proposed<Block | null>)[];
  readonly fields: readonly ({ readonly field: string } & Proposed<string | number | string[]>)[];
}
type Move = (text: Content, word: string) => Content;

const replaced = (text: Content, at: number, change: (block: Block) => Block[]): Content => {
  const blocks = text.blocks.flatMap((block, index) => (index === at % text.blocks.length ? change(block) : [block]));
  return { ...text, blocks };
};
const place = fc.nat({ max: 5 });
const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.tuple(place, place).map(
    ([at, word]): Move =>
      (text, typed) =>
        replaced(text, at, (block) => {
          const words = block.html.split(' ');
          words.splice(word % (words.length + 1), word % 2, typed);
          return [{ ...block, html: words.join(' ') }];
        }),
  ),
  place.map(
    (at): Move =>
      (text, typed) =>
        replaced(text, at, (block) => [block, paragraph(`b-${typed}`, typed)]),
  ),
  place.map(
    (at): Move =>
      (text) =>
        text.blocks.length > 1 ? replaced(text, at, () => []) : text,
  ),
  fc.tuple(place, fc.constantFrom('alt', 'credit', 'rights')).map(
    ([at, field]): Move =>
      (text, typed) =>
        replaced(text, at, ({ image = { asset: '1', alt: '', credit: '', rights: '' }, ...block }) => [
          { ...block, kind: 'image', image: { ...image, [field]: typed } },
        ]),
  ),
  place.map((at): Move => (text) => ({ ...text, blocks: [...text.blocks.slice(at), ...text.blocks.slice(0, at)] })),
  fc.constant<Move>((text, typed) => ({ ...text, headline: `${text.headline} ${typed}` })),
);
const step = fc.record({ who: fc.nat({ max: 2 }), move: fc.option(moves, { freq: 2 }) });

/** What the client sends: its text as changes to the version it has before it. */
function revisionOf(before: Content, after: Content, base: number) {
  const [old, now] = [byId(before), byId(after)];
  return {
    ...{ base, fields: { headline: after.headline } },
    put: after.blocks.filter((block) => !same(old.get(block.id), block)),
    remove: before.blocks.map(({ id }) => id).filter((id) => !now.has(id)),
    order: after.blocks.map(({ id }) => id),
  };
}

class Newsroom {
  state: Article = [flow.started, flow.submitted, flow.claimed].reduce(article.evolve, article.initial);
  readonly desks: readonly Desk[] = [reporter, editor, second].map((actor) => ({ actor, base: 1, text: content }));
  refusals = 0;
  /** Words of every text that was sent, accepted or not. */
  readonly sent = new Set<string>();

  /** Saves, and where that is refused saves what is proposed, on what stands now; then shows what stands. */
  save(desk: Desk): void {
    for (const [word] of JSON.stringify(desk.text).matchAll(/word\d+of\d\./g)) this.sent.add(word);
    const base = versionOf(this.state.line, desk.base).content;
    try {
      const command = ask('revise', revisionOf(base, desk.text, desk.base), desk.actor);
      this.state = article.decide(command, this.state).reduce(article.evolve, this.state);
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'block-conflict') throw error;
      this.refusals += 1;
      desk.text = this.resolved(base, desk.text, error.details as unknown as Refused);
      desk.base = this.state.line.at;
      this.save(desk);
    }
    desk.base = this.state.line.at;
    desk.text = currentOf(this.state.line).content;
  }

  private resolved(base: Content, mine: Content, { blocks, fields }: Refused): Content {
    const merged = merge(base, currentOf(this.state.line).content, mine).content;
    const texts = byId(merged);
    for (const { block, proposal } of blocks) {
      if (proposal) texts.set(block, proposal);
      else texts.delete(block);
    }
    const headline = fields.find(({ field }) => field === 'headline')?.proposal ?? merged.headline;
    return { ...merged, headline: String(headline), blocks: [...texts.values()] };
  }

  /** All that was ever a version, in one text. */
  everything(): string {
    const numbers = Array.from({ length: latest(this.state.line) }, (_, at) => at + 1);
    return numbers.map((number) => JSON.stringify(versionOf(this.state.line, number).content)).join('\n');
  }
}

test('three people who edit at once come to one text, and no word that any of them typed is missing from all versions', () => {
  let refusals = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const newsroom = new Newsroom();
      steps.forEach(({ who, move }, at) => {
        const desk = newsroom.desks[who];
        if (!desk) return;
        if (move) desk.text = move(desk.text, `word${at}of${who}.`);
        else newsroom.save(desk);
      });
      for (const desk of [...newsroom.desks, ...newsroom.desks]) newsroom.save(desk);
      for (const { text } of newsroom.desks) expect(text).toEqual(currentOf(newsroom.state.line).content);
      const everything = newsroom.everything();
      expect([...newsroom.sent].filter((word) => !everything.includes(word))).toEqual([]);
      refusals += newsroom.refusals;
    }),
    { numRuns: 200 },
  );
  expect(refusals).toBeGreaterThan(50);
});
