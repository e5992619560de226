import type { ArticleEvent } from '#contracts';
import type { Withdrawn } from './state.ts';

export type Recorded = Extract<ArticleEvent, { type: 'PublicationRecorded' }>['data'];

/**
 * Whether publication says with this that a withdrawn approval came in time or too late. What is stopped whole, or up to that version, goes
 * out no more, whoever asked for it; that it was too late counts for the very request, where that has a name.
 */
export function answerTo(
  { version, stopId }: Withdrawn,
  { event, stopped }: Pick<Recorded, 'event' | 'stopped'>,
): 'in-time' | 'too-late' | undefined {
  if (event === 'PublicationStopped') return 'in-time';
  if (event === 'VersionStopped') return !stopped || stopped.version >= version ? 'in-time' : undefined;
  const isOurs = stopId === undefined || stopId === stopped?.stopId;
  return event === 'StopTooLate' && isOurs ? 'too-late' : undefined;
}
