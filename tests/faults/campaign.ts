import pg from 'pg';
import { announcedBy, chainFaults, commandFaults, logs, logOf, topicFaults } from './checking.ts';
import { randomOf } from './random.ts';
import {
  atRest,
  countFaults,
  generationFaults,
  holeFaults,
  parkedFaults,
  readModelFaults,
  readTopic,
  timerFaults,
} from './reading.ts';
import { strikes } from './striking.ts';
import { Traffic } from './traffic.ts';
import { openVictims, type Victims } from './victims.ts';

export interface CampaignOptions {
  readonly seed: number;
  /** How many faults strike, one after the other. */
  readonly strikes: number;
  /** Clients at work at a time. */
  readonly clients: number;
  /** Which strikes, by name; all unless told. */
  readonly only?: readonly string[] | undefined;
  readonly say: (line: string) => void;
}
export interface Outcome {
  readonly seed: number;
  /** What struck, in order, with the second that it began at. */
  readonly struck: readonly string[];
  /** Commands that were accepted, and such as were refused. */
  readonly accepted: number;
  readonly refused: number;
  /** Events in all logs. */
  readonly events: number;
  /** What must never be, and was; empty when all is well. */
  readonly faults: readonly string[];
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Lets people work while faults strike, then quiet, then looks at everything that was told, logged, sent and shown. Leaves nothing behind. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const victims = await openVictims({ STET_SHARDS: '3', LOG_LEVEL: 'warn' });
  try {
    return await besiege(victims, options);
  } finally {
    await victims.close();
  }
}

async function besiege(victims: Victims, { seed, clients, say, ...options }: CampaignOptions): Promise<Outcome> {
  const random = randomOf(seed);
  const traffic = new Traffic(victims);
  const working = traffic.run(random.fork(), clients);
  const begun = Date.now();
  const struck: string[] = [];
  const names = Object.keys(strikes).filter((name) => options.only?.includes(name) ?? true);
  // Each is once at its turn before any strikes again.
  const order: string[] = [];
  for (let count = 0; count < options.strikes; count += 1) {
    if (order.length === 0) order.push(...names.toSorted(() => random.next() - 0.5));
    const name = order.pop() ?? '';
    await pause(random.whole(500, 2500));
    const second = ((Date.now() - begun) / 1000).toFixed(1);
    const whom = (await strikes[name]?.(victims, random)) ?? '';
    struck.push(`${second} s: ${name}${whom && `: ${whom}`}`);
    say(struck.at(-1) ?? '');
  }
  await pause(1000);
  traffic.stop();
  say('Quiet.');
  await victims.heal();
  await working;
  await traffic.settle(random);
  const answers = traffic.given.map(({ answer }) => answer?.status ?? 0);
  const found = await check(victims, traffic);
  return {
    ...{ seed, struck },
    accepted: answers.filter((status) => status >= 200 && status < 300).length,
    refused: answers.filter((status) => status >= 400).length,
    ...found,
  };
}

async function check(victims: Victims, { given, noticed }: Traffic): Promise<Pick<Outcome, 'events' | 'faults'>> {
  const { adminUrl } = victims.newsroom.stack;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const unrest = await atRest(admin);
    const faults = [...noticed, ...unrest, ...(await generationFaults(admin))];
    faults.push(...(await parkedFaults(admin)), ...(await timerFaults(admin)));
    let events = 0;
    for (const log of logs) {
      const { id, rows } = await logOf(admin, log);
      events += rows.length;
      faults.push(...chainFaults(log, id, rows), ...commandFaults(log, rows, given));
    }
    faults.push(...(await sentFaults(victims, admin)));
    faults.push(...(await countFaults(victims, admin)), ...(await holeFaults(victims)));
    if (unrest.length === 0) faults.push(...(await readModelFaults(victims, admin)));
    return { events, faults };
  } finally {
    await admin.end();
  }
}

async function sentFaults({ newsroom }: Victims, admin: pg.Client): Promise<string[]> {
  const found: string[] = [];
  for (const log of logs)
    found.push(
      ...topicFaults(
        log,
        await announcedBy(admin, log, 'internal'),
        await readTopic(newsroom.stack.brokers, `stet.${log}`),
      ),
    );
  const out = await announcedBy(admin, 'publication', 'public');
  return [...found, ...topicFaults('feed', out, await readTopic(newsroom.stack.brokers, 'stet.feed'))];
}

/** What there is to tell of a campaign, the shortest way. */
export function storyOf({ seed, struck, accepted, refused, events, faults }: Outcome): string {
  const counts = `${accepted} commands accepted, ${refused} refused, ${events} events, ${struck.length} faults`;
  if (faults.length === 0) return `Seed ${seed}: ${counts}; nothing lost, doubled, reordered or invented.`;
  const more = faults.length > 10 ? [`… and ${faults.length - 10} more`] : [];
  return [`Seed ${seed}: ${counts}; WRONG:`, ...faults.slice(0, 10), ...more, 'What struck:', ...struck].join('\n  ');
}
