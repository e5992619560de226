import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { CloudEvent, Kafka as Binding } from 'cloudevents';
import fc from 'fast-check';
import type { IHeaders, Message } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decode from 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js';
import encode from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import { readCloudEvent, UnreadableMessage } from './cloudevent.ts';
import { type Departing, fromKafka, toKafka } from './codec.ts';
import './headers-once.ts';

const place = { topic: 'drafting', partition: 2 };
const standard = ['../shared/standards/cloudevents/', '../../shared/standards/cloudevents/']
  .map((path) => new URL(path, new URL('../../../', import.meta.url)))
  .find((path) => existsSync(path));
const among = standard ? test : test.skip;
const where = standard ? '' : ' (LEFT OUT: no ../shared/standards/cloudevents beside this checkout)';
const shared = (name: string) => readFileSync(new URL(name, standard), 'utf8');

/** As it comes off the wire: headers, key and value are bytes. */
function arrived({ headers = {}, key, value }: Pick<Message, 'headers' | 'key' | 'value'>) {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))]);
  return {
    headers: Object.fromEntries(bytes) as IHeaders,
    key: key == null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    offset: '7',
  };
}
/** The other mode, of the same message. */
function structured(message: Message): Message {
  const { attributes, data } = readCloudEvent(arrived(message)) ?? {};
  const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  return { ...message, headers, value: JSON.stringify({ ...attributes, data }) };
}

const unicode = fc.string({ unit: 'grapheme', minLength: 1 });
const position = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
const departing: fc.Arbitrary<Departing> = fc.record({
  ...{ key: unicode, id: fc.uuid(), source: fc.constant('/stet/drafting'), subject: unicode, logId: fc.uuid() },
  ...{ position, previousPosition: position, sequence: fc.integer({ min: 1, max: 2 ** 31 }) },
  type: fc.stringMatching(/^[A-Z][A-Za-z]{0,30}$/),
  version: fc.integer({ min: 1, max: 999_999 }),
  partition: fc.constant(place.partition),
  recordedAt: fc
    .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '123Z')),
  correlationId: unicode,
  causationId: fc.option(fc.uuid(), { nil: undefined }),
  traceparent: fc.option(fc.constant(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`), { nil: undefined }),
  payload: fc.json(),
});
const sample: Departing = {
  ...{
    key: 'article-1',
    id: 'e1',
    source: '/stet/drafting',
    subject: 'article-1',
    type: 'ArticleApproved',
    version: 2,
  },
  ...{ position: 12n, previousPosition: 9n, logId: 'log-1', sequence: 3, partition: 2, correlationId: 'c1' },
  ...{ causationId: undefined, traceparent: undefined, recordedAt: '2026-07-15T10:00:00.000123Z' },
  payload: '{"headline":"پل 🌉"}',
};

test('any event comes back as it was sent, in either mode', () => {
  fc.assert(
    fc.property(departing, ({ payload, ...event }) => {
      const message = toKafka({ ...event, payload });
      const expected = {
        ...event,
        ...place,
        offset: '7',
        time: event.recordedAt,
        data: JSON.parse(payload) as unknown,
      };
      expect(fromKafka(arrived(message), place)).toEqual(expected);
      expect(fromKafka(arrived(structured(message)), place)).toEqual(expected);
    }),
  );
});

test('the payload leaves as the exact text, behind the attributes that the specification and Stet name', () => {
  expect(toKafka(sample, { feedposition: '5' })).toEqual({
    ...{ key: 'article-1', partition: 2, value: sample.payload, timestamp: String(Date.parse('2026-07-15T10:00:00Z')) },
    headers: {
      ...{ 'content-type': 'application/json', ce_specversion: '1.0', ce_id: 'e1', ce_source: '/stet/drafting' },
      ...{ ce_type: 'stet.ArticleApproved.v2', ce_subject: 'article-1', ce_time: sample.recordedAt },
      ...{ ce_partitionkey: 'article-1', ce_sequence: '0000000003', ce_position: '12', ce_previousposition: '9' },
      ...{ ce_logid: 'log-1', ce_correlationid: 'c1', ce_feedposition: '5' },
    },
  });
});

test('the library of the CloudEvents project reads what Stet writes, in either mode', () => {
  const message = toKafka(sample);
  for (const sent of [message, structured(message)]) {
    const { headers = {}, value } = sent;
    const wire = { headers: headers as Record<string, string>, key: 'article-1', value, body: value };
    const read = Binding.toEvent(wire);
    expect((read as CloudEvent<unknown>).toJSON()).toMatchObject({
      ...{ id: 'e1', source: '/stet/drafting', type: 'stet.ArticleApproved.v2', subject: 'article-1' },
      ...{ position: '12', previousposition: '9', logid: 'log-1', partitionkey: 'article-1' },
      ...{ datacontenttype: 'application/json', time: '2026-07-15T10:00:00.000Z', data: { headline: 'پل 🌉' } },
    });
  }
});

test.each(['binary', 'structured'] as const)('Stet reads what that library writes: %s', (mode) => {
  const { headers: _headers, ...attributes } = { ...readCloudEvent(arrived(toKafka(sample)))?.attributes, headers: 0 };
  const event = new CloudEvent({ ...attributes, data: { headline: 'پل 🌉' } }, true);
  const { headers, value } = Binding[mode](event);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const read = fromKafka(arrived({ headers, key: 'article-1', value: text }), place);
  expect({ ...read, time: '', recordedAt: '' }).toEqual({
    ...fromKafka(arrived(toKafka(sample)), place),
    ...{ time: '', recordedAt: '' },
  });
});

test('a null value is a tombstone where nothing else says that it is an event, and then an event without data', () => {
  expect(readCloudEvent(arrived({ key: 'article-1', value: null }))).toBeUndefined();
  expect(readCloudEvent(arrived({ ...toKafka(sample), value: null }))).toEqual({
    attributes: readCloudEvent(arrived(toKafka(sample)))?.attributes,
    data: undefined,
  });
});

const headers = toKafka(sample).headers ?? {};
test.each([
  ['no headers', {}, '{}', /specversion missing/],
  ['another version', { ...headers, ce_specversion: '0.3' }, '{}', /specversion 0.3/],
  ['no id', { ...headers, ce_id: '' }, '{}', /no id/],
  ['a position that is no number', { ...headers, ce_position: '1.5' }, '{}', /position is not a whole number/],
  ['a foreign type', { ...headers, ce_type: 'com.example.thing' }, '{}', /not of the form stet/],
  ['data that are no JSON', headers, 'secret', /^(?!.*secret).*is not\.$/],
  ['another format', { 'content-type': 'application/cloudevents+avro' }, 'x', /not understood/],
  ['a batch of events', { 'content-type': 'application/cloudevents-batch+json' }, '[]', /not understood/],
  ['no object', { 'content-type': 'application/cloudevents+json' }, '[]', /one JSON object/],
  ['a tombstone', {}, null, /It is empty/],
])('what is no event of Stet is unreadable, and the reason quotes nothing of it: %s', (_what, found, value, says) => {
  const read = () => fromKafka(arrived({ headers: found, key: 'k', value }), place);
  expect(read).toThrow(UnreadableMessage);
  expect(read).toThrow(says);
});

const block = (text: string, after: string) => /"""\n(.*?)"""/s.exec(text.slice(text.indexOf(after)))?.[1] ?? '';
/** The rows of a table below a line, without its head. */
function rows(text: string, after: string): string[][] {
  const [, ...lines] = text.slice(text.indexOf(after)).split('\n');
  const end = lines.findIndex((line) => !line.trim().startsWith('|'));
  const cells = lines.slice(1, end === -1 ? lines.length : end).map((line) => line.split('|').slice(1, -1));
  return cells.map((row) => row.map((cell) => cell.trim()));
}
const named = (text: string, after: string) =>
  Object.fromEntries(rows(text, after).map(([name, value]) => [name, value])) as Record<string, string>;

among(`the cases of the specification's own conformance suite${where}`, () => {
  const [, ...outlines] = shared('kafka-protocol-binding.feature').split(/Scenario(?: Outline)?: /);
  const cases = outlines.flatMap((text) =>
    text.includes('Examples:')
      ? rows(text, 'Examples:').map(([type = '']) => text.replaceAll('<contentType>', type))
      : text,
  );
  expect(cases.length).toBeGreaterThan(2);
  for (const text of cases) {
    const message = { headers: named(text, 'Kafka headers:'), value: block(text, 'with payload:') };
    expect(readCloudEvent(arrived(message))).toEqual({
      attributes: named(text, 'the attributes are:'),
      data: JSON.parse(block(text, 'following JSON:')) as unknown,
    });
  }
});

among(`what Stet sends is valid against the JSON Schema of the specification${where}`, () => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  const valid = ajv.compile(JSON.parse(shared('cloudevents.json')) as object);
  const sent = JSON.parse(String(structured(toKafka(sample)).value)) as object;
  expect([valid(sent), valid.errors]).toEqual([true, null]);
  expect(valid({ ...sent, id: '' })).toBe(false);
});

test('headers come off the wire as they were sent, whatever they are called and however often', () => {
  const textOf = (value: IHeaders[string]) => (Array.isArray(value) ? value.map(String) : String(value));
  // As those of a message, and as those of a later one, whose names have been met.
  for (const last of ['', 'z']) {
    const headers = { ce_id: 'e1', constructor: 'c', again: ['1', '2', '3'], größe: 'ß', last };
    const sent = new Decoder(encode({ headers, value: '{}' }).buffer);
    const found = decode(sent.slice(sent.readVarInt()), { firstOffset: '0', firstTimestamp: '0' }).headers;
    expect(Object.fromEntries(Object.entries(found).map(([name, value]) => [name, textOf(value)]))).toEqual(headers);
  }
});
