import { type RejectionReason, rejectionReasons } from '#contracts';
import { Example, Id, OneOf, Optional, PartOf, PositionToken, Text, WholeNumber } from '#platform';
import * as examples from './comment.examples.ts';

const name = { max: 200 };
const number = { min: 1, max: 1_000_000 };

/** Who wrote it, as the site knows them. The id is not kept, but a pseudonym in its place; the rest is sealed. */
export class ReaderBody {
  @Text(name) id!: string;
  @Text(name) name!: string;
  @Optional() @Text({ max: 320 }) email?: string;
  /** The address that it came from. */
  @Optional() @Text({ max: 45 }) ip?: string;
}
@Example(examples.submit)
export class SubmitCommentBody {
  @Id() articleId!: string;
  @PartOf(() => ReaderBody) reader!: ReaderBody;
  @Text({ max: 10_000, multiline: true }) text!: string;
  /** The version of the article that the reader saw. */
  @WholeNumber(number) articleVersion!: number;
  /** A position of publication that the site has seen: the article is out by then. */
  @Optional() @PositionToken() after?: string;
}
/** Names the revision that was read, and what had been decided about it: nothing, unless told. */
@Example(examples.approve)
export class ApproveCommentBody {
  @WholeNumber(number) revision!: number;
  @Optional() @OneOf(['pending', 'rejected']) state?: 'pending' | 'rejected';
}
@Example(examples.reject)
export class RejectCommentBody {
  @WholeNumber(number) revision!: number;
  @Optional() @OneOf(['pending', 'published']) state?: 'pending' | 'published';
  @OneOf(rejectionReasons) reason!: RejectionReason;
  @Optional() @Text({ max: 1000, min: 0, multiline: true }) note?: string;
}
/** For its author, whom the site names. */
@Example(examples.withdraw)
export class WithdrawCommentBody {
  @WholeNumber(number) revision!: number;
  @Text(name) readerId!: string;
}
