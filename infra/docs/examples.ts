import { existsSync, readFileSync } from 'node:fs';

/** One real message of each kind, as a story that was played through the whole system left it: data by event type. */
export const examplesFile = new URL('../../docs/messages.json', import.meta.url);

export function examples(): ReadonlyMap<string, unknown> {
  if (!existsSync(examplesFile)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(examplesFile, 'utf8')) as Record<string, unknown>));
}
