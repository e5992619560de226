import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rules = new URL('redocly.yaml', import.meta.url).pathname;

/** What a linter that is not ours finds wrong with a service's OpenAPI document. */
export async function lintFaults(url: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stet-openapi-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, await (await fetch(`${url}/openapi.json`)).text());
  const linted = spawnSync(
    process.execPath,
    ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--config', rules, '--format=json'],
    {
      encoding: 'utf8',
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  rmSync(folder, { recursive: true });
  const { problems } = JSON.parse(linted.stdout) as { problems: { ruleId: string; message: string }[] };
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}
