import { setTimeout as pause } from 'node:timers/promises';
import type { Service } from '../postgres/migrate.ts';
import { services } from '../stack/services.ts';
import { ask } from './asking.ts';
import { type Command, table, Wrong } from './command.ts';
import type { Ground } from './ground.ts';

interface Parked {
  readonly number: string;
  readonly reader: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly reason: string;
  readonly wish: string | null;
}
const pageSize = 100;
/** Seconds after which what the checker says is not about now. */
const oldLook = 30;
const lookEveryMs = 250;

function serviceNamed(name: string): Service {
  const found = services.find((service) => service === name);
  if (!found) throw new Wrong(`There is no service ${name}: it is one of ${services.join(', ')}.`);
  return found;
}

async function parkedIn(ground: Ground, service: Service): Promise<Parked[]> {
  const all: Parked[] = [];
  for (let cursor = ''; ;) {
    const path = `/operations/parked?limit=${pageSize}${cursor}`;
    const { items } = await ask<{ items: Parked[] }>(ground, service, path);
    all.push(...items);
    const last = items.at(-1);
    if (items.length < pageSize || !last) return all;
    cursor = `&cursor=${last.number}`;
  }
}

interface Hole {
  readonly why: string;
  readonly where: string;
  readonly service: string;
  readonly shard: number;
  readonly position: string;
  readonly article: string;
  readonly type: string;
  readonly detail: string;
}
const holeLine = ({ why, where, service, shard, position, type, article, detail }: Hole) => [
  ...[why, where, `${service}/${shard} ${position}`, type, article, detail],
];

interface Generation {
  readonly readModel: string;
  readonly version: number;
  readonly state: string;
  readonly serving: boolean;
  readonly done: number;
  readonly of: number;
  readonly perSecond: number | null;
  readonly secondsLeft: number | null;
}
const generationsOf = async (ground: Ground) =>
  (await ask<{ generations: Generation[] }>(ground, 'reading', '/operations/generations')).generations;
const howFar = ({ done, of, secondsLeft }: Generation) =>
  `${done} of ${of} events${secondsLeft === null ? '' : `, ${secondsLeft} s left`}`;
const generationLine = (one: Generation) => [
  ...[one.readModel, `v${one.version}`, one.serving ? 'serves' : one.state, howFar(one)],
];

/** Waits until what is built serves, or has come to something else than what serves. */
async function built(ground: Ground, begun: readonly Pick<Generation, 'readModel' | 'version'>[]) {
  for (;;) {
    const all = await generationsOf(ground);
    const own = all.filter((one) => begun.some((of) => of.readModel === one.readModel && of.version === one.version));
    const waits = own.find(({ serving, state }) => !serving && state !== 'failed');
    if (!waits) return own;
    ground.progress(`${waits.readModel} v${waits.version} is ${waits.state}: ${howFar(waits)}`);
    await pause(lookEveryMs);
  }
}

const pathOf = (number: string, wish = '') => `/operations/parked/${encodeURIComponent(number)}${wish}`;
const generationPath = (readModel: string, version: string, wish: string) =>
  `/operations/generations/${encodeURIComponent(readModel)}/${encodeURIComponent(version)}/${wish}`;
const answered = (json: unknown) => ({ lines: [JSON.stringify(json, null, 2)], json, wrong: false });

/** What can be asked of the services alone, which must run. */
export const operations: Readonly<Record<string, Command>> = {
  parked: {
    operands: [],
    about: 'what could not be applied, in every service',
    async run(ground) {
      const parked: (Parked & { service: Service })[] = [];
      for (const service of services)
        for (const one of await parkedIn(ground, service)) parked.push({ service, ...one });
      const rows = parked.map(({ service, number, reader, type, key, reason, wish }) => [
        ...[service, number, reader, type, key, wish === null ? '' : `(${wish} is asked for)`, reason],
      ]);
      const lines = rows.length > 0 ? table(rows) : ['Nothing is parked.'];
      return { lines, json: { parked }, wrong: parked.length > 0 };
    },
  },
  'parked show': {
    operands: ['SERVICE', 'NUMBER'],
    about: 'one of them whole, and what was wished for it',
    run: async (ground, [service = '', number = '']) =>
      answered(await ask(ground, serviceNamed(service), pathOf(number))),
  },
  'parked retry': {
    operands: ['SERVICE', 'NUMBER'],
    about: 'has it tried again',
    run: async (ground, [service = '', number = '']) =>
      answered(await ask(ground, serviceNamed(service), pathOf(number, '/retry'), {})),
  },
  'parked skip': {
    operands: ['SERVICE', 'NUMBER', 'REASON'],
    about: 'leaves it out for good',
    run: async (ground, [service = '', number = '', reason = '']) =>
      answered(await ask(ground, serviceNamed(service), pathOf(number, '/skip'), { reason })),
  },
  holes: {
    operands: [],
    about: 'events that did not come to where they should be: on topics, in other services, in read models',
    async run(ground) {
      const json = await ask<{ checkedSecondsAgo: number; holes: Hole[]; parked: Hole[] }>(
        ...([ground, 'reading', '/operations/holes'] as const),
      );
      const { checkedSecondsAgo: ago, holes, parked } = json;
      const all = [...holes, ...parked].map(holeLine);
      const looked = `Looked ${Math.round(ago)} s ago.`;
      const isOld = ago > oldLook;
      return {
        lines: [...(all.length > 0 ? table(all) : ['There are no holes.']), looked],
        ...{ json, wrong: all.length > 0 || isOld },
      };
    },
  },
  generations: {
    operands: [],
    about: 'what each read model has in tables: what serves, is built, failed or is kept',
    async run(ground) {
      const generations = await generationsOf(ground);
      const wrong = generations.some(({ state }) => state === 'failed');
      return { lines: table(generations.map(generationLine)), json: { generations }, wrong };
    },
  },
  rebuild: {
    operands: ['READ-MODEL'],
    about: 'builds a read model anew from the topics, beside what serves, and waits until it serves',
    async run(ground, [readModel = '']) {
      const path = '/operations/rebuild';
      const { rebuilding } = await ask<{ rebuilding: Generation[] }>(ground, 'reading', path, { readModel });
      const generations = await built(ground, rebuilding);
      const wrong = !generations.every(({ serving }) => serving);
      return { lines: table(generations.map(generationLine)), json: { generations }, wrong };
    },
  },
  serve: {
    operands: ['READ-MODEL', 'VERSION'],
    about: 'lets a generation that is kept serve again: the way back',
    run: async (ground, [readModel = '', version = '']) =>
      answered(await ask(ground, 'reading', generationPath(readModel, version, 'serve'), {})),
  },
  drop: {
    operands: ['READ-MODEL', 'VERSION'],
    about: 'drops the tables of a generation that does not serve',
    run: async (ground, [readModel = '', version = '']) =>
      answered(await ask(ground, 'reading', generationPath(readModel, version, 'drop'), {})),
  },
};
