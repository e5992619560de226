import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Log lines are JSON on standard output. Nothing of a body, a query, a header or a person goes into one. */
export const openLog = (service: string, level: string, to: DestinationStream = pino.destination(1)): Logger =>
  pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime }, to);

/** What may be logged of an error: its kind and where it was thrown. Its message may quote what somebody wrote. */
export function faultOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    at: frames.slice(0, 12).map((at) => at.trim()),
  };
}

/** Nest's own words at start and stop, for those who debug; its warnings and errors for everybody. */
export const nestLog = (log: Logger): LoggerService => ({
  log: (message: unknown) => {
    log.debug({ nest: message });
  },
  warn: (message: unknown) => {
    log.warn({ nest: message });
  },
  error: (message: unknown) => {
    log.error({ nest: message instanceof Error ? faultOf(message) : message });
  },
});
