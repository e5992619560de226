import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { deskMutants } from './desk.ts';
import { mutants } from './list.ts';
import { losingMutants } from './losing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const specs = globSync('{apps,libs,infra,tests}/**/*.spec.ts', { cwd: root });

test.each([...mutants, ...losingMutants, ...deskMutants])(
  'what breaks "$promise" is in its file once, and has a test',
  ({ file, find, replace, test: pattern }) => {
    expect(readFileSync(root + file, 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    expect(specs.filter((spec) => new RegExp(pattern).test(spec))).not.toEqual([]);
  },
);
