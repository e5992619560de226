import { existsSync, readFileSync } from 'node:fs';
import { librariesOfTests } from './infra/stack/build.ts';

// The build's own settings, except that tests import the .ts files themselves.
const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.$schema;
swc.jsc.rewriteRelativeImportExtensions = false;

// Where nothing was built, as they are.
const built = librariesOfTests.filter((name) => existsSync(new URL(`dist/libraries/${name}.js`, import.meta.url)));

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/(apps|libs|tests|infra)/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stet'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  moduleNameMapper: Object.fromEntries(built.map((name) => [`^${name}$`, `<rootDir>/dist/libraries/${name}.js`])),
  // For machines that are busy: nothing is judged by the time that it takes.
  testTimeout: 120_000,
  // One more than there are cores where it is to be quick: suites that run whole systems wait for half of their time.
  maxWorkers: 3,
  testSequencer: '<rootDir>/infra/test-order.mjs',
};
