// A process that keeps a text and is killed once it has said so: `node --conditions=built keeper.ts <database> <stream> <person> <html>`.
import { EventStore } from '#event-store';

const [, , connectionString = '', stream = '', person = '', html = ''] = process.argv;
const store = await EventStore.open({ connectionString, service: 'drafting' });
const text = { base: 1, put: [{ id: 'p1', kind: 'paragraph', html, attributions: [] }] };
await store.work.keepAutosave({ stream, person, session: 'one' }, { refused: false, text });
console.log('kept');
process.kill(process.pid, 'SIGKILL');
