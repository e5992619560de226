import { type StyleRule, styleLevels } from '#contracts';
import { Example, OneOf, Text, Texts } from '#platform';
import * as examples from './style.examples.ts';

const words = { max: 200 };

/** Replaces the rule of this name. */
@Example(examples.setRule)
export class SetRuleBody {
  @Text({ max: 64 }) rule!: string;
  @Texts({ min: 1, max: 50 }, words) find!: string[];
  @Texts({ min: 0, max: 20 }, { ...words, min: 0 }) instead!: string[];
  @Text({ max: 500 }) why!: string;
  @OneOf(styleLevels) level!: StyleRule['level'];
}
@Example(examples.dropRule)
export class DropRuleBody {
  @Text({ max: 64 }) rule!: string;
}
