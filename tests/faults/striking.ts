import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { asAdmin, beneath, LeftOut, some, type Strike } from './beneath.ts';
import { losing } from './losing.ts';
import { steps } from './steps.ts';
import type { Victims } from './victims.ts';

const logs = ['drafting', 'publication', 'moderation'] as const;

/** Everything that may befall the system, by the name that a story of it uses. */
export const strikes: Readonly<Record<string, Strike>> = {
  ...{ ...beneath, ...losing },
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
    const ms = random.next() < 0.8 ? random.whole(1000, 14_000) : random.whole(14_000, 60_000);
    victims.signal(name, 'SIGSTOP');
    await pause(ms);
    victims.signal(name, 'SIGCONT');
    return `${name} for ${ms} ms`;
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
  // Their lease ends again and again, and each time both of them are woken to take it and to fire what is due.
  'two processes fire timers': (victims, random) =>
    asAdmin(victims, async (admin) => {
      const times = random.whole(5, 10);
      for (let at = 0; at < times; at += 1) {
        await admin.query(
          `update publication.timer_lease set expires_at = '-infinity'; notify stet_timers_publication`,
        );
        await pause(random.whole(50, 600));
      }
      return `the lease ended ${times} times`;
    }),
  async 'readers come and go'(victims, random) {
    const times = random.whole(3, 5);
    for (let at = 0; at < times; at += 1)
      await victims.restart(random.pick(['reading', 'reading-2', 'moderation-2']), 'SIGTERM', random.whole(0, 300));
    return `${times} times`;
  },
  'read models are built anew beside those that serve': (victims) => rebuilt(victims),
  async 'events cannot be applied, and are tried again'(victims, random) {
    const reader = random.pick(readers);
    const parked = await poisoned(victims, reader);
    await applied(victims, reader);
    return some(parked, `by ${reader}`);
  },
  async 'a process dies at a step'(victims, random) {
    const [first = '', ...rest] = Object.keys(steps);
    return dies(victims, random.pick([first, ...rest]));
  },
};

interface Wish {
  readonly in?: Reader;
  readonly readModel?: string;
}
/** Has done what an operator can do, however often one has to ask. Answers whether it was. */
async function operated({ newsroom }: Victims, path: string, { in: service = 'reading', ...body }: Wish = {}) {
  const operator = newsroom.as('operator', 'omar');
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const reply = await operator.post(service, `/operations/${path}`, body).catch(() => undefined);
    if (reply?.status === 202) return true;
    await pause(200);
  }
  return false;
}

/** All read models, or one: another generation of it, not one that is under way already. */
const rebuilt = (victims: Victims, one: { readModel?: string } = {}) =>
  asAdmin(victims, async (admin) => {
    const underWay = `select from reading.projection_version where state in ('building', 'alike') and projection = $1`;
    for (const deadline = Date.now() + 30_000; one.readModel !== undefined && Date.now() < deadline;) {
      if (!(await admin.query(underWay, [one.readModel])).rowCount) break;
      await pause(200);
    }
    // To ask again would drop it, and nobody would ever know.
    const { rowCount: failed } = await admin.query(`select from reading.projection_version where state = 'failed'`);
    if (failed) throw new LeftOut('not while one has failed');
    if (!(await operated(victims, 'rebuild', one))) throw new LeftOut('not answered');
    return '';
  });

/** Who sets aside what it cannot apply: a read model, or a reaction. */
const readers = ['reading', 'moderation'] as const;
type Reader = (typeof readers)[number];
/** What each is made unable to write: every other article in its history, and whether it may be written to. */
const poisons: Readonly<Record<Reader, (admin: pg.Client) => Promise<{ table: string; check: string }>>> = {
  async reading(admin) {
    const { rows } = await admin.query<{ version: number }>(
      `select version from reading.projection_version where projection = 'article_history' and serving`,
    );
    const table = `article_history_v${rows[0]?.version ?? 1}.article_event`;
    return { table, check: 'hashtext(article_id::text) % 2 = 0' };
  },
  moderation: () =>
    Promise.resolve({ table: 'moderation.event', check: `stream not like 'thread-%' or hashtext(stream) % 2 = 0` }),
};

/** For a while something cannot be written, so that some of it is set aside. Answers how much. */
const poisoned = (victims: Victims, reader: Reader) =>
  asAdmin(victims, async (admin) => {
    const { table, check } = await poisons[reader](admin);
    await admin.query(`alter table ${table} add constraint poison check (${check}) not valid`);
    const deadline = Date.now() + 60_000;
    while ((await parkedNow(admin, reader)) === 0 && Date.now() < deadline) await pause(100);
    await pause(500);
    await admin.query(`alter table ${table} drop constraint poison`);
    return parkedNow(admin, reader);
  });

async function parkedNow(admin: pg.Client, reader: Reader): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(`select count(*)::int as count from ${reader}.parked`);
  return rows[0]?.count ?? 0;
}

/** What was set aside is tried again, until nothing is: a batch that was under way may set aside more. */
const applied = (victims: Victims, reader: Reader) =>
  asAdmin(victims, async (admin) => {
    const deadline = Date.now() + 60_000;
    do {
      await operated(victims, 'parked/retry', { in: reader });
      await pause(2000);
    } while ((await parkedNow(admin, reader)) > 0 && Date.now() < deadline);
  });

/** One of the processes dies at this step, once all that it takes was brought about. */
export async function dies(victims: Victims, step: string): Promise<string> {
  const { needs, service } = steps[step] ?? {};
  const reader = readers.find((one) => one === service) ?? 'reading';
  if (needs === 'a parked key') await poisoned(victims, reader);
  const struck = victims.dieAt(step, 150_000);
  let whom: string | undefined;
  try {
    if (needs === 'a parked key') await applied(victims, reader);
    // One that has read something by now: nobody may have published anything yet.
    if (needs === 'a rebuild') await rebuilt(victims, { readModel: 'newsroom_board' });
  } finally {
    // The next step is not asked for while this one is.
    whom = await struck;
  }
  if (whom === undefined) throw new LeftOut(`${step}: nobody came to it`);
  return `${step}: ${whom}`;
}
