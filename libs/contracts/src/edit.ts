import type { Static } from 'typebox';
import Type from 'typebox';
import { Block, Content } from './content.ts';
import { movedBlocks } from './difference.ts';
import { spliceBetween } from './splice.ts';

const strict = { additionalProperties: false } as const;
const Ids = Type.Array(Type.String());
const { blocks: _blocks, ...fields } = Content.properties;

/** What one save made of the text before it; applied in the order of its members. What it does not name stays. */
export const Edit = Type.Object(
  {
    fields: Type.Optional(Type.Partial(Type.Object(fields, strict), strict)),
    splices: Type.Optional(
      Type.Array(
        Type.Object(
          {
            block: Type.String(),
            at: Type.Integer({ minimum: 0, description: 'in UTF-16 units of its HTML' }),
            cut: Type.Integer({ minimum: 0, description: 'how many of them go' }),
            text: Type.String({ description: 'what comes there' }),
          },
          strict,
        ),
      ),
    ),
    put: Type.Optional(Type.Array(Block, { description: 'blocks that are new, or that are no longer what they were' })),
    remove: Type.Optional(Ids),
    place: Type.Optional(
      Type.Array(Type.Object({ block: Type.String(), after: Type.Union([Type.String(), Type.Null()]) }, strict), {
        description: 'blocks that are new or stand elsewhere: behind which one, or null for the first place',
      }),
    ),
  },
  strict,
);
export type Edit = Static<typeof Edit>;
type Splice = NonNullable<Edit['splices']>[number];

const json = (value: unknown) => JSON.stringify(value);
const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

const besidesWords = ({ kind, attributions, image }: Block) => json([kind, attributions, image]);

/** The edit that makes one text of another; members without content are left out. */
export function editBetween(before: Content, after: Content): Edit {
  const old = new Map(before.blocks.map((block) => [block.id, block]));
  const splices: Splice[] = [];
  const put: Block[] = [];
  for (const block of after.blocks) {
    const was = old.get(block.id);
    old.delete(block.id);
    if (was === block) continue;
    if (!was || besidesWords(was) !== besidesWords(block)) put.push(block);
    else if (was.html !== block.html) splices.push({ block: block.id, ...spliceBetween(was.html, block.html) });
  }
  const parts = {
    fields: fieldsBetween(before, after),
    splices: some(splices),
    put: some(put),
    remove: some([...old.keys()]),
    place: some(placesBetween(before, after)),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

function fieldsBetween({ blocks: _before, ...before }: Content, { blocks: _after, ...after }: Content): Edit['fields'] {
  const changed = (Object.keys(after) as (keyof typeof after)[]).filter(
    (name) => json(before[name]) !== json(after[name]),
  );
  return changed.length > 0 ? Object.fromEntries(changed.map((name) => [name, after[name]])) : undefined;
}

function placesBetween(before: Content, after: Content): NonNullable<Edit['place']> {
  const [old, now] = [before.blocks.map(({ id }) => id), after.blocks.map(({ id }) => id)];
  if (old.length === now.length && old.every((id, at) => id === now[at])) return [];
  const [known, moved] = [new Set(old), movedBlocks(old, now)];
  return now.flatMap((block, at) =>
    known.has(block) && !moved.has(block) ? [] : [{ block, after: now[at - 1] ?? null }],
  );
}

/** The text that an edit makes of the one that it was made for. Blocks that it does not touch are the same objects. */
export function edited(content: Content, { fields, splices = [], put = [], remove = [], place = [] }: Edit): Content {
  const [splicesOf, putBlocks] = [Map.groupBy(splices, ({ block }) => block), new Map(put.map((one) => [one.id, one]))];
  // A save touches few blocks of many.
  const touched = new Set([...splicesOf.keys(), ...putBlocks.keys()]);
  const written = content.blocks.map((block) =>
    touched.has(block.id) ? (putBlocks.get(block.id) ?? (splicesOf.get(block.id) ?? []).reduce(spliced, block)) : block,
  );
  // Most saves leave every block where it is.
  if (remove.length + place.length === 0) return { ...content, ...fields, blocks: written };
  const blocks = new Map([...written, ...put].map((block) => [block.id, block]));
  const gone = new Set([...remove, ...place.map(({ block }) => block)]);
  const ids = content.blocks.map(({ id }) => id).filter((id) => !gone.has(id));
  return { ...content, ...fields, blocks: placed(ids, place).flatMap((id) => blocks.get(id) ?? []) };
}

/** The text that several make, one after the other. Those that only write in blocks are put on together: it is gone through once for all of them. */
export function editedInTurn(content: Content, edits: readonly Edit[]): Content {
  const together: Edit[] = [];
  for (const { fields, splices = [], ...others } of edits) {
    const last = together.at(-1);
    if (!last || last.put || last.remove || last.place)
      together.push({ ...others, fields: { ...fields }, splices: [...splices] });
    else {
      last.splices?.push(...splices);
      Object.assign(last, others, { fields: { ...last.fields, ...fields } });
    }
  }
  return together.reduce(edited, content);
}

const spliced = (block: Block, { at, cut, text }: Splice): Block => ({
  ...block,
  html: block.html.slice(0, at) + text + block.html.slice(at + cut),
});

/** Each put behind the one that it names, or at the front, one after the other. */
function placed(ids: readonly string[], places: NonNullable<Edit['place']>): string[] {
  const next = new Map<string | null, string | undefined>(ids.map((id, at) => [id, ids[at + 1]]));
  next.set(null, ids[0]);
  for (const { block, after } of places) {
    const place = next.has(after) ? after : null;
    next.set(block, next.get(place)).set(place, block);
  }
  const order: string[] = [];
  for (let id = next.get(null); id !== undefined; id = next.get(id)) order.push(id);
  return order;
}
