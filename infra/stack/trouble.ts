import { SettingsError } from '#settings';

/** What the person at the keyboard can put right: one line that says what is wrong and what to do. */
export class Trouble extends Error {}

/** The code of an error of the system or of Postgres. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const remedies: Record<string, (message: string) => string> = {
  ENOSPC: (message) => `The disk is full (${message}): free some space, or set STET_HOME to a folder on another disk.`,
  EACCES: (message) => `Not allowed (${message}): make that writable for you, or set STET_HOME to a folder that is.`,
  EROFS: (message) => `The disk is read-only (${message}): set STET_HOME to a folder that can be written.`,
};

/** An error for the terminal: one line where it is understood, the stack where it is not. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Trouble || error instanceof SettingsError) return error.message;
  return remedies[String(codeOf(error))]?.(error.message) ?? error.stack ?? error.message;
}
