// Loaded before a service (`node --import`): what it connects to goes through the proxies that THROUGH names, as `port:proxy,…`.
import { Socket } from 'node:net';

const ways = new Map(
  (process.env.THROUGH ?? '').split(',').map((way) => way.split(':').map(Number) as [number, number]),
);
const through = (port: unknown) => ways.get(Number(port)) ?? port;

type Connect = (this: Socket, ...given: unknown[]) => Socket;
const socket = Socket.prototype as unknown as { connect: Connect };
const { connect } = socket;
socket.connect = function (...given) {
  // Node's own callers hand everything over as one list.
  const list = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  const [to] = list;
  if (typeof to === 'object' && to !== null && 'port' in to) to.port = through(to.port);
  else list[0] = through(to);
  return connect.apply(this, given);
};
