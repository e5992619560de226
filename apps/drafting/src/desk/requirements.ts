import { type Block, type Content, type Image, imageMeasures, plainText, type Requirement } from '#contracts';
import type { Gate } from '../article/approval.ts';
import type { Desk } from './desk.ts';

type Measure = Requirement['of'];
const needs = (...of: Measure[]): Requirement[] => of.map((measure) => ({ of: measure, min: 1 }));

/** Its address is made of the one, and the other is what readers see of it first: no desk can do without. */
const always = needs('headline', 'slugline');
/** Where a desk has said nothing of it: no image is printed without a word of whose it is and of what it may be used for. */
const ofImages: readonly Requirement[] = [
  ...needs('image-credit', 'image-rights'),
  { of: 'image-alt', min: 1, warning: true },
];
/** What holds where a desk has said nothing. A flash goes out with its headline alone. */
const usual = (kind: string) => [
  ...needs('headline', 'slugline', 'byline', ...(kind === 'flash' ? [] : (['paragraphs'] as const))),
  ...ofImages,
];

/** What texts of a kind need on a desk. */
export function requirementsOf(kind: string, desk?: Desk): readonly Requirement[] {
  const own = desk?.requirements.get(kind);
  if (!own) return usual(kind);
  const settled = new Set(own.map(({ of }) => of));
  return [...always, ...own, ...ofImages.filter(({ of }) => !settled.has(of))];
}

interface Measured {
  readonly count: number;
  readonly block?: string;
}
const words = (html: string) => plainText(html).match(/\S+/gu) ?? [];
/** As people count them: blanks in a row are one, and so is what takes two units of UTF-16. */
function characters(text: string): number {
  const told = text.replaceAll(/\s+/gu, ' ').trim();
  return told.length - (told.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
const filled = (texts: readonly string[]) => texts.filter((text) => characters(text) > 0).length;

type OfImages = (typeof imageMeasures)[number];
const isOfImages = (of: Measure): of is OfImages => (imageMeasures as readonly string[]).includes(of);
const saidOf: Readonly<Record<Exclude<OfImages, 'images'>, (image: Image, caption: string) => string>> = {
  'image-caption': (_image, caption) => plainText(caption),
  'image-alt': ({ alt }) => alt,
  'image-credit': ({ credit }) => credit,
  'image-rights': ({ rights }) => rights,
};
function measuredImages(blocks: readonly Block[], of: OfImages): readonly Measured[] {
  const images = blocks.flatMap(({ id, html, image }) => (image ? [{ id, html, image }] : []));
  if (of === 'images') return [{ count: images.length }];
  return images.map(({ id: block, html, image }) => ({ block, count: characters(saidOf[of](image, html)) }));
}

function measured(content: Content, of: Measure): readonly Measured[] {
  if (isOfImages(of)) return measuredImages(content.blocks, of);
  const paragraphs = content.blocks
    .filter(({ kind }) => kind === 'paragraph')
    .map(({ id: block, html }) => ({ block, count: characters(plainText(html)) }))
    .filter(({ count }) => count > 0);
  if (of === 'paragraph') return paragraphs;
  if (of === 'paragraphs') return [{ count: paragraphs.length }];
  const texts = content.blocks.filter(({ kind }) => kind !== 'image');
  if (of === 'words') return [{ count: texts.flatMap(({ html }) => words(html)).length }];
  const value = content[of];
  return [{ count: typeof value === 'string' ? characters(value) : filled(value) }];
}

const ofBlocks: ReadonlySet<Measure> = new Set(['paragraphs', 'paragraph', 'words', ...imageMeasures]);
const units: Readonly<Partial<Record<Measure, string>>> = {
  byline: 'names',
  keywords: 'keywords',
  paragraphs: 'paragraphs',
  words: 'words',
  images: 'images',
};
const names: Readonly<Partial<Record<Measure, string>>> = {
  ...{ paragraphs: 'text', words: 'text', images: 'text' },
  ...{ 'image-caption': 'caption of the image', 'image-alt': 'text for who cannot see the image' },
  ...{ 'image-credit': 'credit of the image', 'image-rights': 'statement of rights to the image' },
};
const missing = (of: Measure) => (of === 'images' ? 'There is no image.' : `The ${names[of] ?? of} is missing.`);

/** The rule that a measure breaks, and how it is told; undefined when it breaks none. */
function broken({ of, min = 0, max = Infinity }: Requirement, count: number) {
  if (count === 0 && min > 0) return { gate: of, text: missing(of) };
  const has = `The ${names[of] ?? of} has ${count} ${units[of] ?? 'characters'}`;
  if (count < min) return { gate: `${of}-too-short`, text: `${has}; at least ${min}.` };
  if (count > max) return { gate: `${of}-too-long`, text: `${has}; at most ${max}.` };
  return undefined;
}

function gatesFor(content: Content, requirement: Requirement): Gate[] {
  const { of, warning = false } = requirement;
  return measured(content, of).flatMap(({ count, block }) => {
    const found = broken(requirement, count);
    if (!found) return [];
    const place = { field: ofBlocks.has(of) ? 'blocks' : of, ...(block === undefined ? {} : { block }) };
    return [{ ...found, ...place, ...(warning ? { warning } : {}) }];
  });
}
/** Whether a text has nothing of this. */
export const lacks = (content: Content, of: Measure): boolean =>
  measured(content, of).every(({ count }) => count === 0);

const gatesFrom = (content: Content, requirements: readonly Requirement[]) => {
  const gates = requirements.flatMap((requirement) => gatesFor(content, requirement));
  return [...new Map(gates.map((gate) => [JSON.stringify(gate), gate])).values()];
};

/** What a text of this kind lacks or has too much of, for its desk. */
export const gatesOf = (content: Content, kind: string, desk?: Desk): Gate[] =>
  gatesFrom(content, requirementsOf(kind, desk));

/** What is missing altogether, which a desk need not even look at. */
export const missingIn = (content: Content, kind: string, desk?: Desk): Gate[] =>
  gatesFrom(
    content,
    requirementsOf(kind, desk)
      // Whoever hands in a text need not know yet whose its images are.
      .filter(({ of, min = 0, warning = false }) => min > 0 && !warning && !isOfImages(of))
      .map(({ of }) => ({ of, min: 1 })),
  );
