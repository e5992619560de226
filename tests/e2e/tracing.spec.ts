import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePorts } from '../../infra/stack/stack.ts';
import { type Desk, openDesk, publication, until } from './desk.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}
/** As OTLP/HTTP brings them in JSON. */
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly service: string;
}
const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const valueOf = (attributes: readonly Attribute[], key: string) =>
  attributes.find((one) => one.key === key)?.value.stringValue;

let desk: Desk;
const spans: Span[] = [];
const collector = createServer((request, response) => {
  let body = '';
  request.on('data', (text: Buffer) => (body += text.toString('utf8')));
  request.on('end', () => {
    if (request.url === '/v1/traces')
      for (const { resource, scopeSpans } of (JSON.parse(body) as Sent).resourceSpans)
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ ...span, service: valueOf(resource.attributes, 'service.name') ?? '' });
    response.setHeader('content-type', 'application/json').end('{}');
  });
});

beforeAll(async () => {
  const port = await freePorts(1);
  await new Promise<void>((done) => collector.listen(port, '127.0.0.1', done));
  desk = await openDesk({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
}, 180_000);
afterAll(async () => {
  await desk.close();
  collector.close();
});

const of = (traceId: string) => spans.filter((span) => span.traceId === traceId);
/** The way from the first step of a trace to this one, as `service kind name`. */
function wayTo(span: Span): string[] {
  const by = valueOf(span.attributes, 'stet.by');
  const step = [span.service, kinds[span.kind], span.name, ...(by === undefined ? [] : [`by ${by}`])].join(' ');
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent ? wayTo(parent) : [`(${span.parentSpanId ?? ''})`]), step];
}
const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });

test('one trace goes from the request through the append, the relay and Kafka to reactions and read models', async () => {
  const { topic } = desk.newsroom;
  const { id, position: after } = await desk.approved();
  const { traceId, spanId } = newTrace();
  const { status } = await desk.duty.post(
    'publication',
    publication(id, 'publish'),
    { version: 1, after },
    { traceparent: `00-${traceId}-${spanId}-01` },
  );
  expect(status).toBe(200);
  const published = [
    ...[`(${spanId})`, 'publication server POST /publications/:id/publish'],
    'publication client append publication.event',
  ];
  const heard = [...published, `publication producer send ${topic('publication')}`];
  const wanted = [
    published,
    [...published, `publication producer send ${topic('feed')}`],
    [...heard, `reading consumer process ${topic('publication')} by read models`],
    [
      ...[...heard, `drafting consumer process ${topic('publication')} by on-publication-decided`],
      ...['drafting client append drafting.event', `drafting producer send ${topic('drafting')}`],
      `reading consumer process ${topic('drafting')} by read models`,
    ],
    [
      ...[...heard, `moderation consumer process ${topic('publication')} by on-article-published`],
      ...['moderation client append moderation.event', `moderation producer send ${topic('moderation')}`],
      `reading consumer process ${topic('moderation')} by read models`,
    ],
  ];
  const missing = () => {
    const ways = of(traceId).map((span) => wayTo(span).join(' > '));
    return wanted.map((way) => way.join(' > ')).filter((way) => !ways.includes(way));
  };
  await until(() => Promise.resolve(missing().length === 0)).catch(() => undefined);
  expect(missing()).toEqual([]);
  // Nothing hangs in the air.
  const ids = new Set(of(traceId).map((span) => span.spanId));
  expect(of(traceId).filter(({ parentSpanId = '' }) => !ids.has(parentSpanId))).toHaveLength(1);
  const [sent] = of(traceId).filter(({ name }) => name === `send ${topic('feed')}`);
  expect(valueOf(sent?.attributes ?? [], 'messaging.kafka.message.key')).toBe(id);
}, 60_000);

test('a request without a trace begins one, which its events carry; one that is not to be recorded is not', async () => {
  const { id } = await desk.published();
  const { rows } = await desk.admin.query<{ traceparent: string }>(
    `select metadata->>'traceparent' as traceparent from publication.event where key = $1 and type = 'ArticlePublished'`,
    [id],
  );
  const [, traceId = '', appended] = rows[0]?.traceparent.split('-') ?? [];
  await until(() => Promise.resolve(of(traceId).some(({ spanId }) => spanId === appended)));
  const hidden = newTrace();
  await desk.duty.post(
    'publication',
    publication(id, 'unpublish'),
    { reason: 'A doubt.' },
    { traceparent: `00-${hidden.traceId}-${hidden.spanId}-00` },
  );
  const seen = newTrace();
  await desk.duty.get('publication', `/publications/${id}`, { traceparent: `00-${seen.traceId}-${seen.spanId}-01` });
  await until(() => Promise.resolve(of(seen.traceId).length > 0));
  expect(of(hidden.traceId)).toEqual([]);
}, 60_000);

test('health, metrics and addresses as they were sent are in no trace', () => {
  expect(spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  expect(JSON.stringify(spans)).not.toContain('after=');
});
