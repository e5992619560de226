// Run in a copy: ends with 0 when the whole system still starts.
import { openNewsroom } from '../newsroom.ts';

const newsroom = await openNewsroom();
await newsroom.close();
process.exit(0);
