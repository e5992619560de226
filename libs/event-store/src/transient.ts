import { Overloaded } from './turns.ts';

/** Classes of SQLSTATE and names of system errors that pass by themselves: connection, serialization, resources, shutdown. */
const passing = /^(08|40|53|55P03|57|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EMFILE|ENFILE)/;
/** What the client library says without a code: a connection that broke, or an answer that did not come. */
const unanswered =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** An error that says nothing about what was asked for: the same may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Overloaded) return true;
  // The errors of sockets are not instances of our own Error where modules run in a realm of their own.
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Record<string, unknown>
  >;
  if (typeof code === 'string') return passing.test(code);
  return typeof message === 'string' && unanswered.test(message);
}
