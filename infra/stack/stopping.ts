import { end, endTools, type Place, type Recorded, stillRunning } from './processes.ts';

// Services finish what they have in flight; the broker hands over; Postgres cuts its sessions, which loses nothing that was committed.
const rest: { signal: NodeJS.Signals; graceMs: number } = { signal: 'SIGTERM', graceMs: 15_000 };
const last: Record<string, { signal: NodeJS.Signals; graceMs: number }> = {
  kafka: { signal: 'SIGTERM', graceMs: 20_000 },
  postgres: { signal: 'SIGINT', graceMs: 20_000 },
};

/**
 * Ends everything that the records of this place name, in order: services, Kafka, Postgres. That is both how a stack stops and how a start
 * gets rid of what an earlier one left, so it needs nothing in memory. Starts under way are stopped as well.
 */
export async function stopRecorded(place: Place, say: (line: string) => void): Promise<void> {
  const groups = [(name: string) => !(name in last), ...Object.keys(last).map((key) => (name: string) => name === key)];
  for (const belongs of groups) {
    const running = stillRunning(place.records).filter(({ name }) => belongs(name));
    if (running.length === 0) continue;
    say(`Stopping ${running.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')} …`);
    await Promise.all(running.map(stop));
  }
  // Removes the records of what has just ended.
  stillRunning(place.records);
}

function stop(process: Recorded): Promise<void> {
  const { signal, graceMs } = last[process.name] ?? rest;
  return end(process, signal, graceMs);
}

/** Lets nothing more be started and ends everything that was, also what is only just starting. */
export async function close(place: Place, say: (line: string) => void): Promise<void> {
  place.closing = true;
  endTools();
  await stopRecorded(place, say);
}
