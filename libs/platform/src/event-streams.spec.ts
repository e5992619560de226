import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { type EventStream, EventStreams } from './event-streams.ts';
import { Operations } from './operations.ts';

let http: FastifyInstance;
let operations: Operations;
let url: string;
let opened: EventStream[];
beforeEach(async () => {
  http = fastify();
  operations = new Operations();
  opened = [];
  const streams = new EventStreams(operations);
  http.get('/events', (_request, reply) => {
    opened.push(streams.open(reply, 'edna'));
  });
  url = await http.listen({ port: 0 });
});
afterEach(() => http.close());

test('an event is its name, its id and its data', async () => {
  const { body, headers } = await fetch(`${url}/events`);
  expect(headers.get('content-type')).toBe('text/event-stream');
  opened[0]?.send('changed', { text: 'one\ntwo' }, '7');
  opened[0]?.send('presence', {});
  opened[0]?.end();
  const text = await new Response(body).text();
  expect(text).toBe(
    'retry: 1000\n\nevent: changed\nid: 7\ndata: {"text":"one\\ntwo"}\n\nevent: presence\ndata: {}\n\n',
  );
});

test('whoever does not read is cut off before much waits for them, and hears nothing more', async () => {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  while (opened.length === 0) await new Promise((done) => setTimeout(done, 5));
  const end = Promise.withResolvers<'ended'>();
  opened[0]?.onEnd(() => {
    end.resolve('ended');
  });
  let sent = 0;
  const stillOpen = () => new Promise((done) => setImmediate(done, 'open'));
  for (; sent < 1000 && (await Promise.race([end.promise, stillOpen()])) === 'open'; sent++)
    opened[0]?.send('changed', { padding: 'x'.repeat(65_536) });
  expect(await Promise.race([end.promise, stillOpen()])).toBe('ended');
  // What the kernel takes of it is not ours to say.
  expect(sent).toBeLessThan(300);
  socket.destroy();
});

test('so many of one person and no more; one that has ended makes room', async () => {
  const more = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/events`)));
  expect((await fetch(`${url}/events`)).status).toBe(503);
  const gone = new Promise<void>((done) => opened[0]?.onEnd(done));
  opened[0]?.end();
  await gone;
  expect((await fetch(`${url}/events`)).status).toBe(200);
  expect(more).toHaveLength(20);
  operations.beginStop();
});

test('all end when the service begins to stop', async () => {
  const { body } = await fetch(`${url}/events`);
  const text = new Response(body).text();
  operations.beginStop();
  expect(await text).toBe('retry: 1000\n\n');
  expect((await fetch(`${url}/events`)).status).toBe(503);
});
