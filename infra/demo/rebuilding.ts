import { Trouble } from '../stack/trouble.ts';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import { counted } from './telling.ts';

interface Digest {
  readonly readModel: string;
  readonly digest: string;
  readonly position: string;
  readonly rows: Readonly<Record<string, number>>;
}

// Reactions may still be on their way, and others may be at work: then it is done once more.
const mostTries = 10;

/** Has all read models built again from Kafka beside those that serve, and throws unless they come to the same as before. */
export async function rebuild({ cast: { operator }, teller }: Scene, newest: readonly string[]): Promise<void> {
  const { chapter, tell, show } = teller;
  chapter('All read models are built again, beside those that serve');
  for (let tries = 1; tries <= mostTries; tries++) {
    const before = await settled(operator, newest);
    tell(operator.called, 'has all of them built again from the start of the topics, while the old ones go on serving');
    const began = performance.now();
    await operator.command('reading', '/operations/rebuild');
    await tookOver(operator);
    const again = await digests(
      operator,
      before.map(({ position }) => position),
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (standAlike(before, again)) {
      requireEqual(before, again);
      for (const { readModel, digest, rows } of again)
        show(`${readModel.padEnd(18)} ${digest.slice(0, 16)}…  ${rowsOf(rows)}`);
      tell(
        'reading',
        `serves new tables after ${seconds} s: ${counted(again.length, 'read model')}`,
        'the same digests as before',
      );
      return;
    }
    tell('reading', 'has heard more in the meantime, so the digests cannot be compared: once more');
  }
  throw new Trouble('Others are at work here, so the digests before and after cannot be compared.');
}

interface Generation {
  readonly readModel: string;
  readonly version: number;
  readonly state: string;
  readonly serving: boolean;
}

/** Waits until nothing is being built any more; throws if one of them came to something else. */
async function tookOver(operator: Person): Promise<void> {
  for (;;) {
    const { body } = await operator.ask('reading', '/operations/generations');
    const generations = body.generations as Generation[];
    const failed = generations.find(({ state }) => state === 'failed');
    if (failed) throw new Trouble(`${failed.readModel} came to something else when it was built again.`);
    if (generations.every(({ state }) => state === 'kept')) return;
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** What reactions still have to say comes a moment after the last command: the digests of two looks that found the same positions. */
async function settled(operator: Person, newest: readonly string[]): Promise<Digest[]> {
  let [first, second] = [await digests(operator, newest), await digests(operator, newest)];
  while (!standAlike(first, second)) [first, second] = [second, await digests(operator, newest)];
  return second;
}

const standAlike = (some: readonly Digest[], others: readonly Digest[]) =>
  some.every(({ position }, index) => position === others[index]?.position);

/** Of all read models, once they are as new as each of these positions. */
async function digests(operator: Person, newest: readonly string[]): Promise<Digest[]> {
  let found: Digest[] = [];
  for (const after of new Set(newest)) {
    const { body } = await operator.ask('reading', '/operations/digests', { after });
    found = body.digests as Digest[];
  }
  return found;
}

export function requireEqual(before: readonly Digest[], again: readonly Digest[]): void {
  before.forEach(({ readModel, digest }, index) => {
    const now = again[index]?.digest ?? 'nothing';
    if (now !== digest) throw new Trouble(`${readModel} came to ${digest} before it was rebuilt, and to ${now} after.`);
  });
}

const rowsOf = (rows: Digest['rows']) =>
  counted(
    Object.values(rows).reduce((sum, count) => sum + count, 0),
    'row',
  );
