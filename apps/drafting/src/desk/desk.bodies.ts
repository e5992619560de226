import { measures, type Requirement } from '#contracts';
import { Example, ListOf, OneOf, Optional, WholeNumber, YesNo } from '#platform';
import { kinds } from '../article/article.bodies.ts';
import * as examples from './desk.examples.ts';

const bound = { min: 0, max: 1_000_000 };

export class RequirementBody {
  @OneOf(measures) of!: Requirement['of'];
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

const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
export const requirementsIn = ({ requirements }: SetRequirementsBody): Requirement[] =>
  requirements.map(({ of, min, max, warning }) => given({ of, min, max, warning }) as Requirement);
