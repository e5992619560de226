import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import { EventSource } from 'eventsource';

export const isStream = (response: Response): boolean =>
  (response.headers.get('content-type') ?? '').startsWith('text/event-stream');

/** What comes first of a stream that would go on; the connection ends with it. */
export async function firstOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const first = (await reader?.read()) as { value?: Uint8Array } | undefined;
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}
export const bodyOf = (response: Response): Promise<unknown> =>
  isStream(response) ? firstOf(response) : response.json();

/** A server-sent event as it came. */
export interface Heard {
  readonly event: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
}
export interface Listening {
  readonly heard: Heard[];
  /** Those of a kind, once there are so many. */
  of(event: string, many: number): Promise<Heard[]>;
  /** How often it has connected. */
  connected(): number;
  close(): void;
}
const patienceMs = 15_000;
/** Of all that listen; a test that fails leaves some behind, which would keep its process. */
const sources: EventSource[] = [];
afterAll(() => {
  for (const source of sources) source.close();
});

/** Listens as a client does that knows nothing of us: it comes back by itself, and says what it received last. */
export function listen(url: string, token: string, events: readonly string[], lastEventId?: string): Listening {
  const heard: Heard[] = [];
  let connected = 0;
  const source = new EventSource(url, {
    fetch: (address, init) =>
      fetch(address, {
        ...init,
        headers: {
          ...(connected === 0 && lastEventId !== undefined ? { 'last-event-id': lastEventId } : {}),
          ...init.headers,
          authorization: `Bearer ${token}`,
        },
      }),
  });
  sources.push(source);
  source.addEventListener('open', () => connected++);
  for (const event of events)
    source.addEventListener(event, ({ data, lastEventId: id }) => {
      heard.push({ event, id, data: JSON.parse(String(data)) as Heard['data'] });
    });
  return {
    heard,
    connected: () => connected,
    async of(event, many) {
      const found = () => heard.filter((one) => one.event === event);
      const until = performance.now() + patienceMs;
      while (found().length < many && performance.now() < until) await pause(20);
      return found();
    },
    close() {
      source.close();
    },
  };
}
