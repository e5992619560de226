import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = `${root}infra/prometheus/alerts.yml`;
const namesIn = (text: string) => new Set(text.match(/\bstet_[a-z_]+/g) ?? []);

test('alerts rest on metrics that services have, and cover what must not go unseen', () => {
  const sources = globSync('{libs,apps}/**/src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.spec.ts'));
  const served = new Set(sources.flatMap((path) => [...namesIn(readFileSync(root + path, 'utf8'))]));
  const named = namesIn(readFileSync(file, 'utf8'));
  expect([...named].filter((name) => !served.has(name))).toEqual([]);
  const needed = ['stet_relay_lag_seconds', 'stet_projection_lag_seconds', 'stet_projection_parked_keys'];
  expect([...named]).toEqual(
    expect.arrayContaining([
      ...[...needed, 'stet_reaction_parked', 'stet_timer_drift_seconds', 'stet_log_broken_shards'],
      ...['stet_publication_holes', 'stet_publication_checked_seconds'],
    ]),
  );
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
(hasPromtool ? test : test.skip)(
  "Prometheus' own checker takes the rules (left out where there is no promtool)",
  () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.anything()]);
  },
);
