// Run in a copy: ends with 0 when the whole system still starts.
import { newHome, openNewsroom } from '../newsroom.ts';

const newsroom = await openNewsroom({}, newHome());
await newsroom.close();
process.exit(0);
