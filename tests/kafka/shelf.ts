import type { Checkpoint, Consumer, PartitionBatch, Place } from '#messaging';

const nameOf = ({ topic, partition }: Place) => `${topic}/${partition}`;
const equal = (a: Checkpoint | undefined, b: Checkpoint | undefined) =>
  a?.logId === b?.logId && a?.nextOffset === b?.nextOffset && a?.lastPosition === b?.lastPosition;

/**
 * What was read, with a checkpoint that moves by compare-and-set in the same step: the least that a consumer can write to. Several consumers
 * may share one.
 */
export class Shelf {
  private readonly checkpoints = new Map<string, Checkpoint>();
  private readonly applied = new Map<string, bigint[]>();

  load(topic: string, partition: number): Promise<Checkpoint | undefined> {
    return Promise.resolve(this.checkpoints.get(nameOf({ topic, partition })));
  }

  apply(batch: PartitionBatch): 'done' | 'lost' {
    if (!equal(this.checkpoints.get(nameOf(batch)), batch.from)) return 'lost';
    this.checkpoints.set(nameOf(batch), batch.to);
    this.applied.set(nameOf(batch), [...this.read(batch), ...batch.messages.map(({ position }) => position)]);
    return 'done';
  }

  /** The positions applied, in the order in which they were. */
  read(place: Place): readonly bigint[] {
    return this.applied.get(nameOf(place)) ?? [];
  }

  set(place: Place, checkpoint: Checkpoint): void {
    this.checkpoints.set(nameOf(place), checkpoint);
  }
}

/** 1, 2, … n */
export const positions = (count: number) => Array.from({ length: count }, (_, at) => BigInt(at + 1));
/** As many events, to be completed by the sender. */
export const events = (count: number) => Array.from({ length: count }, () => ({}));

/** Less than a test may take, so that it is the wait that fails and what was started is stopped. */
const patienceMs = 50_000;

export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`In vain waited for ${holds.toString()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export const holds = (consumer: Pick<Consumer, 'assigned'>, place: Place) =>
  consumer.assigned().some((one) => nameOf(one) === nameOf(place));
