import type { Content, StyleRule } from '#contracts';
import type { Gate } from '../article/approval.ts';

/** A rule that holds, and the change of the style of its language that made it what it is; 0 as Stet comes with it. */
export type Standing = StyleRule & { readonly version: number };
/** Where a rule is hit: `from` and `to` are of the HTML of the block, or of the field (of the head, or of the block's image), in UTF-16 units. */
export interface Hit {
  readonly rule: string;
  readonly version: number;
  readonly level: StyleRule['level'];
  readonly block?: string;
  readonly field?: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly instead: readonly string[];
  readonly why: string;
}
interface Found {
  readonly rule: Standing;
  readonly from: number;
  readonly to: number;
}
interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}
interface Wild {
  readonly head: string;
  readonly tail: string;
}
/** Phrases word by word: what they begin with in common is looked at once, however many there are. */
interface Node {
  readonly words: Map<string, Node>;
  /** By words with a `*` or `#` in them. */
  readonly wild: Map<string, Node & Wild>;
  readonly ends: Standing[];
}
interface Matcher {
  readonly phrases: Node;
  readonly literals: readonly { readonly rule: Standing; readonly text: string }[];
}

const literal = (find: string) => /^"(.+)"$/u.exec(find)?.[1];
/** What has to be looked for at every word, or all over the text. */
export const isCostly = (find: string): boolean => literal(find) !== undefined || /[*#]/u.test(find);
const folded = (word: string) => word.toLowerCase().replaceAll('’', "'");
export const phraseOf = (find: string): string[] => folded(find).split(/\s+/u).filter(Boolean);
const wordsIn = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+|[.,]\p{N}+)*/gu)].map(({ 0: word, index: from }) => ({
    ...{ word: folded(word), from, to: from + word.length },
  }));

const node = (): Node => ({ words: new Map(), wild: new Map(), ends: [] });
function below(parent: Node, word: string): Node {
  const known = parent.words.get(word) ?? parent.wild.get(word);
  if (known) return known;
  const child = node();
  const [head = '', tail] = word.split('*');
  if (word !== '#' && tail === undefined) parent.words.set(word, child);
  else parent.wild.set(word, { ...child, head, tail: tail ?? '' });
  return parent.words.get(word) ?? parent.wild.get(word) ?? child;
}
function matcherOf(rules: readonly Standing[]): Matcher {
  const phrases = node();
  const literals: { rule: Standing; text: string }[] = [];
  for (const rule of rules)
    for (const find of rule.find) {
      const text = literal(find);
      if (text === undefined) phraseOf(find).reduce(below, phrases).ends.push(rule);
      else literals.push({ rule, text });
    }
  return { phrases, literals };
}

const fits = (word: string, { head, tail }: Wild): boolean =>
  head === '#'
    ? /^\p{N}/u.test(word)
    : word.length >= head.length + tail.length && word.startsWith(head) && word.endsWith(tail);
const steps = ({ words, wild }: Node, word: string): Node[] => [
  ...[words.get(word) ?? []].flat(),
  ...[...wild.values()].filter((child) => fits(word, child)),
];
/** Of each rule, the longest that begins at this word. */
function phrasesAt(text: string, words: readonly Word[], at: number, phrases: Node): Found[] {
  const found = new Map<Standing, Found>();
  const from = words[at]?.from ?? 0;
  let nodes = [phrases];
  for (let next = at; nodes.length > 0 && next < words.length; next++) {
    const { word, from: start, to } = words[next] ?? { word: '', from: 0, to: 0 };
    if (next > at && text.slice(words[next - 1]?.to, start).trim() !== '') break;
    nodes = nodes.flatMap((one) => steps(one, word));
    for (const rule of nodes.flatMap(({ ends }) => ends)) found.set(rule, { rule, from, to });
  }
  return [...found.values()];
}
function literalsIn(text: string, { rule, text: sought }: Matcher['literals'][number]): Found[] {
  const found: Found[] = [];
  for (let from = text.indexOf(sought); from >= 0; from = text.indexOf(sought, from + sought.length))
    found.push({ rule, from, to: from + sought.length });
  return found;
}
/**
 * Nothing here goes back over a text, so that no rule can hang a process. Regular expressions would: even engines of linear time find one
 * match in time, but all of them in the square of it (`a.*b|a` over 20,000 letters took RE2 half a minute).
 */
function findIn(text: string, { phrases, literals }: Matcher): Found[] {
  const words = wordsIn(text);
  return [
    ...words.flatMap((_, at) => phrasesAt(text, words, at, phrases)),
    ...literals.flatMap((sought) => literalsIn(text, sought)),
  ].sort((one, other) => one.from - other.from || one.to - other.to);
}

const signs: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
/** HTML as it reads, and where in the HTML each of its UTF-16 units is. */
function visible(html: string): { text: string; places: { from: number; to: number }[] } {
  let text = '';
  const places: { from: number; to: number }[] = [];
  for (const { 0: part, index } of html.matchAll(/<[^>]*>|&(?:amp|lt|gt|quot);|[^<&]+|[<&]/gu)) {
    const shown = part.startsWith('<') && part.length > 1 ? '' : (signs[part] ?? part);
    const isSign = part in signs;
    for (let at = 0; at < shown.length; at++)
      places.push({ from: index + at, to: index + (isSign ? part.length : at + 1) });
    text += shown;
  }
  return { text, places };
}

const isCapital = (text: string) => /^\p{Lu}/u.test(text);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
function hitOf({ rule, from, to }: Found, text: string): Hit {
  const { rule: name, version, level, instead, why } = rule;
  const found = text.slice(from, to);
  return {
    ...{ rule: name, version, level, from, to, text: found, why },
    instead: isCapital(found) ? instead.map(capital) : instead,
  };
}
function hitsInBlock(html: string, matcher: Matcher): Hit[] {
  const { text, places } = visible(html);
  return findIn(text, matcher).map((found) => ({
    ...hitOf(found, text),
    ...{ from: places[found.from]?.from ?? 0, to: places[found.to - 1]?.to ?? 0 },
  }));
}

const fields = ['headline', 'standfirst'] as const;
/** What house style has to say of a text: fields first, then its blocks in their order. Quotes are the words of others. */
export function styleHits(content: Content, rules: readonly Standing[]): Hit[] {
  const matcher = matcherOf(rules);
  const ofFields = fields.flatMap((field) => {
    const text = content[field];
    return findIn(text, matcher).map((found) => ({ ...hitOf(found, text), field }));
  });
  const ofBlocks = content.blocks
    .filter(({ kind }) => kind !== 'quote')
    .flatMap(({ id: block, html, image: { alt } = { alt: '' } }) => [
      ...hitsInBlock(html, matcher).map((hit) => ({ ...hit, block })),
      ...findIn(alt, matcher).map((found) => ({ ...hitOf(found, alt), block, field: 'alt' })),
    ]);
  return [...ofFields, ...ofBlocks];
}

/** Hits that stand in the way of an approval: only those of rules that say so. */
export function styleGates(content: Content, rules: readonly Standing[] = []): Gate[] {
  const gates = styleHits(
    content,
    rules.filter(({ level }) => level !== 'hint'),
  ).map(({ rule, level, block, field, text, why }): Gate => ({
    ...{ gate: `style-${rule}`, text: `“${text}”: ${why}` },
    ...(field === undefined ? {} : { field }),
    ...(block === undefined ? {} : { block }),
    ...(level === 'warning' ? { warning: true } : {}),
  }));
  return [...new Map(gates.map((gate) => [JSON.stringify(gate), gate])).values()];
}
