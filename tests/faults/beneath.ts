import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Random } from './random.ts';
import type { Victims } from './victims.ts';

/** Does its harm and undoes it; answers what exactly it was. Throws LeftOut where there was none to do. */
export type Strike = (victims: Victims, random: Random) => Promise<string>;
/** Nothing was struck, and why. */
export class LeftOut extends Error {}
/** How many were struck, if any were. */
export function some(count: number, what: string): string {
  if (count === 0) throw new LeftOut('there were none');
  return `${count} ${what}`;
}

export async function asAdmin<T>({ newsroom }: Victims, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = await adminOf(newsroom.stack.adminUrl);
  try {
    return await work(admin);
  } finally {
    await admin.end().catch(() => undefined);
  }
}
async function adminOf(connectionString: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString });
  admin.on('error', () => undefined);
  await admin.connect();
  return admin;
}

const logs = ['drafting', 'publication', 'moderation'] as const;
const cutAll = `select pg_terminate_backend(pid) from pg_stat_activity where usename like 'stet_%'`;
const someWay = ({ ways }: Victims, random: Random) => {
  const name = random.pick<'Postgres' | 'Kafka'>(['Postgres', 'Kafka']);
  return { name, way: ways[name] };
};
const heldOpen = (victims: Victims, log: string, ms: number) =>
  asAdmin(victims, async (admin) => {
    await admin.query(`begin; select from ${log}.head for update`);
    await pause(ms);
    await admin.query('rollback');
    return `${log} for ${ms} ms`;
  });
/** No file may grow, as on a disk that is full. Only so that it can be taken back. A server first: of those that it has started, some end meanwhile. */
function limitFiles(pids: readonly number[], bytes: string): boolean {
  const [isLimited] = pids.map((pid) => spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]).status === 0);
  return isLimited === true;
}

/** What may befall Postgres, Kafka, and the network between them and the services, by the name that a story of it uses. */
export const beneath: Readonly<Record<string, Strike>> = {
  async 'Postgres is restarted at once'(victims, random) {
    await victims.restart('postgres', 'SIGQUIT', random.whole(0, 1000));
    return '';
  },
  'connections to Postgres are cut': (victims) =>
    asAdmin(victims, async (admin) => some((await admin.query(cutAll)).rowCount ?? 0, 'of them')),
  async 'Postgres has no connection left'(victims, random) {
    const held: pg.Client[] = [];
    const takeAll = async () => {
      for (;;) {
        const taken = await adminOf(victims.newsroom.stack.adminUrl).catch(() => undefined);
        if (!taken) return;
        held.push(taken);
      }
    };
    await takeAll();
    // Whatever a service lets go of is taken as well.
    await held[0]?.query(cutAll).catch(() => undefined);
    await takeAll();
    await pause(random.whole(1000, 4000));
    await Promise.all(held.map((one) => one.end().catch(() => undefined)));
    return some(held.length, 'taken');
  },
  'a transaction is left open on a log': (victims, random) =>
    heldOpen(victims, random.pick(logs), random.whole(500, 4000)),
  // Ten seconds is what a statement may take.
  'statements take too long': (victims, random) => heldOpen(victims, random.pick(logs), random.whole(10_500, 14_000)),
  async 'Kafka is killed'(victims, random) {
    await victims.restart('kafka', 'SIGKILL', random.whole(0, 2000));
    return '';
  },
  async 'Kafka stands still'(victims, random) {
    const ms = random.next() < 0.7 ? random.whole(1000, 6000) : random.whole(6000, 40_000);
    victims.signal('kafka', 'SIGSTOP');
    await pause(ms);
    victims.signal('kafka', 'SIGCONT');
    return `for ${ms} ms`;
  },
  async 'a disk refuses writes'(victims, random) {
    const name = random.pick(['postgres', 'kafka']);
    const ms = random.whole(500, 3000);
    if (!limitFiles(victims.pids(name), '4096')) throw new LeftOut('not on this machine');
    await pause(ms);
    // Either may have given up by now.
    await victims.restart(name, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL', 0);
    return `that of ${name}, for ${ms} ms`;
  },
  async 'the network is cut'(victims, random) {
    const { name, way } = someWay(victims, random);
    const ms = random.whole(0, 4000);
    await way.cut(ms);
    return `to ${name} for ${ms} ms`;
  },
  async 'the network stands still'(victims, random) {
    const { name, way } = someWay(victims, random);
    const ms = random.whole(1000, 20_000);
    await way.stall(ms);
    return `to ${name} for ${ms} ms`;
  },
  async 'the network is slow'(victims, random) {
    const { name, way } = someWay(victims, random);
    const by = random.whole(20, 300);
    await way.slow(random.whole(2000, 6000), by);
    return `to ${name} by ${by} ms each way`;
  },
  // A relay waits for half of its lease, which is 10 s.
  async 'Kafka takes what is sent, and nobody is told so'({ ways }, random) {
    const ms = random.whole(2000, 12_000);
    return `${some(await ways.Kafka.keepBackAcks(ms), 'producers')} for ${ms} ms`;
  },
  async 'connections are half open'(victims, random) {
    const { name, way } = someWay(victims, random);
    return Promise.resolve(some(way.halfOpen(), `to ${name}`));
  },
};
