import Type, { type Static } from 'typebox';
import { Person } from './content.ts';
import { contract, type EventOf } from './registry.ts';

export const styleLevels = ['hint', 'warning', 'error'] as const;
export const StyleRule = Type.Object(
  {
    rule: Type.String({ description: 'its name' }),
    find: Type.Array(Type.String(), {
      description:
        'whole words, in any case: `*` stands for the rest of a word, `#` for a number; in quotes, characters as they stand',
    }),
    instead: Type.Array(Type.String(), { description: 'what to write, if anything' }),
    why: Type.String(),
    level: Type.Enum(styleLevels, {
      description: 'hint: it is shown; warning: whoever approves confirms it; error: nothing is approved with it',
    }),
  },
  { additionalProperties: false },
);
export type StyleRule = Static<typeof StyleRule>;
const style = { language: Type.String(), by: Person };

/** House style, for each language. It does not leave drafting: what it did to an article, events of that article tell. */
export const styleContracts = [
  contract('StyleRuleSet', 1, 'An editor made a rule of house style, or changed it', { ...style, rule: StyleRule }),
  contract('StyleRuleDropped', 1, 'A rule of house style holds no more', { ...style, rule: Type.String() }),
] as const;
export type StyleEvent = EventOf<(typeof styleContracts)[number]>;
