import type { Keyring } from '#keyring';
import type { Append, NewEvent } from './append.ts';

/**
 * An append with the personal fields of its events sealed, as the log and the topic are to have them; the decider and its state know them as
 * they are. Throws the Rejection `person-erased`.
 */
export async function sealed(append: Append, keyring: Keyring): Promise<Append> {
  const seal = async (event: NewEvent): Promise<NewEvent> => {
    if (event.internal?.payload ?? event.public)
      throw new Error(`What is personal leaves as it is kept, or not at all.`);
    const { id, key: partitionKey, type, schemaVersion: version } = event;
    const plain = { id, type, version, data: JSON.parse(event.payload) as unknown };
    const data = await keyring.seal(plain, { stream: append.stream, partitionKey });
    return { ...event, payload: JSON.stringify(data) };
  };
  return { ...append, events: await Promise.all(append.events.map(seal)) };
}
