import { createHash, randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '#decider';
import { commandId } from '#event-store';
import { callerOf } from './admission.ts';
import { Problem } from './problem.ts';
import { correlationOf, pathOf, spanOf, visitOf, type Visit } from './visit.ts';

/** What a request says about a command beside its body. Fits into an event store's order as it is. */
export interface OrderHeaders {
  readonly actor: Actor;
  /** The same for the same caller, route and Idempotency-Key; without a key, new every time. */
  readonly commandId: string;
  /** SHA-256 of address and body, so that a key that comes again with something else is noticed. */
  readonly fingerprint: string;
  /** From If-Match; absent without it, and for `*`. */
  readonly expected?: number;
  readonly trace: { readonly correlationId: string; readonly traceparent?: string };
}

const creating = 'stet:creates';

/** Marks a handler whose requests must carry an Idempotency-Key. */
export const markCreating = (handler: object): void => {
  Reflect.defineMetadata(creating, true, handler);
};

/** The order behind a command: who, under which id, against which version. */
export const Order = createParamDecorator((_: unknown, context: ExecutionContext): OrderHeaders => {
  const visit = visitOf(context);
  const actor = callerOf(visit);
  const key = idempotencyKey(visit);
  const expected = expectedVersion(visit);
  if (Reflect.getMetadata(creating, context.getHandler()) === true) {
    if (key === undefined) throw new Problem('idempotency-key-required');
    // What is not there yet is at no version.
    if (expected !== undefined) throw new Problem('stale-if-match', { details: { expected, actual: 0 } });
  }
  const { traceparent } = spanOf(visit);
  return {
    actor,
    commandId: key === undefined ? randomUUID() : commandId(actor.id, visit.routeOptions.url ?? '', key),
    fingerprint: fingerprintOf(pathOf(visit.url), visit.body),
    ...(expected === undefined ? {} : { expected }),
    trace: { correlationId: correlationOf(visit), ...(traceparent === undefined ? {} : { traceparent }) },
  };
});

function idempotencyKey({ headers }: Visit): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new Problem('bad-idempotency-key');
  return key;
}

function expectedVersion({ headers }: Visit): number | undefined {
  const given = headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(given)?.[1];
  if (version === undefined) throw new Problem('bad-if-match');
  return Number(version);
}

const fingerprintOf = (path: string, body: unknown): string =>
  createHash('sha256')
    .update(path)
    .update('\n')
    .update(canonical(body ?? {}))
    .digest('hex');

/** JSON with the names of each object in order: what means the same reads the same. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
