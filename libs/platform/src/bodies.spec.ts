import { describe, expect, it } from '@jest/globals';
import { noteId } from './sample-service.ts';
import { faults, SampleCaller, told } from './sample-caller.ts';

const note = { title: 'A title' };
const secret = 'words-of-the-body';

describe('bodies', () => {
  const sample = new SampleCaller();

  it('are taken when they are good', async () => {
    const marks = [{ name: 'one' }, { name: 'two' }];
    const whole = {
      ...note,
      text: 'Zwei\n\tZeilen 🙂',
      weight: 'low',
      urgency: 9,
      marks,
      first: { name: 'x' },
      words: ['a'],
      seen: [noteId],
    };
    const response = await sample.write(whole);
    expect(response.statusCode).toBe(201);
    expect(sample.seen.bodies.at(-1)).toEqual(whole);
  });

  it.each<[string, string | Buffer, string]>([
    ['cut off', '{"title":', 'malformed-json'],
    ['not JSON', secret, 'malformed-json'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'malformed-json'],
    ['a list', '[]', 'invalid-body'],
    ['null', 'null', 'invalid-body'],
    ['a word', '"title"', 'invalid-body'],
    ['a number', '7', 'invalid-body'],
    ['too deep', `{"title":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'invalid-body'],
  ])('that are %s are refused', async (_what, body, code) => {
    const response = await sample.write(body);
    expect(told(response)).toMatchObject({ status: 400, code });
    expect(response.body).not.toContain(secret);
  });

  it.each<[string, unknown, string]>([
    ['a field is missing', {}, '/title not-text'],
    ['a field is null', { title: null }, '/title not-text'],
    ['an optional field is null', { ...note, text: null }, '/text not-text'],
    ['a field has another type', { title: 7 }, '/title not-text'],
    ['a field is an object', { title: { a: 1 } }, '/title not-text'],
    ['a field is unknown', { ...note, extra: 1 }, '/extra unknown-field'],
    ['a field has the name of a method', { ...note, hasOwnProperty: 1 }, '/hasOwnProperty unknown-field'],
    ['text is blank', { title: ' \u00a0 ' }, '/title too-short'],
    ['text is too long', { title: 'x'.repeat(21) }, '/title too-long'],
    ['there is a control character', { title: 'a\u0007b' }, '/title forbidden-characters'],
    ['there is a line feed in one line', { title: 'a\nb' }, '/title forbidden-characters'],
    ['there is a carriage return', { ...note, text: 'a\r\nb' }, '/text forbidden-characters'],
    ['there is a NUL', { title: 'a\u0000b' }, '/title forbidden-characters'],
    ['there is half a surrogate pair', '{"title":"a\\ud800b"}', '/title forbidden-characters'],
    ['there is a NUL in a name', { ...note, 'a\u0000': 1 }, '/a\u0000 unknown-field'],
    ['a word is not in the list', { ...note, weight: 'heavy' }, '/weight not-one-of'],
    ['a number is a string', { ...note, urgency: '5' }, '/urgency not-in-range'],
    ['a number is out of range', { ...note, urgency: 10 }, '/urgency not-in-range'],
    ['a number is not whole', { ...note, urgency: 1.5 }, '/urgency not-in-range'],
    ['a list is an object', { ...note, marks: { 0: { name: 'x' } } }, '/marks not-a-list'],
    ['a list is too long', { ...note, words: ['a', 'b', 'c', 'd'] }, '/words too-many'],
    ['a list holds a list', { ...note, marks: [[]] }, '/marks not-an-object'],
    ['a list holds null', { ...note, marks: [null] }, '/marks not-an-object'],
    ['there are more objects than could be looked at', { marks: Array(11_000).fill({}) }, ' too-many'],
    [
      'there are more names than could be looked at',
      { mark: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`field${n}`, n])) },
      '/mark too-many',
    ],
    ['an inner field is wrong', { ...note, marks: [{ name: 'ok' }, { name: 1 }] }, '/marks/1/name not-text'],
    ['an inner field is unknown', { ...note, marks: [{ name: 'ok', 'a/b': 1 }] }, '/marks/0/a~1b unknown-field'],
    ['a part is a list', { ...note, first: [] }, '/first not-an-object'],
    ['a part is missing a field', { ...note, first: {} }, '/first/name not-text'],
    ['an id is none', { ...note, seen: ['1'] }, '/seen not-an-id'],
    ['a text in a list is too long', { ...note, words: ['a', 'longer'] }, '/words too-long'],
    ['it reaches for the prototype', '{"title":"x","__proto__":{"a":1}}', '/__proto__ unknown-field'],
    ['it reaches for the constructor', '{"title":"x","constructor":{"prototype":{}}}', '/constructor unknown-field'],
  ])('are refused when %s', async (_what, body, fault) => {
    const orders = sample.seen.orders.length;
    const response = await sample.write(body);
    expect(told(response)).toMatchObject({ status: 400, code: 'invalid-body' });
    expect(faults(response)).toEqual([fault]);
    expect(sample.seen.orders).toHaveLength(orders);
  });

  it('have every fault named at once', async () => {
    const response = await sample.write({ title: 1, weight: 2, urgency: 'x', more: 1 });
    expect(faults(response).sort()).toEqual([
      '/more unknown-field',
      '/title not-text',
      '/urgency not-in-range',
      '/weight not-one-of',
    ]);
  });

  it('have no more than fifty faults named', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, n]));
    expect(faults(await sample.write({ ...note, ...many })).length).toBe(50);
  });

  it('are at most 1 MiB', async () => {
    const response = await sample.write({ title: 'x'.repeat(1_048_576) });
    expect(told(response)).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml', 'nonsense', 'application/jsonx'])(
    'are JSON, not %s',
    async (type) => {
      const response = await sample.write('title=x', { 'idempotency-key': 'k', 'content-type': type });
      expect(told(response)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    },
  );

  it('are not compressed', async () => {
    const response = await sample.write(note, { 'idempotency-key': 'k', 'content-encoding': 'gzip' });
    expect(told(response)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('may be left out, and must be where nothing is read from them', async () => {
    expect((await sample.command('touch')).statusCode).toBe(200);
    expect((await sample.command('touch', {})).statusCode).toBe(200);
    expect((await sample.command('empty')).statusCode).toBe(200);
    expect(faults(await sample.command('touch', { extra: 1 }))).toEqual(['/extra unknown-field']);
    expect(faults(await sample.command('empty', { extra: 1 }))).toEqual(['/extra unknown-field']);
    expect(faults(await sample.command('close'))).toEqual(['/by not-text']);
  });
});
