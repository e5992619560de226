import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endWhenSilent } from './socket.ts';

const limits = { longestMs: 300, lookMs: 20 };
let server: Server;
const sockets: Socket[] = [];
/** Answers each piece by how much came, until it is told to be silent. */
beforeAll(async () => {
  server = createServer((near) => {
    let isSilent = false;
    near.on('data', (bytes) => {
      isSilent ||= String(bytes) === 'be silent';
      if (!isSilent) near.write('.');
    });
    near.on('error', () => undefined);
  }).listen(0);
  await once(server, 'listening');
});
afterAll(() => {
  // A connection that nobody has ended would keep the process.
  for (const socket of sockets) socket.destroy();
  server.close();
});

async function opened(): Promise<{ socket: Socket; ended: Promise<string> }> {
  const socket = connect((server.address() as AddressInfo).port);
  sockets.push(socket);
  endWhenSilent(socket, limits);
  const ended = new Promise<string>((done) =>
    socket.once('error', (error) => {
      done(error.message);
    }),
  );
  socket.resume();
  await once(socket, 'connect');
  return { socket, ended };
}

test('a connection is ended when nothing of what was asked is answered, also where it was answered before', async () => {
  const { socket, ended } = await opened();
  for (let asked = 0; asked < 5; asked += 1) {
    socket.write('x');
    await pause(100);
  }
  expect(socket.destroyed).toBe(false);
  socket.write('be silent');
  await pause(100);
  // What kafkajs does when it has waited for long.
  socket.write('x');
  expect(await ended).toBe('Nothing was answered for 300 ms.');
}, 10_000);

test('it is ended as well when the next thing was asked as soon as the last one was answered, and nothing after that', async () => {
  const { socket, ended } = await opened();
  let asked = 0;
  // As somebody who fetches again and again: there is one question at a time, and the last is never answered.
  socket.on('data', () => socket.write(asked++ < 3 ? 'x' : 'be silent'));
  socket.write('x');
  expect(await Promise.race([ended, pause(2000)])).toBe('Nothing was answered for 300 ms.');
}, 10_000);

test('with one that is ended, all are to the same server from which nothing has come either, so that each need not be tried', async () => {
  const idle = await opened();
  await pause(400);
  const busy = await opened();
  const { socket, ended } = await opened();
  const asking = setInterval(() => busy.socket.write('x'), 50).unref();
  socket.write('be silent');
  await ended;
  expect([idle.socket.destroyed, busy.socket.destroyed]).toEqual([true, false]);
  clearInterval(asking);
}, 10_000);

test('one on which nothing is asked may be silent', async () => {
  const { socket } = await opened();
  socket.write('x');
  await pause(1000);
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});
