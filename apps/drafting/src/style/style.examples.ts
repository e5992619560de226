/** Some of house style, as the examples of drafting's API tell of it. */
export const setRule = {
  ...{ rule: 'harbour-name', find: ['port of harbour', 'harbour docks'], instead: ['Harbour port'] },
  ...{ why: 'It has been called so since 1990.', level: 'warning' },
};
export const dropRule = { rule: setRule.rule };
export const view = { language: 'en', rules: [{ ...setRule, version: 1 }] };
export const hits = {
  ...{ version: 2, language: 'en' },
  hits: [
    {
      ...{ rule: setRule.rule, version: 1, level: 'warning', block: 'p1', from: 4, to: 17, text: 'harbour docks' },
      ...{ instead: setRule.instead, why: setRule.why },
    },
  ],
};
