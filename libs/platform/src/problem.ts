import { HttpException } from '@nestjs/common';
import { Rejection } from '#decider';
import { isTransient } from '#event-store';
import { meaningOf } from './problems.ts';

/** One field that is wrong. `pointer` is a JSON pointer into the body, or a parameter's name; `code` is stable. */
export interface FieldError {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemParts {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A refusal by the HTTP edge. `code` is one of the catalogue (problems.ts), which gives status and title. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly parts: ProblemParts = {},
  ) {
    super(parts.detail ?? meaningOf(code).title);
    this.name = 'Problem';
  }

  get status(): number {
    return meaningOf(this.code).status;
  }

  /** RFC 9457. Members of the format win over details of the same name. */
  body(correlationId?: string): Record<string, unknown> {
    const { status, title } = meaningOf(this.code);
    const { detail, errors, details } = this.parts;
    return {
      ...details,
      type: `urn:stet:problem:${this.code}`,
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      code: this.code,
      ...(errors === undefined ? {} : { errors }),
      ...(correlationId === undefined ? {} : { correlationId }),
    };
  }

  headers(): Record<string, string> {
    return { ...(this.status === 503 ? { 'Retry-After': '1' } : {}), ...this.parts.headers };
  }
}

const byStatus: Readonly<Record<number, string>> = {
  404: 'route-not-found',
  408: 'request-too-slow',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'unsupported-media-type',
  431: 'headers-too-large',
};

/** Turns whatever was thrown into what the caller is told. Nothing of an unknown error's own words goes out. */
export function problemOf(error: unknown, ifMatch: boolean): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Rejection) {
    const code = error.code === 'version-conflict' && ifMatch ? 'stale-if-match' : error.code;
    return new Problem(code, { detail: error.message, details: error.details });
  }
  if (error instanceof HttpException) return problemOfStatus(error.getStatus());
  return problemOfFault(error);
}

export const problemOfStatus = (status: number): Problem =>
  new Problem(byStatus[status] ?? (status < 500 ? 'malformed-request' : 'internal'));

function problemOfFault(error: unknown): Problem {
  const fault = (typeof error === 'object' && error !== null ? error : {}) as { retryAfterSeconds?: unknown };
  if (typeof fault.retryAfterSeconds === 'number') {
    return new Problem('overloaded', { headers: { 'Retry-After': String(Math.ceil(fault.retryAfterSeconds)) } });
  }
  return new Problem(isTransient(error) ? 'unavailable' : 'internal');
}
