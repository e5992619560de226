// `npm run faults`: people at work while everything beneath them is killed, stopped, cut and repeated; then every promise is checked.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { endWith } from '../../infra/stack/stack.ts';
import { endAll } from '../newsroom.ts';
import { atEachStep, campaign, inTurn, type Outcome, storyOf } from './campaign.ts';
import { strikes } from './striking.ts';

const usage = `npm run faults                        one campaign, of a seed of its own
npm run faults -- --seed 7            the same again
  --count 5          so many campaigns, each of the next seed
  --minutes 30       as many as fit
  --strikes 20       faults in each
  --steps            a process dies at each step of a command's way, instead
  --only 'Kafka is killed'            these alone, as often as it is given: ${Object.keys(strikes).join(', ')}
  --json FILE        writes what came of them
Ends with 0 when nothing was wrong, with 1 when anything was, with 2 for what it does not understand.`;

function asked() {
  try {
    const { values } = parseArgs({
      options: {
        ...{ seed: { type: 'string' }, count: { type: 'string' }, minutes: { type: 'string' } },
        ...{
          strikes: { type: 'string' },
          steps: { type: 'boolean' },
          json: { type: 'string' },
          help: { type: 'boolean' },
        },
        only: { type: 'string', multiple: true },
      },
    });
    const numbers = [values.seed, values.count, values.minutes, values.strikes].filter((one) => one !== undefined);
    const known = values.only?.every((name) => name in strikes) ?? true;
    return known && !values.help && numbers.every((one) => /^\d{1,9}$/.test(one)) ? values : undefined;
  } catch {
    return undefined;
  }
}

const values = asked();
if (!values) {
  console.error(usage);
  process.exit(2);
}
endWith(endAll);
const begun = Date.now();
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const until = values.minutes === undefined ? 0 : begun + Number(values.minutes) * 60_000;
const count = Number(values.count ?? 1);
const outcomes: Outcome[] = [];
while (until > 0 ? Date.now() < until : outcomes.length < count) {
  const options = {
    seed: seed + outcomes.length,
    siege: values.steps ? atEachStep : inTurn(Number(values.strikes ?? 15), values.only),
    clients: 8,
  };
  console.log(`Campaign of seed ${options.seed} …`);
  const outcome = await campaign({
    ...options,
    say: (line) => {
      console.log(`  ${line}`);
    },
  });
  console.log(storyOf(outcome));
  outcomes.push(outcome);
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(outcomes, null, 2)}\n`);
process.exit(outcomes.some(({ faults }) => faults.length > 0) ? 1 : 0);
