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
  private forgotten = false;

  constructor(
    private readonly broker: Broker,
    /** Answers what is to be told of everything that lies there; `moved`: places whose beginning was cut off since the last. */
    private readonly begin: (
      at: readonly Place[],
      moved: readonly Place[],
    ) => (place: Place, lying: readonly Lying[]) => Promise<void>,
  ) {}

  /** Begins one, or ends one that has come to the ends of the topics as they are now. */
  async look(ends: readonly End[], inDoubt: boolean): Promise<void> {
    const moved = ends.filter((end) => this.lows.get(keyOf(end)) !== end.low);
    const again = this.forgotten || (inDoubt && !this.onlooker && performance.now() - this.endedAt > restMs);
    if (moved.length > 0 || again) await this.start(ends, moved);
    else if (ends.every((end) => (this.onlooker?.next(end) ?? end.high) >= end.high)) await this.stop();
  }

  /** The next look begins one, whatever was seen. */
  forget(): void {
    this.forgotten = true;
  }

  async stop(): Promise<void> {
    const { onlooker } = this;
    if (!onlooker) return;
    this.onlooker = undefined;
    this.endedAt = performance.now();
    await onlooker.stop();
  }

  private async start(ends: readonly End[], moved: readonly Place[]): Promise<void> {
    await this.stop();
    const take = this.begin(ends, moved);
    this.onlooker = await startOnlooker({
      broker: this.broker,
      from: ends.map(({ low, ...place }) => ({ ...place, offset: low })),
      take: async (place, lying) => {
        await take(place, lying);
        await pause((1000 * lying.length) / pace);
      },
    });
    this.lows = new Map(ends.map((end) => [keyOf(end), end.low]));
    this.forgotten = false;
  }
}
