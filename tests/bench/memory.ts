import { life } from './commands.ts';
import type { Figure, Scale } from './figures.ts';
import { rate } from './load.ts';
import type { System } from './system.ts';

const sampleEveryMs = 200;

/** The most that each service takes while 50 clients write articles and 10 read the board. */
export async function memory(system: System, { seconds }: Scale): Promise<Figure[]> {
  const most = new Map<string, number>();
  const sample = setInterval(() => {
    for (const [name, value] of Object.entries(system.memory())) most.set(name, Math.max(value, most.get(name) ?? 0));
  }, sampleEveryMs);
  const { live, close } = await life(system);
  const reader = await system.as('editor', 'reading');
  const look = () => reader.send('/board').then(() => 1);
  await Promise.all([rate(50, 5 * seconds, live), rate(10, 5 * seconds, look)]);
  clearInterval(sample);
  close();
  reader.close();
  return [...most].map(([name, value]) => ({
    ...{ name: `resident under load: ${name}`, value, unit: 'MB' },
    aims: { value: { most: 150 } },
  }));
}
