import { setTimeout as pause } from 'node:timers/promises';
import { type Broker, type End, type Lying, type Onlooker, type Place, startOnlooker } from '#messaging';

/** Messages that are looked at in a second. */
const pace = 2000;
/** From the end of one walk to the next, while something is missing that may have been sent again. Milliseconds. */
const restMs = 5000;
export const keyOf = ({ topic, partition }: Place) => `${topic}/${partition}`;

/** A look at topics from their beginning: once, again when their beginning has moved, and while anything is in doubt. */
export class Walk {
  private onlooker: Onlooker | undefined;
  private lows: ReadonlyMap<string, bigint> = new Map();
  private endedAt = 0;

  constructor(
    private readonly broker: Broker,
    /** What is to be told of everything that lies there; made anew for each walk. */
    private readonly begin: (at: readonly Place[]) => (place: Place, lying: readonly Lying[]) => Promise<void>,
  ) {}

  /** Begins one, or ends one that has come to the ends of the topics as they are now. */
  async look(ends: readonly End[], inDoubt: boolean): Promise<void> {
    const moved = ends.some((end) => this.lows.get(keyOf(end)) !== end.low);
    const again = inDoubt && !this.onlooker && performance.now() - this.endedAt > restMs;
    if (moved || again) await this.start(ends);
    else if (ends.every((end) => (this.onlooker?.next(end) ?? end.high) >= end.high)) await this.stop();
  }

  /** The next look begins one, whatever was seen. */
  forget(): void {
    this.lows = new Map();
  }

  async stop(): Promise<void> {
    const { onlooker } = this;
    if (!onlooker) return;
    this.onlooker = undefined;
    this.endedAt = performance.now();
    await onlooker.stop();
  }

  private async start(ends: readonly End[]): Promise<void> {
    await this.stop();
    const take = this.begin(ends);
    this.onlooker = await startOnlooker({
      broker: this.broker,
      from: ends.map(({ low, ...place }) => ({ ...place, offset: low })),
      take: async (place, lying) => {
        await take(place, lying);
        await pause((1000 * lying.length) / pace);
      },
    });
    this.lows = new Map(ends.map((end) => [keyOf(end), end.low]));
  }
}
