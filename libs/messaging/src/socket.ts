import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** Longer than any request may be without an answer: a group that is balanced anew makes its members wait for half a minute. */
const silence = { longestMs: 35_000, lookMs: 1000 };

/**
 * Ends a connection on which something was asked and nothing has come for so long. kafkajs only gives up the request, and asks on the same
 * connection again, for ever if need be: the other side may be gone without a word.
 */
export function endWhenSilent(socket: Socket, { longestMs, lookMs } = silence): void {
  let [read, written, since] = [0, 0, performance.now()];
  const timer = setInterval(() => {
    const isWaiting = socket.bytesRead === read && socket.bytesWritten > written;
    if (!isWaiting) [read, written, since] = [socket.bytesRead, socket.bytesWritten, performance.now()];
    else if (performance.now() - since > longestMs)
      socket.destroy(new Error(`Nothing was answered for ${longestMs} ms.`));
  }, lookMs).unref();
  socket.once('close', () => {
    clearInterval(timer);
  });
}

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
