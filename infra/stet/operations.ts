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

const pathOf = (number: string, wish = '') => `/operations/parked/${encodeURIComponent(number)}${wish}`;
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
  rebuild: {
    operands: ['READ-MODEL'],
    about: 'builds a read model anew from the topics',
    run: async (ground, [readModel = '']) =>
      answered(await ask(ground, 'reading', '/operations/rebuild', { readModel })),
  },
};
