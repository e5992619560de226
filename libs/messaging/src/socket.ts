import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** Longer than any request may be without an answer: a group that is balanced anew makes its members wait for half a minute. */
const silence = { longestMs: 35_000, lookMs: 1000 };

/** When something last came on each connection that is open. */
const heard = new Map<Socket, number>();

/**
 * Ends a connection on which something was asked and nothing has come for so long, and with it all to the same server from which nothing has
 * come either. kafkajs only gives up the request, and asks on the same connection again, for ever if need be: the other side may be gone
 * without a word.
 */
export function endWhenSilent(socket: Socket, { longestMs, lookMs } = silence): void {
  let answered = 0;
  let since = performance.now();
  heard.set(socket, since);
  socket.on('data', () => {
    answered = socket.bytesWritten;
    since = performance.now();
    heard.set(socket, since);
  });
  const timer = setInterval(() => {
    const now = performance.now();
    if (socket.bytesWritten === answered) since = now;
    else if (now - since > longestMs)
      for (const [other, at] of heard)
        if (now - at > longestMs && isSameServer(socket, other))
          other.destroy(new Error(`Nothing was answered for ${longestMs} ms.`));
  }, lookMs).unref();
  socket.once('close', () => {
    clearInterval(timer);
    heard.delete(socket);
  });
}

const isSameServer = (one: Socket, other: Socket) =>
  one.remoteAddress === other.remoteAddress && one.remotePort === other.remotePort;

/** As kafkajs makes them itself, but for what it does not see. */
export const socketOf: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = (ssl as object | undefined)
    ? connectSecurely({ host, port, ...named, ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  socket.setKeepAlive(true, 60_000);
  endWhenSilent(socket);
  return socket;
};
