import { randomUUID } from 'node:crypto';
import type { Alone } from '../services/alone.ts';
import type { Teller } from './teller.ts';

/** What operators see and do about messages that a service could not react to, in the examples of its API. Answers the number of one. */
export async function tellOperations({ store }: Pick<Alone, 'store'>, { play, look }: Teller): Promise<string> {
  for (const key of [randomUUID(), randomUUID()]) {
    const message = { id: randomUUID(), type: 'ArticleApproved', key, data: {} };
    await store.reactions.park({ topic: 'drafting', partition: 0 }, { ...message, message, reason: 'fault: broken' });
  }
  const { items } = (await look('operator omar', '/operations/parked')) as { items: { number: string }[] };
  const number = items[0]?.number ?? '';
  await look('auditor ada', `/operations/parked/${number}`);
  await play('operator omar', `/operations/parked/${number}/retry`);
  await play('operator omar', `/operations/parked/${number}/skip`);
  await play('operator omar', '/operations/parked/retry');
  await look('auditor ada', '/operations/wishes');
  return number;
}
