import { setTimeout as pause } from 'node:timers/promises';
import { endings, written } from './stories.ts';
import { longestWayMs, People, Stopped } from './people.ts';
import type { Random } from './random.ts';

const names = Object.keys(endings);

/** People at work: one story after the other, each with an ending that all others have had before any is had again. */
export class Traffic extends People {
  /** Endings that no story has come to yet. */
  private readonly untold = new Set(names);
  private readonly next: string[] = [];

  /** So many at work at a time, each with a rest between two stories, until `stop`. */
  async run(random: Random, atOnce: number, restMs: number): Promise<void> {
    const worker = async (own: Random) => {
      while (!this.stopping) {
        await this.story(own).catch(unlessStopped);
        await pause(restMs);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, () => worker(random.fork())));
  }

  /** However short a campaign is, and however slow the machine: each ending was come to, so that there is something to look at. */
  async untilTold(): Promise<void> {
    for (const deadline = Date.now() + longestWayMs; this.untold.size > 0;) {
      if (Date.now() > deadline) {
        this.noticed.push(...[...this.untold].map((name) => `no story came to its end: ${name}`));
        return;
      }
      await pause(100);
    }
  }

  private async story(random: Random): Promise<void> {
    if (this.next.length === 0) this.next.push(...names.toSorted(() => random.next() - 0.5));
    const name = this.next.pop() ?? '';
    await endings[name]?.(this, random, await written(this, random));
    this.untold.delete(name);
  }
}

function unlessStopped(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
}
