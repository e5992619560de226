const door = 'libs/[^/]+/src/index\\.ts$';
const only = (pkg, homes) => ({
  name: `6-${pkg}-only-in-its-libraries`,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: `^libs/(${homes})/` },
  to: { path: `node_modules/${pkg}/` },
});

/** The eight boundaries of CONTRIBUTING.md, and one that catches a broken alias. */
module.exports = {
  forbidden: [
    { name: '1-no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: '2-aggregates-are-pure',
      severity: 'error',
      from: {
        path: '^apps/(drafting|publication|moderation)/src/[^/]+/',
        pathNot: '\\.(controller|bodies|module|spec)\\.ts$',
      },
      to: {
        pathNot: [
          '^libs/(decider|contracts)/',
          '^apps/[^/]+/src/[^/]+/',
          'node_modules/(diff|node-diff3|sanitize-html|typebox|unicode-confusables)/',
        ],
      },
    },
    {
      name: '3-apps-never-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: '4-libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: '5-libs-by-their-front-door',
      severity: 'error',
      from: { path: '^(apps/[^/]+|libs/[^/]+|tests|infra)/' },
      to: { path: '^libs/', pathNot: [door, '^$1/'] },
    },
    only('kafkajs', 'messaging'),
    only('pg', 'event-store|parking|projections|keyring|platform|testing'),
    {
      name: '7-reading-only-reads',
      severity: 'error',
      from: { path: '^apps/reading/' },
      to: { path: '^libs/(event-store|decider)/' },
    },
    {
      name: '8-testing-is-for-tests',
      severity: 'error',
      from: { path: '^(apps|libs|infra)/', pathNot: '(\\.spec\\.ts$|^libs/testing/)' },
      to: { path: '^libs/testing/' },
    },
    { name: 'could-not-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.stet)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default'], exportsFields: ['exports'] },
  },
};
