import { type Actor, type Command, decider } from '#decider';
import { type Aggregate, commandId, type Order } from '#event-store';

/** The aggregate that the log is tested with: opened, added to, shut. */
export interface Tally {
  readonly status: 'none' | 'open' | 'shut';
  readonly id: string;
  readonly sum: number;
}
type Open = Command & { type: 'open'; data: { id: string } };
type Add = Command & { type: 'add'; data: { by: number; note?: string } };
type Shut = Command & { type: 'shut'; data: object };
export type TallyCommand = Open | Add | Shut;
export type TallyEvent =
  | { type: 'Opened'; data: { id: string } }
  | { type: 'Added'; data: { by: number; note: string } }
  | { type: 'WasShut'; data: object };

export const tally: Aggregate<Tally, TallyCommand, TallyEvent> = {
  category: 'tally',
  decider: decider<Tally, TallyCommand, TallyEvent>(
    { status: 'none', id: '', sum: 0 },
    {
      open: { from: ['none'], by: ['clerk'], decide: ({ data }) => [{ type: 'Opened', data }] },
      add: {
        from: ['open'],
        by: ['clerk'],
        decide: ({ data: { by, note = '' } }) => (by === 0 ? [] : [{ type: 'Added', data: { by, note } }]),
      },
      shut: { from: ['open'], by: ['clerk'], decide: () => [{ type: 'WasShut', data: {} }] },
    },
    {
      Opened: (state, { id }) => ({ ...state, status: 'open', id }),
      Added: (state, { by }) => ({ ...state, sum: state.sum + by }),
      WasShut: (state) => ({ ...state, status: 'shut' }),
    },
  ),
  partitionKey: ({ id }) => id,
  announce: () => ({ internal: 'payload' }),
  versionOf: () => 1,
};

const clerk: Actor = { id: 'c', name: 'Clerk', roles: ['clerk'], desks: [] };
let counted = 0;
export const fresh = () => commandId('test', String(process.pid), String(counted++));
type Sent = { [T in TallyCommand['type']]: Extract<TallyCommand, { type: T }>['data'] };

export function order<T extends keyof Sent>(
  id: string,
  type: T,
  data: Sent[T],
  more: Partial<Order<TallyCommand>> = {},
) {
  const command = { type, data, actor: clerk } as Order<TallyCommand>['command'];
  return { id, command, commandId: fresh(), fingerprint: 'test', trace: { correlationId: 'test' }, ...more };
}
