import type { Keyring } from '#keyring';
import type { Append, NewEvent } from './append.ts';

/** What is personal leaves as it is kept, or not at all: nothing else of it is sealed. */
function checked(event: NewEvent): NewEvent {
  if (event.internal?.payload ?? event.public)
    throw new Error(`${event.type} is personal, and would leave in the clear.`);
  return event;
}

/**
 * Appends with the personal fields of their events sealed, as the log and the topic are to have them; deciders and states know them as they
 * are. Throws the Rejection `person-erased`.
 */
export async function sealed(appends: readonly Append[], keyring: Keyring | undefined): Promise<readonly Append[]> {
  const personal = appends.filter((append) => append.personal);
  if (personal.length === 0) return appends;
  if (!keyring) throw new Error('There is no keyring to seal with.');
  const plain = personal.flatMap(({ stream, events }) =>
    events.map(checked).map(({ id, key: partitionKey, type, schemaVersion: version, payload }) => ({
      ...{ stream, partitionKey, id, type, version },
      data: JSON.parse(payload) as unknown,
    })),
  );
  const data = new Map((await keyring.seal(plain)).map((one, at) => [plain[at]?.id, one]));
  const kept = (event: NewEvent) => ({ ...event, payload: JSON.stringify(data.get(event.id)) });
  return appends.map((append) => (append.personal ? { ...append, events: append.events.map(kept) } : append));
}
