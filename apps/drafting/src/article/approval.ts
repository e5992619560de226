import type { Block } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { currentOf, type Line, versionOf } from './line.ts';
import { byId, merge, same } from './merging.ts';

/** One thing that stands in the way of an approval: the rule, where (`field` or `block`), and in words where the rule alone does not tell. */
export interface Gate {
  readonly gate: string;
  readonly field?: string;
  readonly block?: string;
  readonly text?: string;
  /** It passes when whoever approves confirms the rule by name. */
  readonly warning?: boolean;
}

/** Blocks as somebody approved them last, by their ids. */
export type Cleared = ReadonlyMap<string, Block>;

const meanings: Readonly<Record<string, string>> = {
  'legal-check': 'The legal check has not passed this.',
  'legal-refused': 'A lawyer has refused it.',
  'not-for-publication': 'It is marked as not for publication.',
  'blocking-note': 'A note stands against it.',
  'correction-conflict': 'A correction wants this otherwise; nobody has looked yet.',
  'source-missing': 'Somebody is quoted without a name, and no source is named for it here.',
  'source-description': 'What is printed of a source is no more than that it is one.',
  'source-byline': 'Somebody is quoted without a name, and nobody signs for it.',
  'source-declined-comment': 'Somebody who is quoted without a name is said to have declined comment.',
  'source-not-verified': 'No second person knows this source.',
  'source-retracted': 'This source was retracted.',
  'source-check': 'Nobody who knows the source has checked this text.',
  'translation-behind': 'Its original reads otherwise since the version that it translates.',
  'source-leak': 'It gives a source away.',
};
const inWords = ({ gate, text = meanings[gate] ?? gate }: Gate) => text;

/** A refusal that tells all of them at once, as soon as one stands: an error, or a warning that was not confirmed. */
export function gatesRefused(
  gates: readonly Gate[],
  passes: (gate: Gate) => boolean = () => false,
): Rejection | undefined {
  if (gates.every(passes)) return undefined;
  const told = gates.map(({ warning = false, ...gate }) => ({
    ...{ ...gate, severity: warning ? 'warning' : 'error', text: inWords(gate) },
  }));
  return new Rejection('gates-not-passed', `In the way: ${gates.map(({ gate }) => gate).join(', ')}.`, { gates: told });
}
export const isWarning = ({ warning = false }: Gate): boolean => warning;

/** The warnings that are passed over, as the approval records it; throws where one was not confirmed by its name. */
export function passing(warnings: readonly Gate[], confirm: readonly string[]) {
  const refused = gatesRefused(warnings, ({ gate }) => confirm.includes(gate));
  if (refused) throw refused;
  if (warnings.length === 0) return {};
  return { confirmed: warnings.map(({ warning: _, ...gate }) => ({ ...gate, text: inWords(gate) })) };
}

/** Blocks that nobody but their author has seen: changed since `cleared`, last written by this actor, read back by no other. */
export function unseenBy(line: Line, cleared: Cleared, actor: Actor): string[] {
  const { content, authors } = currentOf(line);
  return content.blocks
    .filter((block) => !same(cleared.get(block.id), block))
    .filter(({ id }) => authors.get(id) === actor.id)
    .filter(({ id }) => !line.readBy.get(id)?.some((reader) => reader !== actor.id))
    .map(({ id }) => id);
}

export function fourEyesRefused(line: Line, cleared: Cleared, actor: Actor): Rejection | undefined {
  const blocks = unseenBy(line, cleared, actor);
  if (blocks.length === 0) return undefined;
  return new Rejection('four-eyes', 'Somebody else approves these blocks, or reads them back first.', { blocks });
}

/** Who wrote every block has nothing to read back, unless there is something besides the blocks. */
export function ownRefused(line: Line, actor: Actor, besides = false): Rejection | undefined {
  if (besides || [...currentOf(line).authors.values()].some((author) => author !== actor.id)) return undefined;
  return new Rejection('all-own-blocks', 'Every block is your own: somebody else has to read it.');
}

/** A decision on a text holds for the text that was seen; the refusal names what reads otherwise since. */
export function checkSeen(line: Line, seen: number): void {
  if (seen === line.at) return;
  const { content } = versionOf(line, seen);
  const { changed } = merge(content, content, currentOf(line).content);
  throw new Rejection('version-seen-stale', `It stands at version ${line.at}.`, { seen, version: line.at, changed });
}

/**
 * The blocks that this reading adds to what the reader had read already; refused when one has changed since the version
 * seen, or is the reader's own. `besides` are names that may be read back without being a block.
 */
export function readable(
  line: Line,
  seen: { version: number; blocks: readonly string[] },
  actor: Actor,
  besides: readonly string[] = [],
): string[] {
  const [now, then] = [byId(currentOf(line).content), byId(versionOf(line, seen.version).content)];
  const blocks = [...new Set(seen.blocks)];
  const unknown = blocks.filter((id) => !now.has(id) && !then.has(id) && !besides.includes(id));
  if (unknown.length > 0) throw new Rejection('blocks-invalid', 'There are no such blocks.', { unknown });
  const stale = blocks.filter((id) => !same(now.get(id), then.get(id)));
  if (stale.length > 0)
    throw new Rejection('version-seen-stale', 'These blocks have changed since.', {
      seen: seen.version,
      version: line.at,
      blocks: stale,
    });
  const own = blocks.filter((id) => currentOf(line).authors.get(id) === actor.id);
  if (own.length > 0)
    throw new Rejection('own-block', 'Nobody reads back what they wrote themselves.', { blocks: own });
  return blocks.filter((id) => besides.includes(id) || !line.readBy.get(id)?.includes(actor.id));
}
