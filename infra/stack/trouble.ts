/** What the person at the keyboard can put right: one line that says what is wrong and what to do. */
export class Trouble extends Error {}

/** An error for the terminal: one line where it is understood, the stack where it is not. */
export function explain(error: unknown): string {
  if (error instanceof Trouble) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOSPC') {
    return `The disk is full (${error.message}): free some space, or set STET_HOME to a folder on another disk.`;
  }
  if ('code' in error && (error.code === 'EACCES' || error.code === 'EROFS')) {
    return `Not allowed: ${error.message}. Make that writable for you, or set STET_HOME to a folder that is.`;
  }
  if (error.message.includes('newer version')) return error.message;
  return error.stack ?? error.message;
}
