// Loaded before a service (`node --import`): the process dies at the step that the file CRASH_AT/<service> names. Product code knows nothing of it.
import { readFileSync, renameSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { type Step, steps } from './steps.ts';

const service = /dist\/apps\/(\w+)\//.exec(process.argv[1] ?? '')?.[1] ?? '';
const order = `${process.env.CRASH_AT ?? ''}/${service}`;

function reached(when: Step['when'], what: string): void {
  try {
    const step = steps[readFileSync(order, 'utf8')];
    if (step?.when !== when || !step.what.test(what)) return;
    // Of two processes that come by, one dies.
    renameSync(order, `${order}.${process.pid}`);
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}

async function around<T>(what: string, work: () => Promise<T>): Promise<T> {
  reached('before', what);
  const done = await work();
  reached('after', what);
  return done;
}

type Callback = (error: Error | null, result: pg.QueryResult) => void;
type Query = (this: pg.Client, asked: string | { text?: string }, ...more: unknown[]) => unknown;
const client = pg.Client.prototype as unknown as { query: Query };
const { query } = client;
client.query = function (asked, ...more) {
  const text = typeof asked === 'string' ? asked : (asked.text ?? '');
  const answered = (result: pg.QueryResult) => {
    reached('after', `${text} → ${result.rowCount ?? 0}`);
    return result;
  };
  const last = more.at(-1);
  if (typeof last === 'function')
    more[more.length - 1] = (...[error, result]: Parameters<Callback>) => {
      (last as Callback)(error, error ? result : answered(result));
    };
  reached('before', text);
  const result = query.call(this, asked, ...more);
  return result instanceof Promise ? (result as Promise<pg.QueryResult>).then(answered) : result;
};

type Produce = (this: kafkajs.Kafka, config?: kafkajs.ProducerConfig) => kafkajs.Producer;
const kafka = kafkajs.Kafka.prototype as unknown as { producer: Produce };
const { producer } = kafka;
kafka.producer = function (config) {
  const made = producer.call(this, config);
  return {
    ...made,
    sendBatch: (batch) => around('send', () => made.sendBatch(batch)),
    async transaction() {
      const begun = await made.transaction();
      return { ...begun, commit: () => around('commit to Kafka', () => begun.commit()) };
    },
  };
};

type End = (this: ServerResponse, ...what: unknown[]) => ServerResponse;
const response = ServerResponse.prototype as unknown as { end: End };
const { end } = response;
response.end = function (...what) {
  reached('before', `answer ${this.statusCode} ${this.req.method ?? ''}`);
  return end.apply(this, what);
};
