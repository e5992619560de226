import type { Person, StyleEvent, StyleRule } from '#contracts';
import { type Command, decider, type Fold, Rejection, type Rules } from '#decider';
import { english } from './english.ts';
import { isCostly, phraseOf, type Standing } from './matching.ts';

type Ask<T extends string, D> = Command & { type: T; data: D & { readonly language: string } };
export type StyleCommand = Ask<'set-rule', { rule: StyleRule }> | Ask<'drop-rule', { rule: string }>;

/** What editors made of the style of a language. */
export interface Style {
  readonly status: 'none' | 'kept';
  readonly language: string;
  readonly changes: number;
  /** By their names; undefined where one was dropped. */
  readonly rules: ReadonlyMap<string, Standing | undefined>;
}
const initial: Style = { status: 'none', language: '', changes: 0, rules: new Map() };

/** The style of a language is that of all its regions. */
export const languageOf = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';
const shipped: Readonly<Record<string, readonly StyleRule[]>> = { en: english };
/** The rules that hold: those that Stet comes with, and what editors have made of them. */
export function rulesOf(language: string, { rules }: Style): Standing[] {
  const kept = (shipped[language] ?? [])
    .filter(({ rule }) => !rules.has(rule))
    .map((rule) => ({ ...rule, version: 0 }));
  return [...kept, ...[...rules.values()].filter((rule) => rule !== undefined)];
}

const event = <T extends StyleEvent['type'], D>(type: T, { id, name }: Person, told: D) => ({
  type,
  data: { by: { id, name }, ...told },
});
const most = { rules: 500, costly: 200, words: 10 };

function checkRule(language: string, { rule, find }: StyleRule, state: Style): void {
  if (!/^[a-z]{2,8}$/.test(language)) throw new Rejection('unknown-language', 'There is no such language.');
  const phrases = find.filter((one) => !one.startsWith('"')).map(phraseOf);
  const wrong = (phrase: readonly string[]) =>
    phrase.length === 0 || phrase.length > most.words || phrase.some((word) => word.split('*').length > 2);
  if (phrases.some(wrong))
    throw new Rejection('style-rule-invalid', `A phrase has 1 to ${most.words} words, a word one * at most.`);
  const others = rulesOf(language, state).filter((other) => other.rule !== rule);
  const costly = [...others.flatMap((other) => other.find), ...find].filter(isCostly).length;
  if (others.length >= most.rules || costly > most.costly)
    throw new Rejection('style-too-large', 'A language has no room for more of these.', most);
}

const by = ['editor', 'chief'];
const rules: Rules<Style, StyleCommand, StyleEvent> = {
  'set-rule': {
    ...{ from: ['none', 'kept'], by },
    decide: ({ data: { language, rule }, actor }, state) => {
      checkRule(language, rule, state);
      const stands = rulesOf(language, state).find((one) => one.rule === rule.rule);
      if (stands && JSON.stringify(stands) === JSON.stringify({ ...rule, version: stands.version })) return [];
      return [event('StyleRuleSet', actor, { language, rule })];
    },
  },
  'drop-rule': {
    ...{ from: ['none', 'kept'], by },
    decide: ({ data: { language, rule }, actor }, state) => {
      const holds = rulesOf(language, state).some((one) => one.rule === rule);
      if (!holds && !state.rules.has(rule)) throw new Rejection('unknown-rule', 'There is no such rule.');
      return holds ? [event('StyleRuleDropped', actor, { language, rule })] : [];
    },
  },
};

const fold: Fold<Style, StyleEvent> = {
  StyleRuleSet: ({ changes, rules: before }, { language, rule }) => {
    const version = changes + 1;
    return {
      status: 'kept',
      language,
      changes: version,
      rules: new Map([...before, [rule.rule, { ...rule, version }]]),
    };
  },
  StyleRuleDropped: ({ changes, rules: before }, { language, rule }) => ({
    ...{ status: 'kept', language, changes: changes + 1, rules: new Map([...before, [rule, undefined]]) },
  }),
};

export const style = decider(initial, rules, fold);
