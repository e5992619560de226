import { Example, Id, OneOf, Optional, Text, WholeNumber } from '#platform';
import * as examples from './sourcing.examples.ts';

/** Whom an anonymous attribution stands for, in the text of the article, or of a correction of it. */
@Example(examples.attribute)
export class AttributeBody {
  @Text({ max: 64 }) block!: string;
  @Text({ max: 300 }) speaker!: string;
  @Id() sourceId!: string;
  @Optional() @Id() correctionId?: string;
}
/** Names the version that was read, of the article or of a correction of it. */
@Example(examples.check)
export class AnswerCheckBody {
  @WholeNumber({ min: 1, max: 1_000_000 }) version!: number;
  @OneOf(['leak', 'public-mention']) answer!: 'leak' | 'public-mention';
  @Optional() @Id() correctionId?: string;
}
