import { daysOfWeek, Example, ListOf, OneOf, Optional, PartOf, SomeOf, Text, TimeOfDay } from '#platform';
import { BlockBody, contentOf, FieldsBody, kinds } from '../article/article.bodies.ts';
import type { Kind } from '../article/state.ts';
import * as examples from './template.examples.ts';

const blocks = { min: 0, max: 1000 };

@Example(examples.change)
export class TemplateBody {
  @Text({ max: 200 }) name!: string;
  @OneOf(kinds) kind!: Kind;
  @Optional() @PartOf(() => FieldsBody) fields?: FieldsBody;
  @Optional() @ListOf(() => BlockBody, blocks) blocks?: BlockBody[];
}
@Example(examples.create)
export class CreateTemplateBody extends TemplateBody {
  @Text({ max: 64 }) desk!: string;
}
/** A time of day in an IANA zone. Where the clocks are put forward past it, it is as if they had not been; where they show it twice, the first counts. */
@Example(examples.schedule)
export class ScheduleTemplateBody {
  @SomeOf(daysOfWeek) days!: string[];
  @TimeOfDay() time!: string;
  @Text({ max: 64 }) zone!: string;
}
export class TemplatesQuery {
  @Optional() @Text({ max: 64 }) desk?: string;
}

export const textOf = (body: TemplateBody) => ({ name: body.name, kind: body.kind, content: contentOf(body) });
