// `npm run bench`: what Stet costs, as ratios against what the parts beneath can do, in one run on one machine. `--json FILE` writes the figures.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../infra/stack/build.ts';
import { stackSettings, startStack, toNobody, toTerminal } from '../../infra/stack/stack.ts';
import type { Figure } from './newsroom.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
await build(toTerminal);
// The libraries are those that were just built.
const { benchLog } = await import('./log.ts');
const { commands, latencies, pageReads, rebuilding } = await import('./newsroom.ts');
const { startSystem } = await import('./system.ts');

const figures: Figure[] = [];
const home = mkdtempSync(join(tmpdir(), 'stet-bench-'));
const measure = async (name: string, work: () => Promise<Figure | Figure[]>) => {
  figures.push(...[await toTerminal.step(name, work)].flat());
};

const system = await toTerminal.step('Starting the system', () => startSystem(home));
try {
  await measure('Appends', async () => {
    const measured = await benchLog(system.stack.adminUrl);
    return measured.map(({ writers, appends, plain, ratio }): Figure => ({
      ...{ name: `acknowledged appends, writers: ${writers}`, value: appends, unit: '/s', beside: plain, ratio },
      ...(writers === 50 && { aim: 'ratio >= 0.4' }),
    }));
  });
  await measure('Commands over HTTP', () => commands(system));
  await measure('From command to page and feed, at 50/s', () => latencies(system, 50, 10));
  await measure('From command to page and feed, at 200/s', () => latencies(system, 200, 10));
  await measure('Page reads', () => pageReads(system));
  const memory = Object.entries(system.memory());
  const services = memory.filter(([name]) => name in system.stack.urls);
  figures.push(
    ...services.map(([name, value]): Figure => ({
      name: `resident after load: ${name}`,
      value,
      unit: 'MB',
      aim: '<= 150 MB',
    })),
  );
  await measure('Rebuilding a read model', () => rebuilding(system));
} finally {
  await system.stop();
}

await measure('Starting again, with these data', async () => {
  const begun = performance.now();
  const settings = stackSettings({ ...process.env, STET_HOME: home });
  const again = await startStack({ settings, report: toNobody });
  const value = (performance.now() - begun) / 1000;
  await again.stop();
  return { name: 'warm start, all services ready', value, unit: 's', aim: '<= 8 s' };
});
rmSync(home, { recursive: true, force: true });

const round = (value: number | undefined) => (value === undefined ? '' : Number(value.toPrecision(3)));
console.table(
  figures.map(({ name, value, unit, beside, ratio, aim = '' }) => ({
    ...{ figure: name, value: round(value), unit, 'beside it': round(beside), ratio: round(ratio), aim },
  })),
);
if (values.json !== undefined) {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memoryGb: Math.round(totalmem() / 2 ** 30) };
  writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`);
}
