import { type Command, decider, Rejection } from '#decider';
import { type Aggregate, timerRole } from '#event-store';

/** An aggregate that rings at a time: what the log's timers are tested with. */
export interface Alarm {
  readonly status: 'none' | 'set' | 'quiet';
  readonly id: string;
  readonly at: string;
  readonly epoch: number;
}
type Set = Command & { type: 'set'; data: { id: string; at: string } };
type Cancel = Command & { type: 'cancel'; data: object };
type Ring = Command & { type: 'ring'; data: { epoch: number } };
export type AlarmCommand = Set | Cancel | Ring;
type AlarmEvent =
  | { type: 'AlarmSet'; data: { id: string; at: string } }
  | { type: 'AlarmCancelled'; data: object }
  | { type: 'AlarmRang'; data: { at: string; now: string } };

const any = ['none', 'set', 'quiet'] as const;
export const alarm: Aggregate<Alarm, AlarmCommand, AlarmEvent> = {
  category: 'alarm',
  decider: decider<Alarm, AlarmCommand, AlarmEvent>(
    { status: 'none', id: '', at: '', epoch: 0 },
    {
      set: { from: any, by: ['clerk'], decide: ({ data }) => [{ type: 'AlarmSet', data }] },
      cancel: { from: any, by: ['clerk'], decide: () => [{ type: 'AlarmCancelled', data: {} }] },
      ring: {
        from: any,
        by: [timerRole],
        decide: ({ data, now }, { status, epoch, at }) => {
          if (status !== 'set' || data.epoch !== epoch) throw new Rejection('timer-outdated', 'It was moved.');
          return [{ type: 'AlarmRang', data: { at, now } }];
        },
      },
    },
    {
      AlarmSet: (state, { id, at }) => ({ status: 'set', id, at, epoch: state.epoch + 1 }),
      AlarmCancelled: (state) => ({ ...state, status: 'quiet' }),
      AlarmRang: (state) => ({ ...state, status: 'quiet' }),
    },
  ),
  partitionKey: ({ id }) => id,
  announce: () => ({ internal: 'payload' }),
  versionOf: () => 1,
  timers: ({ status, at, epoch }) =>
    status === 'set' ? [{ name: 'ring', epoch, at, command: { type: 'ring', data: { epoch } } }] : [],
};
