import { type Block, plainText } from '#contracts';
import type { Gate } from '../article/approval.ts';
import type { Text } from '../article/line.ts';
import { initial, type Sourcing } from './state.ts';

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

/** Words that say nothing of who somebody is. */
const empty: ReadonlySet<string> = new Set(
  'a an the one of some another who whom that is was unnamed anonymous confidential source sources person people somebody someone insider'.split(
    ' ',
  ),
);
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
const telling = (speaker: string) => wordsOf(speaker).filter((word) => !empty.has(word));

const declined =
  /\b(?:declin|refus)(?:e|es|ed|ing) (?:to comment|comment|to be interviewed)|\b(?:would|could|did) not (?:comment|respond|reply|be reached)|\bunavailable for comment/i;
/** Whether a sentence says that this speaker said nothing. */
function saidToDecline(blocks: readonly Block[], speaker: string): Block | undefined {
  const words = telling(speaker);
  return blocks.find(({ html }) =>
    plainText(html)
      .split(/(?<=[.!?…]["”’)]*)\s+/u)
      .some((sentence) => declined.test(sentence) && words.every((word) => wordsOf(sentence).includes(word))),
  );
}

interface Quoted {
  readonly block: string;
  readonly speaker: string;
}
/** How the printed words themselves fall short, whoever it is. */
function printed(blocks: readonly Block[], { block, speaker }: Quoted): Gate[] {
  if (telling(speaker).length === 0) return [{ gate: 'source-description', block }];
  const denied = saidToDecline(blocks, speaker);
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
  { number, content: { blocks } }: Text & { readonly number: number },
  writers: readonly string[],
  sourcing: Sourcing = initial,
  correction?: string,
): Gate[] {
  const checks = sourcing.checks.filter((check) => check.version === number && check.correction === correction);
  const now = { ...sourcing, checks };
  const gates = blocks.flatMap((block) =>
    anonymous(block)
      .map((speaker) => ({ block: block.id, speaker }))
      .flatMap((quoted) => [...printed(blocks, quoted), ...resting(quoted, writers, now)]),
  );
  return [...new Map(gates.map((gate) => [JSON.stringify(gate), gate])).values()];
}
