// A process that appends once: `node --conditions=built writer.ts <database> <tally> <command id>`. Prints its answer, if it lives to have one.
import { EventStore } from '#event-store';
import { order, tally } from './tally.ts';

const [, , connectionString = '', id = '', commandId = ''] = process.argv;
const store = await EventStore.open({ connectionString, service: 'drafting' });
const answer = await store.execute(tally, order(id, 'add', { by: 1 }, { commandId, fingerprint: 'a' }));
await store.close();
console.log(JSON.stringify(answer));
