const stops = new Set<() => Promise<unknown>>();
let stopping: Promise<unknown> | undefined;

/** Whoever interrupts this process has it end once this and all else that was handed over is stopped. A signal comes from npm a second time. */
export function endWith(stop: () => Promise<unknown>): void {
  if (stops.size === 0)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        stopping ??= Promise.all([...stops].map((one) => one())).finally(() => process.exit(130));
      });
  stops.add(stop);
}
