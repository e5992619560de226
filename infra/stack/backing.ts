import { rmSync } from 'node:fs';
import { kafkaJars, findJava } from './jars.ts';
import { type Home, openHome } from './home.ts';
import { type Kafka, type Runtime, startKafka } from './kafka.ts';
import { tryLock } from './lock.ts';
import { requireFree } from './ports.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Launched, tail } from './processes.ts';
import type { Report } from './report.ts';
import { close, stopRecorded } from './stopping.ts';
import { Trouble } from './trouble.ts';

/** A home that this process alone works in, until it leaves. */
export interface Ground {
  readonly home: Home;
  readonly report: Report;
  /** Stops everything started here, in order, and lets go of the home. */
  readonly leave: () => Promise<void>;
}

/** Takes possession of a data folder: checks it, makes sure nobody else is using it, and ends what an earlier run left behind. */
export async function enter(path: string, report: Report): Promise<Ground> {
  const home = openHome(path);
  const lock = tryLock(`${home.path}/launcher.lock`, 'running Stet');
  if (typeof lock !== 'function') {
    throw new Trouble(
      `Stet already runs on ${home.path} (process ${lock.pid}): stop it with kill ${lock.pid}, or set STET_HOME and the ports to have another beside it.`,
    );
  }
  await stopRecorded(home, (line) => {
    report.say(`${line} (left behind by an earlier run)`);
  });
  let left: Promise<void> | undefined;
  return {
    home,
    report,
    // Once only: a signal may ask for it while a failed start is already at it.
    leave: () => (left ??= close(home, report.say).then(lock)),
  };
}

/** Removes a throwaway data folder whose owner is gone, and what it left running. */
export async function sweep(path: string, report: Report): Promise<void> {
  const ground = await enter(path, report);
  await ground.leave();
  rmSync(path, { recursive: true, force: true });
}

export interface BackingOptions {
  /** The data folder. */
  readonly home: string;
  readonly postgresPort: number;
  readonly kafkaPort: number;
  readonly report: Report;
  /** Data that are thrown away: Postgres does not wait for the disk. */
  readonly throwaway?: boolean;
}

/** A Postgres and a Kafka of our own, empty or with what was in them before. */
export interface Backing {
  readonly home: Home;
  /** Connects to the database `stet` as the owner of everything. */
  readonly adminUrl: string;
  readonly brokers: string;
  /** Says which of the two has ended, and how, if one does by itself. */
  readonly failed: Promise<string>;
  /** Stops Kafka, then Postgres; the data stay. */
  readonly stop: () => Promise<void>;
}

/** Starts both side by side. Throws a Trouble, with nothing left running, when one of them cannot start. */
export async function startBacking(options: BackingOptions): Promise<Backing> {
  const { report, throwaway = false } = options;
  const ground = await enter(options.home, report);
  try {
    await requireFree([postgresPort(options.postgresPort), ...kafkaPorts(options.kafkaPort)]);
    const runtime = await kafkaRuntime(ground);
    const [postgres, kafka] = await Promise.all([
      ownPostgres(ground, { port: options.postgresPort, throwaway }),
      ownKafka(ground, { ...runtime, port: options.kafkaPort }),
    ]);
    return {
      home: ground.home,
      adminUrl: postgres.adminUrl,
      brokers: kafka.brokers,
      failed: firstToEnd([postgres.process, kafka.process]),
      stop: ground.leave,
    };
  } catch (error) {
    await ground.leave();
    throw error;
  }
}

export const postgresPort = (port: number) => ({ port, of: 'Postgres', variable: 'POSTGRES_PORT' });

export const kafkaPorts = (port: number) => [
  { port, of: 'Kafka', variable: 'KAFKA_PORT' },
  { port: port + 1, of: "Kafka's controller, KAFKA_PORT + 1", variable: 'KAFKA_PORT' },
];

export const ownPostgres = (ground: Ground, how: { port: number; throwaway: boolean }): Promise<Postgres> =>
  ground.report.step('Starting Postgres', () => startPostgres(ground.home, how));

/** What the broker runs on. Asked for before anything is started: the machine may lack it. */
export async function kafkaRuntime({ home, report }: Ground): Promise<Runtime> {
  const java = await findJava();
  return { java, jars: await kafkaJars(report, home.logs) };
}

export const ownKafka = ({ home, report }: Ground, how: Runtime & { port: number }): Promise<Kafka> =>
  report.step('Starting Kafka', () => startKafka(home, how));

/** Which of these ended first, in words. */
export const firstToEnd = (processes: readonly Launched[]): Promise<string> =>
  Promise.race(
    processes.map(async ({ name, log, ended }) => {
      const how = await ended;
      const full = tail(log, 60).includes('No space left on device');
      return `${name} ${how}${full ? ' because the disk is full' : ''}: see ${log}.`;
    }),
  );
