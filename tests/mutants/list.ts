/** A promise broken on purpose: in this file this text, which is there once, gives way to another, and this test must turn red. */
export interface Mutant {
  /** As docs/architecture.md and the tests speak of it. */
  readonly promise: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A pattern of jest's for the file of the test. */
  readonly test: string;
}

const functions = 'infra/postgres/log/functions.sql';

export const mutants: readonly Mutant[] = [
  {
    ...{ promise: 'L1 append-only', file: functions, test: 'tests/log/verify' },
    find: `raise exception 'the log is append-only' using errcode = 'insufficient_privilege';`,
    replace: 'return null;',
  },
  {
    ...{ promise: 'L2 positions without holes', file: functions, test: 'tests/log/positions' },
    find: 'order by shard for update;',
    replace: 'order by shard;',
  },
  {
    ...{ promise: 'L3 expected versions', file: functions, test: 'tests/log/versions' },
    find: 'else e.found = e.expected end)',
    replace: 'else true end)',
  },
  {
    ...{ promise: 'L4 guards in the same call', file: functions, test: 'libs/event-store/src/guards' },
    find: 'case when e.guard_moved or e.decided_at',
    replace: 'case when e.decided_at',
  },
  {
    ...{ promise: 'nothing is decided before its time', file: functions, test: 'tests/log/clock' },
    find: 'or e.decided_at > h.recorded_at or',
    replace: 'or',
  },
  {
    ...{
      promise: 'L5 one that makes the call raise fails alone',
      file: 'libs/gather/src/index.ts',
      test: 'tests/log/together',
    },
    find: 'else for (const one of taken) await this.send([one]);',
    replace: 'else for (const one of taken) one.failed(error);',
  },
  {
    ...{ promise: 'L6 a command id answers the same for ever', file: functions, test: 'tests/log/repeats' },
    find: "then 'replay' else 'mismatch' end",
    replace: "then 'replay' else 'replay' end",
  },
  {
    ...{ promise: 'L6 harmless repeats are remembered', file: functions, test: 'tests/log/repeats' },
    find: "if outcome = 'ok' and e.events = 0 then",
    replace: 'if false then',
  },
  {
    ...{ promise: 'L7 the chain', file: 'libs/event-store/src/verify.ts', test: 'tests/log/verify' },
    find: 'numbers.writeBigInt64BE(BigInt(value), at * 8);',
    replace: 'numbers.writeBigInt64BE(BigInt(value) * 0n, at * 8);',
  },
  {
    ...{ promise: 'L7 all that a row says', file: 'libs/event-store/src/append.ts', test: 'tests/log/verify' },
    find: "...(['public_type', 'public_version', 'public_payload'] as const),",
    replace: '',
  },
  {
    ...{ promise: 'L8 what was ever written is read', file: 'libs/contracts/src/moderation.ts', test: 'tests/replay' },
    find: 'const { by, ...rest } = data as { by: Person };',
    replace: "const { by: _by, ...rest } = data as { by: Person }; const by = { id: 'x', name: 'x' };",
  },
  {
    ...{
      promise: 'L8 what was ever sent is shown',
      file: 'apps/reading/src/open-read-models.ts',
      test: 'tests/replay',
    },
    find: ': events).map(lifted);',
    replace: ': events).map((event) => event);',
  },
  {
    ...{ promise: 'L9 times never go back', file: functions, test: 'tests/log/positions' },
    find: 'h.recorded_at := greatest(h.recorded_at, clock);',
    replace: 'h.recorded_at := clock;',
  },
  {
    ...{
      promise: 'the fence of the relay',
      file: 'libs/event-store/src/relay-store.ts',
      test: 'libs/event-store/src/relay-store',
    },
    find: 'where shard = $1 and position = $2 and (select epoch from relay_lease) = $4`',
    replace: 'where shard = $1 and position = $2 and $4 = $4`',
  },
  {
    ...{ promise: 'a gap stops the reader', file: 'libs/messaging/src/following.ts', test: 'tests/kafka/consumer' },
    find: 'message.previousPosition === last',
    replace: 'message.previousPosition <= message.position',
  },
  {
    ...{ promise: 'what repeats is dropped', file: 'libs/messaging/src/following.ts', test: 'tests/kafka/consumer' },
    find: 'if (message.position <= last) continue;',
    replace: '',
  },
  {
    ...{ promise: 'P1 exactly once', file: 'libs/projections/src/lane.ts', test: 'libs/projections/src/lane' },
    find: 'messages.filter(({ position }) => position > after(standing))',
    replace: 'messages',
  },
  {
    ...{
      promise: 'P1 rows and checkpoint together',
      file: 'libs/projections/src/checkpoints.ts',
      test: 'libs/projections/src/lane',
    },
    find: "order by c.projection, c.version ${lock ? 'for update of c' : ''}",
    replace: 'order by c.projection, c.version',
  },
  {
    ...{
      promise: 'P2 one order of rows for all who write them',
      file: 'libs/projections/src/write.ts',
      test: 'libs/projections/src/rings',
    },
    find: 'order by ${quoted(keys)}\n     on conflict',
    replace: 'order by random()\n     on conflict',
  },
  {
    ...{
      promise: 'P3 later events of a parked key wait',
      file: 'libs/projections/src/parking.ts',
      test: 'libs/projections/src/lane',
    },
    find: 'stuck.add(event.key);',
    replace: '',
  },
  {
    ...{
      promise: 'P3 what was wished is written down',
      file: 'libs/parking/src/index.ts',
      test: 'libs/projections/src/lane',
    },
    find: "if (failure !== undefined) await settle(client, wishes, 'failed', failure);",
    replace: "if (failure !== undefined) await settle(client, wishes, 'gone', failure);",
  },
  {
    ...{
      promise: 'P4 only what is alike takes over',
      file: 'libs/projections/src/generations.ts',
      test: 'libs/projections/src/rebuilding',
    },
    find: 'generation.differs === true || areAlike(expected, found)',
    replace: 'generation.differs !== false || areAlike(expected, found)',
  },
  {
    ...{
      promise: 'P4 emptied read models are fetched again',
      file: 'libs/projections/src/running.ts',
      test: 'libs/projections/src/projections.spec',
    },
    find: 'await this.fetchAgain();',
    replace: '',
  },
  {
    ...{
      promise: 'P5 no answer is older than what was asked for',
      file: 'libs/projections/src/progress.ts',
      test: 'libs/projections/src/projections.spec',
    },
    find: "return checkpoint.lastPosition >= goal.position ? 'reached' : 'late';",
    replace: "return 'reached';",
  },
  {
    ...{
      promise: 'P6 nothing comes from the order of arrival',
      file: 'libs/projections/src/write.ts',
      test: 'libs/projections/src/(interleaving|folding|lane)',
    },
    find: 'coalesce(row.${quoted([name])}, 0) + excluded',
    replace: '0 + excluded',
  },
  {
    ...{
      promise: 'reactions have derived ids',
      file: 'libs/messaging/src/reactions.ts',
      test: 'tests/kafka/reactions',
    },
    find: "commandId: commandId('reaction', name, message.id, String(at)),",
    replace: "commandId: commandId('reaction', name, message.id, String(at), String(Math.random())),",
  },
  {
    ...{ promise: 'timers never fire early', file: 'libs/event-store/src/timer-store.ts', test: 'tests/log/timers' },
    find: 'where greatest(due_at, rests_until) <= ${clock} and',
    replace: 'where greatest(due_at, rests_until) <= ${clock} + 60000000 and',
  },
  {
    ...{ promise: 'timers that are set come due', file: functions, test: 'tests/faults/faults' },
    find: 'insert into timer select * from unnest(moved) as due where due.due_at is not null',
    replace: 'insert into timer select * from unnest(moved) as due where false',
  },
  {
    ...{ promise: 'the fence of the timers', file: 'libs/event-store/src/timer-store.ts', test: 'tests/log/timers' },
    find: '<= ${clock} and (select epoch from timer_lease) = $1',
    replace: '<= ${clock} and $1 = $1',
  },
  {
    ...{ promise: 'what is sealed is bound to its place', file: 'libs/keyring/src/fields.ts', test: 'libs/keyring' },
    find: 'replace(text, JSON.stringify([event.id, ...path]))',
    replace: "replace(text, '')",
  },
  {
    ...{
      promise: 'erasure waits for whoever uses the key',
      file: 'infra/postgres/keyring/functions.sql',
      test: 'libs/keyring',
    },
    find: "perform pg_advisory_xact_lock(hashtextextended('keyring', 0));",
    replace: '',
  },
  {
    ...{ promise: 'erasure destroys the key', file: 'infra/postgres/keyring/functions.sql', test: 'libs/keyring' },
    find: 'update person set key = null, erased_at = now() where id = who and key is not null;',
    replace: 'update person set erased_at = now() where id = who and key is not null;',
  },
  {
    ...{ promise: 'one holder of a lease', file: 'libs/event-store/src/lease.ts', test: 'tests/faults/faults' },
    find: 'where holder is null or holder = $1 or expires_at < clock_timestamp() returning epoch',
    replace: 'where true or holder = $1 returning epoch',
  },
  {
    ...{ promise: 'a silent connection is ended', file: 'libs/messaging/src/socket.ts', test: 'messaging/src/socket' },
    find: 'if (socket.bytesWritten === answered) since = now;',
    replace: 'if (socket.bytesWritten >= answered) since = now;',
  },
  {
    promise: 'one person approves only what is urgent',
    ...{ file: 'apps/drafting/src/article/lone.ts', test: 'apps/drafting/src/article/lone' },
    find: '&& urgency <= urgent',
    replace: '&& urgency <= 9',
  },
  {
    promise: 'no image goes out without a credit and rights',
    ...{ file: 'apps/drafting/src/desk/requirements.ts', test: 'apps/drafting/src/desk/desk' },
    find: "...needs('image-credit', 'image-rights'),",
    replace: '',
  },
  {
    ...{ promise: 'an image has no address but one of https', file: 'libs/contracts/src/markup.ts' },
    test: 'libs/contracts/src/markup',
    find: String.raw`/^https:\/\/[^\s\\]+$/i.test(text)`,
    replace: 'text.length > 0',
  },
];
