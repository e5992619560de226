import pg from 'pg';
import type { Random } from './random.ts';
import type { Victims } from './victims.ts';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const logs = ['drafting', 'publication', 'moderation'] as const;

/** Does its harm and undoes it; answers what exactly it was. */
type Strike = (victims: Victims, random: Random) => Promise<string>;

async function asAdmin<T>({ newsroom }: Victims, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: newsroom.stack.adminUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end().catch(() => undefined);
  }
}

/** Everything that may befall the system, by the name that a story of it uses. */
export const strikes: Readonly<Record<string, Strike>> = {
  async 'a process is killed'(victims, random) {
    const name = random.pick(victims.names);
    await victims.restart(name, 'SIGKILL', random.whole(0, 2000));
    return name;
  },
  async 'both processes of a service are killed'(victims, random) {
    const service = random.pick(['drafting', 'publication', 'moderation', 'reading']);
    await Promise.all([service, `${service}-2`].map((name) => victims.restart(name, 'SIGKILL', random.whole(0, 1000))));
    return service;
  },
  async 'a process stands still, then goes on as if nothing had been'(victims, random) {
    const name = random.pick(victims.names);
    const ms = random.whole(1000, 14_000);
    victims.signal(name, 'SIGSTOP');
    await pause(ms);
    victims.signal(name, 'SIGCONT');
    return `${name} for ${ms} ms`;
  },
  async 'Postgres is restarted at once'(victims, random) {
    await victims.restart('postgres', 'SIGQUIT', random.whole(0, 1000));
    return '';
  },
  'connections to Postgres are cut': (victims) =>
    asAdmin(victims, async (admin) => {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename like 'stet_%'`,
      );
      return `${rowCount ?? 0} of them`;
    }),
  'a transaction is left open on a log': (victims, random) =>
    asAdmin(victims, async (admin) => {
      const log = random.pick(logs);
      await admin.query(`begin; select from ${log}.head for update`);
      await pause(random.whole(500, 4000));
      await admin.query('rollback');
      return log;
    }),
  async 'Kafka is killed'(victims, random) {
    await victims.restart('kafka', 'SIGKILL', random.whole(0, 2000));
    return '';
  },
  async 'Kafka stands still'(victims, random) {
    const ms = random.whole(1000, 6000);
    victims.signal('kafka', 'SIGSTOP');
    await pause(ms);
    victims.signal('kafka', 'SIGCONT');
    return `for ${ms} ms`;
  },
  'a relay sends everything again': (victims, random) =>
    asAdmin(victims, async (admin) => {
      const log = random.pick(logs);
      await admin.query(`update ${log}.relay_cursor set position = 0`);
      return log;
    }),
  'two relays are at work': (victims, random) =>
    asAdmin(victims, async (admin) => {
      const log = random.pick(logs);
      await admin.query(`update ${log}.relay_lease set expires_at = '-infinity'`);
      return log;
    }),
  'read models are built anew beside those that serve': (victims) =>
    asAdmin(victims, async (admin) => {
      // To ask again would drop it, and nobody would ever know.
      const { rowCount: failed } = await admin.query(`select from reading.projection_version where state = 'failed'`);
      if (failed) return 'not while one has failed';
      const operator = victims.newsroom.as('operator', 'omar');
      for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(200)) {
        const reply = await operator.post('reading', '/operations/rebuild').catch(() => undefined);
        if (reply?.status === 202) return '';
      }
      return 'not answered';
    }),
};
