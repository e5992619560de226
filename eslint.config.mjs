import tseslint from 'typescript-eslint';

const impure = ['Date', 'crypto', 'process', 'performance', 'setTimeout', 'setInterval', 'fetch'];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.stet', 'coverage', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-params': ['error', 4],
      // Nest's modules are classes that only carry a decorator; an empty class is a body without fields.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      // A parameter may be there for its place, or for the decorator on it.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Nest resolves constructor parameters by their metadata; the rule takes that for an unsafe assignment.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Numbers and bigints read well in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // Deciders and their siblings are pure: time, identity and ids come in with the command.
    files: [
      'libs/decider/src/**/*.ts',
      'libs/contracts/src/**/*.ts',
      'apps/{drafting,publication,moderation}/src/*/*.ts',
      // So are folds: a read model says the same whenever and wherever it is built.
      'apps/reading/src/*/*.projection.ts',
    ],
    // Instants are reckoned with in one place, without a clock.
    ignores: ['**/*.controller.ts', '**/*.module.ts', '**/*.spec.ts', '**/*.bodies.ts', 'libs/decider/src/instant.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    // Tests speak to jest's untyped JSON bodies and leave promises of describe/it to jest.
    files: ['**/*.spec.ts', 'tests/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
);
