import { type Head, heads, verify } from '#event-store';
import { BadAnchor, readAnchors, readAnchorTopic } from '#messaging';
import { codeOf } from '../stack/trouble.ts';
import type { Command } from './command.ts';
import { type Ground, type Writer, writers } from './ground.ts';

interface Checked {
  readonly service: Writer;
  readonly ok: boolean;
  /** Where it first does not fit. */
  readonly shard?: number;
  readonly position?: string;
  readonly why?: string;
  readonly events: string;
  readonly anchors: { readonly file: number; readonly topic: number };
}

/** What was noted outside the database, by both witnesses. A file that is on another machine is none here. */
export async function anchorsOf(ground: Ground, service: Writer): Promise<{ file: Head[]; topic: Head[] }> {
  const noted = readAnchors(ground.anchorFile(service)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  // Both are waited for, so that neither is left running when the other fails.
  const [file, topic] = await Promise.allSettled([noted, readAnchorTopic(ground.broker(), service)]);
  if (file.status === 'rejected') throw file.reason;
  if (topic.status === 'rejected') throw topic.reason;
  return { file: file.value, topic: topic.value };
}

async function check(ground: Ground, service: Writer): Promise<Checked> {
  ground.progress(`${service}: reading its anchors`);
  const anchors = await anchorsOf(ground, service).catch((error: unknown) => {
    if (error instanceof BadAnchor) return error;
    throw error;
  });
  if (anchors instanceof BadAnchor)
    return { service, ok: false, why: anchors.message, events: '0', anchors: { file: 0, topic: 0 } };
  const pool = ground.pool(service);
  const verdict = await verify(pool, [...anchors.file, ...anchors.topic], (shard, position, of) => {
    ground.progress(`${service}, shard ${shard}: ${position} of ${of} events fit`);
  });
  const now = await heads(pool);
  const events = now.reduce((sum, { position }) => sum + position, 0n);
  const counts = { file: anchors.file.length, topic: anchors.topic.length };
  const common = { service, events: String(events), anchors: counts };
  if (!verdict.ok)
    return { ...common, ok: false, shard: verdict.shard, position: String(verdict.position), why: verdict.why };
  if (events > 0n && counts.file + counts.topic === 0)
    return { ...common, ok: false, why: 'nothing was noted of it outside the database, so a cut tail would not show' };
  return { ...common, ok: true };
}

function lineOf({ service, ok, shard, position, why, events, anchors }: Checked): string {
  const against = `${anchors.file} anchors in the file, ${anchors.topic} on the topic`;
  if (ok) return `${service}: ${events} events fit, and ${against}`;
  const where = shard === undefined ? '' : `shard ${shard}, position ${position ?? '0'}: `;
  return `${service}: WRONG: ${where}${why ?? ''} (${against})`;
}

export const verifyCommand: Command = {
  operands: [],
  about: 'recomputes the chain of every log and holds it against its anchors',
  async run(ground) {
    const logs: Checked[] = [];
    for (const service of writers) logs.push(await check(ground, service));
    return { lines: logs.map(lineOf), json: { logs }, wrong: logs.some(({ ok }) => !ok) };
  },
};
