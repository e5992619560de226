import { Example, LocalTime, PartOf, Text } from '#platform';
import * as examples from './teamwork.examples.ts';

export class PersonBody {
  @Text({ max: 128 }) id!: string;
  @Text({ max: 200 }) name!: string;
}

/** Somebody who is to write it as well. */
@Example(examples.addCoWriter)
export class AddCoWriterBody {
  @PartOf(() => PersonBody) writer!: PersonBody;
}

/** By id. */
@Example(examples.removeCoWriter)
export class RemoveCoWriterBody {
  @Text({ max: 128 }) writer!: string;
}

/** Who is to see to it. */
@Example(examples.assign)
export class AssignArticleBody {
  @PartOf(() => PersonBody) to!: PersonBody;
}

/** The desk's clock, and where it hangs. */
@Example(examples.setDeadline)
export class SetDeadlineBody {
  @LocalTime() at!: string;
  @Text({ max: 64 }) zone!: string;
}
