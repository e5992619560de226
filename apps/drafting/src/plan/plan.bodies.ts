import { Example, Id, instantIn, LocalTime, OneOf, Optional, PartOf, Text } from '#platform';
import * as examples from './plan.examples.ts';
import type { Coverage } from './plan.ts';

const words = { max: 2000, min: 0, multiline: true };
const why = { max: 1000, multiline: true };
const kinds = ['text', 'picture', 'video', 'graphic'] as const;

/** What the clocks of an IANA zone show, with an offset where they show it twice. */
export class WhenBody {
  @LocalTime() at!: string;
  @Text({ max: 64 }) zone!: string;
}
@Example(examples.change)
export class PlanBody {
  @Text({ max: 300 }) name!: string;
  @PartOf(() => WhenBody) starts!: WhenBody;
  @Optional() @Text({ max: 300, min: 0 }) place?: string;
  @Optional() @Text(words) note?: string;
}
@Example(examples.make)
export class MakePlanBody extends PlanBody {
  @Text({ max: 64 }) desk!: string;
}
@Example(examples.reason)
export class CancelPlanBody {
  @Text(why) reason!: string;
}
@Example(examples.addCoverage)
export class WantedBody {
  @OneOf(kinds) what!: Coverage['what'];
  @Optional() @Text(words) note?: string;
  @Optional() @PartOf(() => WhenBody) due?: WhenBody;
}
@Example(examples.changeCoverage)
export class ChangeCoverageBody extends WantedBody {
  @Id() coverageId!: string;
}
@Example(examples.coverage)
export class CoverageBody {
  @Id() coverageId!: string;
}
@Example(examples.because)
export class CoverageReasonBody extends CoverageBody {
  @Text(why) reason!: string;
}
export class SomebodyBody {
  @Text({ max: 200 }) id!: string;
  @Text({ max: 200 }) name!: string;
}
@Example(examples.assign)
export class AssignBody extends CoverageBody {
  @PartOf(() => SomebodyBody) to!: SomebodyBody;
}
@Example(examples.linkArticle)
export class LinkArticleBody extends CoverageBody {
  @Id() articleId!: string;
}

const instantOf = ({ at, zone }: WhenBody) => instantIn(at, zone);
export const happeningOf = ({ name, starts, place = '', note = '' }: PlanBody) => ({
  ...{ name, starts: instantOf(starts), zone: starts.zone },
  ...{ place, note },
});
export const wantedOf = ({ what, note = '', due }: WantedBody) => ({ what, note, due: due && instantOf(due) });
