import { createHash } from 'node:crypto';
import type { Incoming } from '#messaging';

/** An id that is the same for the same word, for tests that speak of `story` and `comment`. */
export function idOf(word: string): string {
  return createHash('sha256')
    .update(word)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** A message as it comes from a topic, of what a test cares about; the rest is such as it could be. */
export function message(of: Pick<Incoming, 'type'> & Partial<Incoming>): Incoming {
  const { topic = 'drafting', partition = 0, key = idOf('story'), position = 1n } = of;
  const time = '2026-03-01T08:00:00.000000Z';
  return {
    ...{ topic, partition, key, position, previousPosition: position - 1n, offset: String(position - 1n) },
    ...{ id: idOf([topic, partition, position].join()), source: `/stet/${topic}`, version: 1, data: {} },
    ...{ time, recordedAt: time, logId: idOf(topic), sequence: Number(position), subject: key },
    ...{ correlationId: 'test', causationId: undefined, traceparent: undefined },
    ...of,
  };
}

/** Messages in the order of their topics: each comes after the one before it in its partition. */
export function inOrder(events: readonly (Pick<Incoming, 'type'> & Partial<Incoming>)[]): Incoming[] {
  const last = new Map<string, bigint>();
  return events.map((event) => {
    const place = [event.topic ?? 'drafting', event.partition ?? 0].join();
    const previousPosition = last.get(place) ?? 0n;
    last.set(place, previousPosition + 1n);
    return message({ ...event, position: previousPosition + 1n, previousPosition });
  });
}
