import { type ApprovalStep, approvers, imageMeasures, measures, type MoveRule, type Requirement } from '#contracts';
import { Example, ListOf, OneOf, Optional, SomeOf, Text, Texts, WholeNumber, YesNo } from '#platform';
import { kinds } from '../article/article.bodies.ts';
import { newsroom, unspiked } from '../article/state.ts';
import * as examples from './desk.examples.ts';

const name = { max: 64 };
const bound = { min: 0, max: 1_000_000 };

export class RequirementBody {
  @OneOf([...measures, ...imageMeasures]) of!: Requirement['of'];
  @Optional() @WholeNumber(bound) min?: number;
  @Optional() @WholeNumber(bound) max?: number;
  @Optional() @YesNo() warning?: boolean;
}
/** Replaces all that texts of this kind needed here before. */
@Example(examples.setRequirements)
export class SetRequirementsBody {
  @OneOf(kinds) kind!: string;
  @ListOf(() => RequirementBody, { min: 0, max: 100 }) requirements!: RequirementBody[];
}

/** Without roles, somebody is no longer of it. */
@Example(examples.setMember)
export class SetMemberBody {
  @Text({ max: 200 }) person!: string;
  @SomeOf(newsroom, 0) roles!: string[];
}
@Example(examples.setStages)
export class SetStagesBody {
  @Texts({ min: 0, max: 50 }, name) stages!: string[];
}
export class ApprovalStepBody {
  @Text(name) step!: string;
  @OneOf(approvers) by!: ApprovalStep['by'];
}
/** Replaces all that were there; articles take them when they are claimed. */
@Example(examples.setApproval)
export class SetApprovalBody {
  @ListOf(() => ApprovalStepBody, { min: 0, max: 20 }) steps!: ApprovalStepBody[];
}
/** Only what has urgency 1 or 2, with a reason each time. */
@Example(examples.setLoneApproval)
export class SetLoneApprovalBody {
  @YesNo() allowed!: boolean;
}
/** An article that all of it fits is not moved. */
export class MoveRuleBody {
  @Text(name) rule!: string;
  @OneOf(['in', 'out']) way!: MoveRule['way'];
  @Optional() @Text(name) stage?: string;
  @Optional() @SomeOf(kinds) kinds?: string[];
  @Optional() @SomeOf(unspiked) states?: string[];
  @Optional() @SomeOf(measures) lacking?: MoveRule['lacking'];
  @Text({ max: 1000 }) reason!: string;
}
/** Replaces all that were there. */
@Example(examples.setMoveRules)
export class SetMoveRulesBody {
  @ListOf(() => MoveRuleBody, { min: 0, max: 100 }) rules!: MoveRuleBody[];
}

const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
export const requirementsIn = ({ requirements }: SetRequirementsBody): Requirement[] =>
  requirements.map(({ of, min, max, warning }) => given({ of, min, max, warning }) as Requirement);
export const moveRulesIn = ({ rules }: SetMoveRulesBody): MoveRule[] =>
  rules.map(({ rule, way, stage, kinds, states, lacking, reason }) =>
    given({ rule, way, stage, kinds, states, lacking, reason } as MoveRule),
  );
