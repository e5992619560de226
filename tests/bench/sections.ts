import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTerminal } from '../../infra/stack/stack.ts';
import { appends } from './appends.ts';
import { commands } from './commands.ts';
import { drafting } from './drafting.ts';
import { drift } from './drift.ts';
import type { Figure, Scale } from './figures.ts';
import { growth } from './growth.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { rebuild } from './rebuild.ts';
import { relay } from './relay.ts';
import { start } from './start.ts';
import { sustained } from './sustained.ts';
import { startSystem, type System } from './system.ts';

type Section = (system: System, scale: Scale, told: (soFar: string) => void) => Promise<Figure[]>;

/** In the order that they are measured in: what wants a young system comes first, what leaves much behind comes last. */
const onOneSystem: Readonly<Record<string, Section>> = {
  ...{ pages, appends, relay, commands, latency, drift, drafting, memory, sustained, rebuild },
};
export const names = [...Object.keys(onOneSystem), 'start', 'growth'];

async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'stet-bench-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
async function withSystem<T>(home: string, work: (system: System) => Promise<T>): Promise<T> {
  const system = await toTerminal.step('Starting the system', () => startSystem(home));
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
}

/** Measures these sections, and tells what it has measured after each. */
export async function measure(wanted: readonly string[], scale: Scale, measured: (figures: Figure[]) => void) {
  const step = async (name: string, work: (told: (soFar: string) => void) => Promise<Figure[]>) => {
    try {
      measured(await toTerminal.step(name, work));
    } catch (error) {
      // The others are worth having all the same.
      console.error(error);
      process.exitCode = 1;
    }
  };
  const these = Object.entries(onOneSystem).filter(([name]) => wanted.includes(name));
  if (these.length > 0 || wanted.includes('start'))
    await withHome(async (home) => {
      await withSystem(home, async (system) => {
        for (const [name, section] of these) await step(name, (told) => section(system, scale, told));
      });
      if (wanted.includes('start')) await step('start', () => start(home));
    });
  // On a system of its own: its first size is a small one.
  if (wanted.includes('growth'))
    await withHome((home) => withSystem(home, (system) => step('growth', (told) => growth(system, scale, told))));
}
