import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Home } from './home.ts';
import { end, lastLine, launch, type Launched, runTool, tail } from './processes.ts';
import { Trouble } from './trouble.ts';

// 3 s is usual; a broker that was killed checks its segments first.
const readyWithinMs = 90_000;

export interface Runtime {
  /** The command. */
  readonly java: string;
  /** The folder of the broker's jars. */
  readonly jars: string;
}

export interface Kafka {
  readonly brokers: string;
  readonly process: Launched;
}

/** One broker that is also its controller, listening on `port`, with the controller's port right after it. */
function properties(port: number, data: string): string {
  const listeners = `PLAINTEXT://127.0.0.1:${port}`;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${port + 1}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${listeners},CONTROLLER://127.0.0.1:${port + 1}`,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': data,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // For ever: how far the compacted topic was written stands there, and a stack may be left alone for longer than a week.
    'offsets.retention.minutes': 2 ** 31 - 1,
    'auto.create.topics.enable': false,
    // After a kill -9 the broker may register again only when its session before has run out; 9 s unless told.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    // The largest batch that the relay sends; topics declare the same.
    'message.max.bytes': 8 * 1024 * 1024,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

// Without one Kafka logs errors only; its own default writes several files.
const logging = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
`;

/** Starts the broker on the data of this home, making them when there are none, and answers when it knows itself. */
export async function startKafka(home: Home, how: Runtime & { port: number }): Promise<Kafka> {
  const data = `${home.data}/kafka`;
  if (!existsSync(data)) await format(home, how, data);
  if (!existsSync(classesOf(how))) await rehearse(home, how);
  return { brokers: `127.0.0.1:${how.port}`, process: await launchBroker(home, how) };
}

async function launchBroker(home: Home, how: Runtime & { port: number }, more: readonly string[] = []) {
  const settings = `${home.data}/kafka.properties`;
  const log4j = `${home.data}/kafka-log4j2.properties`;
  writeFileSync(settings, properties(how.port, `${home.data}/kafka`));
  writeFileSync(log4j, logging);
  // 384 MB: a broker for one machine, beside everything else that runs there.
  const memory = ['-Xmx384m', `-Dlog4j2.configurationFile=${log4j}`];
  const args = [...virtualMachine(how), ...more, ...memory, 'kafka.Kafka', settings];
  const started = await launch(home, { name: 'kafka', command: how.java, args });
  await waitUntilReady(started, how.port);
  return started;
}

/** The classes that a broker loads, as the virtual machine has them in memory. With it every later one starts with half the work. */
const classesOf = ({ jars }: Runtime) => `${jars}.broker.jsa`;
const virtualMachine = (how: Runtime) => [
  ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${how.jars}/*`],
  // One that does not fit, of another Java, is passed over.
  ...(existsSync(classesOf(how)) ? [`-XX:SharedArchiveFile=${classesOf(how)}`] : []),
];

/** The first broker of a checkout writes down what it has loaded when it ends, which takes it some seconds: so it ends as soon as it is ready. */
async function rehearse(home: Home, how: Runtime & { port: number }): Promise<void> {
  const archive = `${how.jars}.${process.pid}.jsa`;
  const broker = await launchBroker(home, how, [`-XX:ArchiveClassesAtExit=${archive}`]);
  await end(broker, 'SIGTERM', readyWithinMs);
  // Cut short, it may have written a part of it. Without one a broker starts all the same.
  const ended = (await broker.ended).startsWith('ended');
  if (ended && existsSync(archive)) renameSync(archive, classesOf(how));
  else rmSync(archive, { force: true });
}

/** Into a folder beside, moved into place when complete. */
async function format(home: Home, how: Runtime & { port: number }, data: string): Promise<void> {
  const partial = `${data}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const settings = `${home.data}/kafka-format.properties`;
  writeFileSync(settings, properties(how.port, partial));
  // 16 bytes as base64url. A first character of our own: one id in 64 would begin with a dash, and be taken for an option.
  const id = `S${Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').slice(1)}`;
  const args = [...virtualMachine(how), 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settings];
  const { code, said } = await runTool(how.java, args);
  if (code !== 0) throw whyFailed(`could not format its data folder: ${lastLine(said)}`, said);
  rmSync(settings);
  renameSync(partial, data);
}

function whyFailed(what: string, said: string): Trouble {
  if (!said.includes('No space left on device')) return new Trouble(`Kafka ${what}`);
  return new Trouble(
    'The disk is full: Kafka could not write. Free some space, or set STET_HOME to a folder on another disk.',
  );
}

async function waitUntilReady(started: Launched, port: number): Promise<void> {
  let how: string | undefined;
  void started.ended.then((ended) => (how = ended));
  const deadline = performance.now() + readyWithinMs;
  while (!(await answersMetadata(port))) {
    if (how !== undefined) {
      throw whyFailed(`${how} while starting; ${started.log} says: ${tail(started.log, 1)}`, tail(started.log, 40));
    }
    if (performance.now() > deadline) throw new Trouble(`Kafka is not ready after 90 s: see ${started.log}.`);
    await sleep(50);
  }
}

/** Its port opens before the broker can do anything: ready is when it names itself in an answer to a metadata request. */
function answersMetadata(port: number): Promise<boolean> {
  // Metadata, version 4: size, api key 3, version, correlation id, no client id, no topics, no creation.
  const request = Buffer.from('00000011' + '0003' + '0004' + '00000001' + 'ffff' + '00000000' + '00', 'hex');
  request.writeInt32BE(request.length - 4);
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const answer = (ready: boolean) => {
      socket.destroy();
      done(ready);
    };
    socket.setTimeout(1000, () => {
      answer(false);
    });
    socket.once('error', () => {
      answer(false);
    });
    socket.once('close', () => {
      answer(false);
    });
    // Size, correlation id and throttle time come before the number of brokers.
    socket.once('data', (bytes) => {
      answer(bytes.length >= 16 && bytes.readInt32BE(12) > 0);
    });
  });
}
