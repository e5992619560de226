import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { announcedBy, chainFaults, commandFaults, logs, logOf, timerFaults, topicFaults } from './checking.ts';
import { leaseFaults, noteLeases } from './leases.ts';
import { disagreements, feedFaults, folded, textsOf } from './folding.ts';
import { type Random, randomOf } from './random.ts';
import {
  atRest,
  generationFaults,
  holeFaults,
  newestFaults,
  parkedFaults,
  readModelFaults,
  readTopic,
} from './reading.ts';
import { shownFaults } from './shown.ts';
import { steps } from './steps.ts';
import { asAdmin, LeftOut } from './beneath.ts';
import { dies, strikes } from './striking.ts';
import { Traffic } from './traffic.ts';
import { openVictims, type Victims } from './victims.ts';

/** Strikes while people work, and has each told of. */
type Siege = (
  victims: Victims,
  random: Random,
  told: (name: string, strike: Promise<string> | undefined) => Promise<void>,
) => Promise<void>;
export interface CampaignOptions {
  readonly seed: number;
  readonly siege: Siege;
  /** Clients at work at a time. */
  readonly clients: number;
  /** How long each rests between two stories. */
  readonly restMs?: number;
  readonly say: (line: string) => void;
}
/** In order, with the second at which it was over. */
interface Course {
  readonly struck: string[];
  /** Processes that ended by themselves, as those do that cannot start while Kafka or Postgres is away. */
  ended: readonly string[];
  /** What could not be done. */
  readonly leftOut: string[];
}
export interface Outcome extends Course {
  readonly seed: number;
  /** Commands that were accepted, and such as were refused. */
  readonly accepted: number;
  readonly refused: number;
  /** Events in all logs. */
  readonly events: number;
  /** What must never be, and was; empty when all is well. */
  readonly faults: readonly string[];
}

/** Lets people work while faults strike, then quiet, then looks at everything that was told, logged, sent and shown. Leaves nothing behind. One that cannot go on has come to that. */
export async function campaign(options: CampaignOptions): Promise<Outcome> {
  const course: Course = { struck: [], ended: [], leftOut: [] };
  try {
    const victims = await openVictims({ STET_SHARDS: '3', LOG_LEVEL: 'warn' });
    course.ended = victims.ended;
    try {
      await asAdmin(victims, noteLeases);
      return await besiege(victims, options, course);
    } finally {
      await victims.close();
    }
  } catch (error) {
    const faults = [`it broke off: ${inspect(error)}`];
    return { ...course, seed: options.seed, accepted: 0, refused: 0, events: 0, faults };
  }
}

/** So many faults, one after the other; all kinds unless told which. */
export function inTurn(count: number, only: readonly string[] = Object.keys(strikes)): Siege {
  return async (victims, random, told) => {
    // Each is once at its turn before any strikes again.
    const order: string[] = [];
    for (let at = 0; at < count; at += 1) {
      if (order.length === 0) order.push(...only.toSorted(() => random.next() - 0.5));
      const name = order.pop() ?? '';
      await pause(random.whole(500, 2500));
      await told(name, strikes[name]?.(victims, random));
    }
  };
}

/** One after the other. */
export const both =
  (first: Siege, then: Siege): Siege =>
  async (...all) => {
    await first(...all);
    await then(...all);
  };

/** A process dies at each numbered step: one after the other in a service, all services at once. */
export const atEachStep: Siege = async (victims, _random, told) => {
  const byService = Map.groupBy(Object.keys(steps), (name) => steps[name]?.service);
  const one = async (names: readonly string[]) => {
    for (const name of names) await told('a process dies at a step', dies(victims, name));
  };
  await Promise.all([...byService.values()].map(one));
};

async function besiege(victims: Victims, options: CampaignOptions, course: Course): Promise<Outcome> {
  const { seed, clients, restMs = 0, say, siege } = options;
  const random = randomOf(seed);
  const traffic = new Traffic(victims);
  const working = traffic.run(random.fork(), clients, restMs);
  try {
    await siege(victims, random, teller(course, say));
    await victims.heal();
    await traffic.untilTold();
    await pause(1000);
    traffic.stop();
    say('Quiet.');
    await working;
  } finally {
    traffic.stop();
    await Promise.allSettled([working]);
  }
  await traffic.settle(random);
  const answers = traffic.given.map(({ answer }) => answer?.status ?? 0);
  const found = await check(victims, traffic);
  return {
    ...{ seed, ...course },
    accepted: answers.filter((status) => status >= 200 && status < 300).length,
    refused: answers.filter((status) => status >= 400).length,
    ...found,
  };
}

function teller({ struck, leftOut }: Course, say: (line: string) => void) {
  const start = performance.now();
  const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);
  return async (name: string, strike: Promise<string> | undefined): Promise<void> => {
    const begun = performance.now();
    let into = struck;
    const whom = await strike?.catch((error: unknown) => {
      if (!(error instanceof LeftOut)) throw error;
      into = leftOut;
      return error.message;
    });
    into.push(`${seconds(start)} s: ${name}${whom ? `: ${whom}` : ''} (${seconds(begun)} s)`);
    say(`${into === leftOut ? 'Left out: ' : ''}${into.at(-1) ?? ''}`);
  };
}

async function check(victims: Victims, { given, noticed }: Traffic): Promise<Pick<Outcome, 'events' | 'faults'>> {
  return asAdmin(victims, async (admin) => {
    const unrest = await atRest(admin);
    const gaveUp = victims.ended.filter((one) => one.includes('fault outside of a request'));
    const faults = [...noticed, ...gaveUp, ...unrest, ...(await generationFaults(admin))];
    faults.push(...(await parkedFaults(admin)), ...(await leaseFaults(admin)));
    let events = 0;
    for (const log of logs) {
      const { id, rows } = await logOf(admin, log);
      events += rows.length;
      faults.push(...chainFaults(log, id, rows), ...commandFaults(log, rows, given));
      if (log === 'publication') faults.push(...timerFaults(rows));
    }
    const { brokers } = victims.newsroom.stack;
    const read = (topic: string) => readTopic(brokers, `stet.${topic}`);
    const [feed, ...own] = await Promise.all([read('feed'), read('drafting'), read('publication'), read('moderation')]);
    const topics = { drafting: own[0], publication: own[1], moderation: own[2] };
    const { lost } = victims;
    for (const log of logs)
      faults.push(...topicFaults(log, await announcedBy(admin, log, 'internal'), topics[log], lost.has(log)));
    faults.push(...topicFaults('feed', await announcedBy(admin, 'publication', 'public'), feed, lost.has('feed')));
    const articles = folded(topics);
    faults.push(...disagreements(articles), ...feedFaults(articles, feed), ...(await newestFaults(brokers, feed)));
    faults.push(...(await shownFaults(victims, articles, textsOf(given))), ...(await holeFaults(victims)));
    if (unrest.length === 0) faults.push(...(await readModelFaults(victims, admin)));
    return { events, faults };
  });
}

/** What there is to tell of a campaign, the shortest way. */
export function storyOf({ seed, struck, ended, leftOut, accepted, refused, events, faults }: Outcome): string {
  const strikes = `${struck.length} faults${leftOut.length > 0 ? ` (${leftOut.length} left out)` : ''}`;
  const again = ended.length > 0 ? `, ${ended.length} processes started again` : '';
  const counts = `${accepted} commands accepted, ${refused} refused, ${events} events, ${strikes}${again}`;
  if (faults.length === 0) return `Seed ${seed}: ${counts}; nothing lost, doubled, reordered or invented.`;
  const more = faults.length > 10 ? [`… and ${faults.length - 10} more`] : [];
  const strange = ended.length > 0 ? ['What ended by itself:', ...ended] : [];
  const story = [...faults.slice(0, 10), ...more, 'What struck:', ...struck, ...strange];
  return [`Seed ${seed}: ${counts}; WRONG:`, ...story].join('\n  ');
}
