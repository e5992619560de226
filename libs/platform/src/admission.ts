import {
  applyDecorators,
  createParamDecorator,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '#decider';
import { idPattern, isIdName } from './fields.ts';
import { reserved } from './json-body.ts';
import { Problem, type FieldError } from './problem.ts';
import type { RateLimit } from './rate-limit.ts';
import { refused, type Authenticate } from './tokens.ts';
import { visitOf, type Visit } from './visit.ts';

const publicRoute = 'stet:public';
const neededRoles = 'stet:roles';

/** A route that asks for no token. */
export const Public = (): MethodDecorator =>
  applyDecorators(SetMetadata(publicRoute, true), ApiOperation({ security: [] }));

/** A route for those who have one of these roles at all. Which of them counts here and now, the decider says. */
export const Roles = (...roles: readonly string[]): CustomDecorator => SetMetadata(neededRoles, roles);

/** Who is calling, from the verified token. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Actor =>
  callerOf(visitOf(context)),
);

export function callerOf(visit: Visit): Actor {
  if (!visit.caller) throw refused('token-missing');
  return visit.caller;
}

/** What a route asks of a request, and takes of it. */
interface Asked {
  readonly isPublic: boolean;
  readonly roles: readonly string[] | undefined;
  /** Names of what it takes of the query and of the body; `undefined` where it takes the whole. */
  readonly query: readonly string[] | undefined;
  readonly body: readonly string[] | undefined;
}
const known = new WeakMap<object, Asked>();

/** It is written beside the handler once and for all, and looked up once. */
function askedBy(context: ExecutionContext): Asked {
  const handler = context.getHandler();
  const found = known.get(handler);
  if (found) return found;
  const asked: Asked = {
    isPublic: marked(context, publicRoute) === true,
    roles: marked(context, neededRoles) as readonly string[] | undefined,
    query: declared(context, RouteParamtypes.QUERY),
    body: declared(context, RouteParamtypes.BODY),
  };
  known.set(handler, asked);
  return asked;
}

/** A route's own mark, else its controller's. */
function marked(context: ExecutionContext, mark: string): unknown {
  const own: unknown = Reflect.getMetadata(mark, context.getHandler());
  return own ?? Reflect.getMetadata(mark, context.getClass());
}

/** Everything that is asked of a request before its body is looked at: token, rate, role, address, query. */
export class Admission implements CanActivate {
  constructor(
    private readonly authenticate: Authenticate,
    private readonly rate: RateLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const visit = visitOf(context);
    const asked = askedBy(context);
    await this.#admit(visit, asked, context);
    const { roles } = asked;
    if (roles && !callerOf(visit).roles.some((role) => roles.includes(role))) {
      throw new Problem('role-required', { detail: `This asks for: ${roles.join(', ')}.`, details: { by: roles } });
    }
    checkAddress(visit);
    checkDeclared(visit, asked);
    return true;
  }

  /** Callers are counted by who they are; those who cannot say, by where they call from. */
  async #admit(visit: Visit, { isPublic }: Asked, context: ExecutionContext): Promise<void> {
    const take = (caller: string) => {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      reply.headers(this.rate.take(caller));
    };
    if (isPublic) {
      take(`from ${visit.ip}`);
      return;
    }
    try {
      visit.caller = await this.authenticate(visit.headers.authorization);
    } catch (error) {
      take(`from ${visit.ip}`);
      throw error;
    }
    take(`is ${visit.caller.id}`);
  }
}

/** Whatever is called an id in an address is one; nothing else in it has control characters. */
function checkAddress(visit: Visit): void {
  for (const [name, value] of Object.entries(visit.params as Record<string, string>)) {
    if (isIdName(name) && !idPattern.test(value)) throw new Problem('bad-id', { details: { parameter: name } });
    if (/[\p{Cc}\p{Cs}]/u.test(value))
      throw badParameter([name], 'forbidden-characters', 'must not contain control characters');
  }
}

interface Argument {
  readonly index: number;
  readonly data?: unknown;
}

/** What a handler takes of one kind: `undefined` when it takes the whole, else the names. */
function declared(context: ExecutionContext, kind: number): readonly string[] | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as Record<string, Argument>;
  const mine = Object.entries(args).filter(([key]) => key.startsWith(`${kind}:`));
  const names = mine.map(([, { data }]) => data);
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

/** A query or a body that no class describes is checked here: it may hold only what the handler names. Names that every object has are never fields. */
function checkDeclared(visit: Visit, { query, body }: Asked): void {
  const stray = (given: unknown, names: readonly string[] | undefined): string[] =>
    Object.keys(given ?? {}).filter((name) => reserved.has(name) || names?.includes(name) === false);
  const parameters = stray(visit.query, query);
  if (parameters.length > 0) throw badParameter(parameters, 'unknown-parameter', 'is not a parameter of this');
  const fields = stray(visit.body, body);
  if (fields.length > 0) {
    const errors = named(fields).map((name): FieldError => ({
      pointer: `/${name}`,
      code: 'unknown-field',
      detail: 'is not a field of this',
    }));
    throw new Problem('invalid-body', { errors });
  }
}

const named = (names: readonly string[]) => names.slice(0, 50).map((name) => name.toWellFormed().slice(0, 100));

const badParameter = (names: readonly string[], code: string, detail: string) =>
  new Problem('invalid-parameter', { errors: named(names).map((parameter) => ({ parameter, code, detail })) });
