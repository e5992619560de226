// `npm run bench`: what Stet costs, as ratios against what the parts beneath can do, in one run on one machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { toTerminal } from '../../infra/stack/stack.ts';
import { writeDocument } from './document.ts';
import { type Figure, row } from './figures.ts';
import { measure, names } from './sections.ts';

const help = `npm run bench -- [options]
  --only NAME,…    some of the sections: pages, appends, relay, commands, latency, drift, drafting, memory, sustained, rebuild, start, growth
  --json FILE      writes the figures as well
  --long           growth to ten million events instead of one
  --quick          short rounds and small numbers: shows that everything works; the figures mean nothing
  --document FILE  measures nothing, puts the figures of such a file into docs/performance.md`;
const { values } = parseArgs({
  options: {
    ...{ only: { type: 'string' }, json: { type: 'string' }, document: { type: 'string' } },
    ...{ long: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
  },
});

async function measureAll(): Promise<void> {
  const wanted = values.only?.split(',') ?? names;
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no section ${unknown}; there are ${names.join(', ')}.`);
  const { quick = false, long = false } = values;
  const figures: Figure[] = [];
  await measure(
    wanted,
    quick ? { rounds: 1, seconds: 1, share: 0.02, long } : { rounds: 3, seconds: 3, share: 1, long },
    (found) => {
      figures.push(...found);
      for (const one of found) {
        const { figure, measured, 'beside it': beside, ratio, aim, met } = row(one);
        const against = beside && ` beside ${beside}, ratio ${ratio}`;
        toTerminal.say(`  ${figure}: ${measured}${against}${aim && ` (aim: ${aim}; met: ${met})`}`);
      }
    },
  );
  console.table(figures.map(row));
  if (values.json === undefined) return;
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memoryGb: Math.round(totalmem() / 2 ** 30) };
  writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`);
}

if (values.help) console.log(help);
else if (values.document === undefined) await measureAll();
else await writeDocument((JSON.parse(readFileSync(values.document, 'utf8')) as { figures: Figure[] }).figures);
