import type { Person, PublicationEvent } from '#contracts';
import type { KnownPublication } from './reactions.ts';

type Heard = Omit<KnownPublication, 'event' | 'by' | 'position'>;
type Told<T> = Extract<PublicationEvent, { type: T }>['data'];

const stoppedBy = ({ version, stopId }: { version: number; stopId?: string }) => ({
  ...{ version, ...(stopId === undefined ? {} : { stopId }) },
});
/** What drafting keeps of each thing that publication does; events that are not named change nothing that it goes by. */
const heard = {
  PublicationOpened: (): Heard => ({ state: 'cleared' }),
  ClearanceRenewed: (): Heard => ({ state: 'cleared' }),
  ArticlePublished: ({ version, content }: Told<'ArticlePublished'>): Heard => ({
    state: 'published',
    version,
    content,
  }),
  ArticleCorrected: ({ version, content, class: of }: Told<'ArticleCorrected'>): Heard => ({
    ...{ state: 'published', version, content },
    ...(of === 'REFILE' ? { class: of } : {}),
  }),
  ArticleUpdated: ({ version, content }: Told<'ArticleUpdated'>): Heard => ({
    ...{ state: 'published', version, content },
  }),
  ArticleRepeated: (): Heard => ({ state: 'published' }),
  ArticleHeld: (): Heard => ({ state: 'held' }),
  HoldReleased: (): Heard => ({ state: 'published' }),
  ArticleUnpublished: (): Heard => ({ state: 'unpublished' }),
  PublicationStopped: (told: Told<'PublicationStopped'>): Heard => ({
    ...{ state: 'stopped', stops: told.stops, stopped: stoppedBy(told) },
  }),
  StopTooLate: (told: Told<'StopTooLate'>): Heard => ({ state: told.state, stopped: stoppedBy(told) }),
  VersionStopped: (told: Told<'VersionStopped'>): Heard => ({ state: told.state, stopped: stoppedBy(told) }),
  CorrectionStopped: ({ correctionId }: Told<'CorrectionStopped'>): Heard => ({ correctionId }),
  // Whatever is out is held while the second signature is awaited.
  KillAsked: (): Heard => ({ state: 'held' }),
  KillDeclined: ({ state }: Told<'KillDeclined'>): Heard => ({ state }),
  ArticleKilled: (): Heard => ({ state: 'killed' }),
  ApprovalIgnored: (): Heard => ({ state: 'killed' }),
};
export type HeardType = keyof typeof heard;
export const heardTypes = Object.keys(heard) as HeardType[];

/** The part of a publication event that `record-publication` takes. */
export function hear(type: HeardType, data: unknown): Omit<KnownPublication, 'position'> {
  const { by } = data as { by: Person };
  return { event: type, by, ...(heard[type] as (data: unknown) => Heard)(data) };
}
