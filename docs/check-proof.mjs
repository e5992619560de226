// Checks a proof of `stet prove` without Stet: node check-proof.mjs PROOF.json ANCHORS.jsonl…
// ANCHORS are the notes of heads that you trust: a service's anchor file, or what the topic `anchors` holds, a line each.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [proofFile, ...anchorFiles] = process.argv.slice(2);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const long = (value) => Buffer.from(BigInt(value).toString(16).padStart(16, '0'), 'hex');
const framed = (text) => [long(Buffer.byteLength(text)).subarray(4), text];
const inner = (link) => sha256(...link.covers.flatMap(framed));
const demand = (holds, what) => {
  if (!holds) throw new Error(`The proof does not hold: ${what}.`);
};
const nameOf = (head) => JSON.stringify([head.service, head.logId, head.shard, head.position, head.hash]);

const { format, article, logs } = JSON.parse(readFileSync(proofFile, 'utf8'));
const lines = anchorFiles.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
const anchors = new Set(lines.map((line) => nameOf(JSON.parse(line))));
demand(format === 2 && logs.length > 0, 'its format is not known here');
for (const { service, logId, shard, segments } of logs) {
  const streams = new Map(); // name → version of its last event so far
  for (const { first, previous, links, anchor } of segments) {
    let [hash, position] = [Buffer.from(previous, 'hex'), BigInt(first) - 1n];
    for (const link of links) {
      const [version, at, hashed] = Array.isArray(link) ? link : [link.version, link.recordedAt, inner(link)];
      hash = sha256(hash, long(++position), long(version), long(at), Buffer.from(hashed, 'hex'));
      if (Array.isArray(link)) continue;
      const [stream, , , , payload] = link.covers;
      const known = streams.get(stream) ?? 0;
      const about = known > 0 || stream.endsWith(`-${article}`) || JSON.parse(payload).articleId === article;
      demand(about && Number(version) === known + 1, `${stream} ${version} is not the article's next`);
      streams.set(stream, known + 1);
    }
    const end = nameOf({ service, logId, shard, position: `${position}`, hash: hash.toString('hex') });
    demand(end === nameOf({ service, logId, shard, ...anchor }) && anchors.has(end), `no anchor says ${end}`);
  }
  demand(streams.size > 0, `it shows nothing of ${service}`);
  for (const [stream, events] of streams) console.log(`${service}: ${stream}, ${events} events`);
}
