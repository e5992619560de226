import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { KafkaConnection } from '#settings';
import { Trouble } from '../stack/trouble.ts';

const program = fileURLToPath(new URL('outside-reader.ts', import.meta.url));

/** Runs the outside reader as a process of its own. Answers its pid and the lines that it printed. */
export async function readFromOutside(
  { brokers, topicPrefix, tls, sasl }: KafkaConnection,
  wanted: { readonly articleId: string; readonly until: number },
): Promise<{ pid: number; lines: string[] }> {
  const quiet = ['TimeoutNegativeWarning', 'ExperimentalWarning'].map((warning) => `--disable-warning=${warning}`);
  const child = spawn(process.execPath, [...quiet, program], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const ssl = tls === undefined ? false : { ...(tls.ca === undefined ? {} : { ca: tls.ca }) };
  // By stdin: arguments and variables can be seen by others.
  child.stdin.end(JSON.stringify({ client: { brokers, ssl, sasl }, topic: `${topicPrefix}.feed`, ...wanted }));
  const [said, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Trouble(`The reader of the feed from outside failed: ${complaint.trim() || said}`);
  return { pid: child.pid ?? 0, lines: said.trimEnd().split('\n') };
}
