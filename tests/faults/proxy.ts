import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands between the services and one server, and does to what passes whatever a network may do. */
export interface Proxy {
  readonly port: number;
  /** Every connection breaks, and none is let in for so long. */
  cut(ms: number): Promise<void>;
  /** Nothing passes for so long; then all of it does. */
  stall(ms: number): Promise<void>;
  /** For so long, everything takes so much longer each way. */
  slow(ms: number, by: number): Promise<void>;
  /** What producers send to Kafka arrives, and for so long none of them is told so. How many were not. */
  keepBackAcks(ms: number): Promise<number>;
  /** The server sees every connection end, and clients never hear of it: what they send is swallowed. How many there were. */
  halfOpen(): number;
  close(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  swallowed: boolean;
  /** Something was produced on it. */
  produces: boolean;
}

/** A request to Kafka has its length in front, in 4 bytes, then its kind in 2: 0 is Produce. */
const isProduce = (bytes: Buffer) => bytes.length > 8 && bytes.readInt16BE(4) === 0;

export async function openProxy(to: number): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let [isCut, late, standsStill, acksAreKept] = [false, 0, Promise.resolve(), Promise.resolve()];
  const untold = new Set<Pair>();

  /** In order, whatever is done to it on the way. */
  function pass(pair: Pair, from: Socket, into: Socket): void {
    let before = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      if (from === pair.near) pair.produces ||= isProduce(bytes);
      else if (pair.produces) untold.add(pair);
      const kept = pair.produces && from === pair.far ? acksAreKept : undefined;
      const arrived = Promise.all([before, standsStill, kept, pause(late)]);
      before = arrived.then(() => {
        if (!pair.swallowed && into.writable) into.write(bytes);
      });
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (pair.swallowed) return;
      void before.then(() => into.end());
      pairs.delete(pair);
    });
  }

  const server = createServer((near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: connect(to, '127.0.0.1'), swallowed: false, produces: false };
    for (const socket of [pair.near, pair.far]) socket.setNoDelay(true);
    pairs.add(pair);
    pass(pair, pair.near, pair.far);
    pass(pair, pair.far, pair.near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const { near, far } of pairs) for (const socket of [near, far]) socket.resetAndDestroy();
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    async cut(ms) {
      isCut = true;
      breakAll();
      await pause(ms);
      isCut = false;
    },
    async stall(ms) {
      standsStill = pause(ms);
      await standsStill;
    },
    async slow(ms, by) {
      late = by;
      await pause(ms);
      late = 0;
    },
    async keepBackAcks(ms) {
      acksAreKept = pause(ms);
      untold.clear();
      await acksAreKept;
      return untold.size;
    },
    halfOpen() {
      const now = [...pairs].filter(({ swallowed }) => !swallowed);
      for (const pair of now) {
        pair.swallowed = true;
        pair.far.destroy();
      }
      return now.length;
    },
    close() {
      breakAll();
      server.close();
    },
  };
}
