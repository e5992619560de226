import { microsOf, type Timer } from './event.ts';

/** A timer that is set, or set anew; without `due_at` (microseconds since 1970), one that is cancelled. As the append function takes it. */
export interface TimerChange {
  readonly name: string;
  readonly epoch: number;
  readonly due_at?: string;
  readonly command?: Timer['command'];
}

/** What has to be written for the timers of one state to become those of the next. */
export function timerChanges(before: readonly Timer[], after: readonly Timer[]): TimerChange[] {
  const stands = (timer: Timer, among: readonly Timer[]) =>
    among.some(({ name, epoch }) => name === timer.name && epoch === timer.epoch);
  const named = new Set(after.map(({ name }) => name));
  return [
    ...before.filter(({ name }) => !named.has(name)).map(({ name, epoch }) => ({ name, epoch })),
    ...after
      .filter((timer) => !stands(timer, before))
      .map(({ name, epoch, at, command }) => ({ name, epoch, due_at: String(microsOf(at)), command })),
  ];
}
