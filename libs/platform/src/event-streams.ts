import { PassThrough } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Operations } from './operations.ts';
import { Problem } from './problem.ts';
import { header, visitOf } from './visit.ts';

const mediaType = 'text/event-stream';
/** Streams at a time, of this process and of one person in it; bytes that wait for somebody who is slow to read. */
const most = { open: 1000, ofOne: 20, waiting: 262_144 };
/**
 * Milliseconds between two signs of life, so that nobody takes a quiet connection for a dead one; and after which a stream ends: who
 * comes back shows a token that is still good.
 */
const [betweenSigns, longest] = [5000, 300_000];
/** Milliseconds after which a client is asked to come back. */
const comeBack = 1000;

export const isEventStream = (reply: FastifyReply): boolean =>
  String(reply.getHeader('content-type') ?? '').startsWith(mediaType);

/** What a client says it has received last. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  header(visitOf(context), 'last-event-id'),
);

/** Server-sent events (HTML, section 9.2) to one client. */
export interface EventStream {
  /** Whoever comes back with this `id` has this event and all before it. Who is too far behind is cut off, and comes back. */
  send(event: string, data: object, id?: string): void;
  end(): void;
  /** Calls back once it has ended, whoever ended it. */
  onEnd(then: () => void): void;
}

/** The streams of this process; all end when it begins to stop. */
export class EventStreams {
  readonly #open = new Map<PassThrough, string>();
  readonly #operations: Operations;

  constructor(operations: Operations) {
    this.#operations = operations;
    operations.gauge('stet_event_streams', 'Clients that listen to server-sent events.', () => this.#open.size);
    operations.stop.addEventListener('abort', () => {
      for (const out of this.#open.keys()) out.end();
    });
  }

  /** Begins to answer. Throws `overloaded` when too many listen, or this caller does too often. */
  open(reply: FastifyReply, caller: string): EventStream {
    const ofOne = [...this.#open.values()].filter((other) => other === caller).length;
    if (this.#open.size >= most.open || ofOne >= most.ofOne) throw new Problem('overloaded');
    if (this.#operations.stopping) throw new Problem('stopping');
    const out = new PassThrough();
    this.#open.set(out, caller);
    const signs = setInterval(() => {
      write(out, ':\n\n');
    }, betweenSigns);
    const last = setTimeout(() => {
      out.end();
    }, longest);
    out.once('close', () => {
      clearInterval(signs);
      clearTimeout(last);
      this.#open.delete(out);
    });
    write(out, `retry: ${comeBack}\n\n`);
    void reply.headers({ 'content-type': mediaType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).send(out);
    return {
      send(event, data, id) {
        write(out, `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
      },
      end() {
        out.end();
      },
      onEnd(then) {
        out.once('close', then);
      },
    };
  }
}

function write(out: PassThrough, text: string): void {
  if (!out.writable) return;
  out.write(text);
  if (out.readableLength + out.writableLength > most.waiting) out.destroy();
}
