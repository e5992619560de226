import { spawnSync } from 'node:child_process';
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

// Their Node strips types and does no more: what else they loaded would end them before they began.
test.each(['faults', 'mutants'])('npm run %s begins, and says how it is used', (name) => {
  const command = `tests/${name}/${name}.ts`;
  const { status, stderr } = spawnSync(process.execPath, [command, '--nothing'], { cwd: root, encoding: 'utf8' });
  expect({ status, said: stderr.split('\n')[0] }).toMatchObject({
    status: 2,
    said: expect.stringMatching(`^npm run ${name} `) as unknown,
  });
});
