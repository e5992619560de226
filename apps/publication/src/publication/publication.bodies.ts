import {
  Day,
  Example,
  Id,
  LocalTime,
  OneOf,
  Optional,
  PartOf,
  PositionToken,
  Text,
  WholeNumber,
  YesNo,
} from '#platform';
import * as examples from './publication.examples.ts';
import { latePolicies } from './scheduling.ts';
import type { Schedule } from './state.ts';

const version = { min: 1, max: 1_000_000 };

/** Names the waiting version that was read. */
@Example(examples.takeVersion)
export class TakeVersionBody {
  @WholeNumber(version) version!: number;
}
/** Where and when it appears; what is left out is as it was before, or the house's own paper of today (UTC). */
export class EditionBody {
  @Optional() @Text({ max: 200 }) paper?: string;
  @Optional() @Day() date?: string;
}
/** Names the version that was read. `after` is a position of drafting that the caller has seen, such as that of the approval. */
@Example(examples.publish)
export class PublishBody {
  @WholeNumber(version) version!: number;
  @Optional() @PartOf(() => EditionBody) edition?: EditionBody;
  @Optional() @PositionToken() after?: string;
}
/**
 * Names the version that was read, and when it goes out by itself: a time of day in an IANA zone, with an offset where the clocks show it twice.
 * Once something is out it is an update: it confirms what an update confirms, and appears in the edition of what it replaces.
 */
@Example(examples.schedule)
export class ScheduleBody {
  @WholeNumber(version) version!: number;
  @LocalTime() at!: string;
  @Text({ max: 64 }) zone!: string;
  @OneOf(latePolicies) late!: Schedule['late'];
  @Optional() @YesNo() nothingWasWrong?: boolean;
  @Optional() @PartOf(() => EditionBody) edition?: EditionBody;
}
/** Names the one text that was read: an approved correction, or the waiting version. The note is for readers. */
@Example(examples.correct)
export class CorrectBody {
  @Optional() @WholeNumber(version) version?: number;
  @Optional() @Id() correctionId?: string;
  @Text({ max: 2000, multiline: true }) note!: string;
  @Optional() @PositionToken() after?: string;
}
/** Names the text as a correction does. Nothing that the article stated was wrong; the note is for readers, where they would wonder. */
@Example(examples.refile)
export class RefileBody {
  @Optional() @WholeNumber(version) version?: number;
  @Optional() @Id() correctionId?: string;
  @Optional() @Text({ max: 2000, multiline: true }) note?: string;
  @Optional() @PositionToken() after?: string;
}
/** Names the waiting version that was read, and confirms that what it replaces stated nothing wrong: what did is corrected. */
@Example(examples.update)
export class UpdateBody {
  @WholeNumber(version) version!: number;
  @YesNo() nothingWasWrong!: boolean;
  @Optional() @PositionToken() after?: string;
}
/** Names the message that went out last, by its number on the feed. Its text goes out again as it was, so there is nothing to tell readers. */
@Example(examples.repeat)
export class RepeatBody {
  @WholeNumber(version) item!: number;
}
@Example(examples.reason)
export class ReasonBody {
  @Text({ max: 1000, multiline: true }) reason!: string;
}
/** For commands that need nothing said. */
export class NothingBody {}
