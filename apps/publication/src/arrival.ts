import { decodePositions } from '#contracts';
import type { EventStore } from '#event-store';
import { Problem } from '#platform';

/** An approval is here within the first, as a rule; what takes longer than the second is for the caller to try again. */
const [usualMs, patienceMs] = [50, 2000];

/**
 * Waits until publication has reacted to all that a caller has seen of drafting: `after`, a position token. Without one there is
 * nothing to wait for, nor for a command that was `accepted` before: its token may be of a log that was imported since. Refused with
 * `bad-position`, and with `approval-not-arrived` when it takes longer than two seconds.
 */
export async function arrived(
  store: EventStore,
  after: string | undefined,
  accepted: () => Promise<unknown>,
): Promise<void> {
  if (after === undefined) return;
  const positions = decodePositions(after);
  if (!positions) throw new Problem('bad-position');
  const seen = positions.filter(({ service }) => service === 'drafting');
  const heard = async (ms: number) => {
    const reached = await Promise.all(seen.map((position) => store.reactions.reachedWithin(ms, 'drafting', position)));
    return reached.every(Boolean);
  };
  if ((await heard(usualMs)) || (await accepted()) || (await heard(patienceMs))) return;
  throw new Problem('approval-not-arrived');
}
