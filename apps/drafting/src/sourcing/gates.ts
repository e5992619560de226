import type { Block, Content } from '#contracts';
import type { Gate } from '../article/approval.ts';
import type { Text } from '../article/line.ts';
import { lacks } from '../desk/requirements.ts';
import { initial, type Sourcing } from './state.ts';
import { saysDeclined, telling } from './wording.ts';

/** The speakers of a block who are not named, as it prints them. */
export const anonymous = (block: Block | undefined): string[] =>
  (block?.attributions ?? []).filter(({ terms }) => terms === 'anonymous').map(({ speaker }) => speaker);

/** The sources that a text rests on as it reads. */
export const restingOn = ({ quotes }: Pick<Sourcing, 'quotes'>, blocks: readonly Block[]): string[] => {
  const found = blocks.flatMap((block) =>
    quotes.filter((quote) => quote.block === block.id && anonymous(block).includes(quote.speaker)),
  );
  return [...new Set(found.map(({ source }) => source))];
};

export interface Quoted {
  readonly block: string;
  readonly speaker: string;
}
/** How the printed words themselves fall short, whoever it is. */
function printed({ blocks, language }: Content, { block, speaker }: Quoted): Gate[] {
  const words = telling(speaker, language);
  if (words.length === 0) return [{ gate: 'source-description', block }];
  const denied = blocks.find(({ html }) => saysDeclined(html, words, language));
  return denied ? [{ gate: 'source-declined-comment', block: denied.id }] : [];
}
/** How the source falls short that the words rest on; `checks` are those of this very text. */
function resting(
  { block, speaker }: Quoted,
  writers: readonly string[],
  { quotes, standings, checks }: Sourcing,
): Gate[] {
  const source = quotes.find((quote) => quote.block === block && quote.speaker === speaker)?.source;
  const standing = source === undefined ? undefined : standings.get(source);
  if (source === undefined || !standing) return [{ gate: 'source-missing', block }];
  const check = checks.findLast(({ sources }) => sources.includes(source));
  const wrong = {
    'source-not-verified': standing.verifiedBy.every((id) => writers.includes(id)),
    'source-retracted': standing.retracted,
    'source-check': check === undefined,
    'source-leak': check?.answer === 'leak',
  };
  return Object.entries(wrong).flatMap(([gate, stands]) => (stands ? [{ gate, block }] : []));
}

/** What stands in the way of an approval, of an article or a correction, as long as somebody is quoted without a name. */
export function sourceGates(
  { number, content }: Text & { readonly number: number },
  writersOf: (quoted: Quoted) => readonly string[],
  sourcing: Sourcing = initial,
  correction?: string,
): Gate[] {
  const checks = sourcing.checks.filter((check) => check.version === number && check.correction === correction);
  const now = { ...sourcing, checks };
  const quoted = content.blocks.flatMap((block) => anonymous(block).map((speaker) => ({ block: block.id, speaker })));
  // Whoever quotes somebody without a name signs with their own, whatever the desk asks of its texts.
  const unsigned = quoted.length > 0 && lacks(content, 'byline') ? [{ gate: 'source-byline', field: 'byline' }] : [];
  const gates = [
    ...unsigned,
    ...quoted.flatMap((one) => [...printed(content, one), ...resting(one, writersOf(one), now)]),
  ];
  return [...new Map(gates.map((gate) => [JSON.stringify(gate), gate])).values()];
}
