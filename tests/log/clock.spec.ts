import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Rejection } from '#decider';
import type { Aggregate, EventStore } from '#event-store';
import { openLog, outcome, type TestLog } from './log.ts';
import { order, tally, type Tally, type TallyCommand, type TallyEvent } from './tally.ts';

let log: TestLog;
let store: EventStore;
beforeAll(async () => {
  log = await openLog(1);
  // What asks the database's clock by its plain name is shown another.
  await log.admin.query(`
    create table wrong as select interval '0' as by;
    grant select on wrong to public;
    create function clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + by from drafting.wrong';
    alter function append(json) set search_path = drafting, pg_catalog, pg_temp`);
  const options = encodeURIComponent('-c search_path=drafting,pg_catalog');
  store = await log.open({ connectionString: `${log.url}?options=${options}` });
});
afterAll(async () => {
  await store.close();
  await log.close();
});

const wrongBy = (interval: string) => log.admin.query('update wrong set by = $1', [interval]);
/** A tally that nothing is added to before an instant, and the moments at which that was asked. */
function shutUntil(until: string) {
  const moments: string[] = [];
  const shut: Aggregate<Tally, TallyCommand, TallyEvent> = {
    ...tally,
    decider: {
      ...tally.decider,
      decide(command, state) {
        moments.push(command.now);
        if (command.now < until) throw new Rejection('under-embargo', 'It may not be before.');
        return tally.decider.decide(command, state);
      },
    },
  };
  return { shut, moments };
}
const inMinutes = (minutes: number) => new Date(Date.now() + 60_000 * minutes).toISOString();

test('a clock that is set back: nothing is decided at a time that it has not come to', async () => {
  const { shut, moments } = shutUntil(inMinutes(30));
  const id = await log.begin();
  await wrongBy('1 hour');
  await store.load(shut, id);
  await wrongBy('0');
  expect(await outcome(store.execute(shut, order(id, 'add', { by: 1 })))).toBe('under-embargo');
  // It was let through by the clock that is remembered, and by that alone.
  const [remembered = '', looked = ''] = moments;
  expect([remembered > inMinutes(59), looked < inMinutes(1)]).toEqual([true, true]);
  expect((await log.store.load(tally, id)).version).toBe(1);
});

test('a clock that is set ahead: what waits for a time waits no longer once somebody has looked', async () => {
  const { shut } = shutUntil(inMinutes(30));
  const id = await log.begin();
  await store.load(shut, id);
  await wrongBy('1 hour');
  expect(await outcome(store.execute(shut, order(id, 'add', { by: 1 })))).toBe('accepted');
  // What is written is never older than what was before; so what is set back goes on from there.
  await wrongBy('0');
  expect(await outcome(store.execute(shut, order(id, 'add', { by: 1 })))).toBe('accepted');
});
