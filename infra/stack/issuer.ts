import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { keep } from './home.ts';
import { textOf } from './lock.ts';
import { Trouble } from './trouble.ts';

/** The roles of the newsroom, in the order that a story meets them. */
export const roles = [
  ...['reporter', 'editor', 'legal', 'duty-editor', 'chief', 'moderator', 'moderation-lead'],
  ...['privacy-officer', 'operator', 'site', 'subscriber', 'auditor'],
] as const;

/** Whom a token speaks for. */
export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly desks: readonly string[];
}

export interface Issuer {
  readonly url: string;
  /** A signed token for this person, good for `seconds`. */
  readonly token: (person: Person, seconds?: number) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface IssuerOptions {
  readonly port: number;
  readonly audience: string;
  /** Where the signing key is kept, so that a token pasted yesterday is still good after a restart. */
  readonly keyFile: string;
  /** The claims that roles and desks go into. */
  readonly claims: { readonly roles: string; readonly desks: string };
}

const defaultSeconds = 3600;
const longestSeconds = 366 * 24 * 3600;
const mostBytes = 16 * 1024;

/** A token issuer for development: it gives anybody any role, so it refuses to run in production. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  if (process.env.NODE_ENV === 'production') {
    throw new Trouble(
      'The development issuer gives anybody any role and refuses to run with NODE_ENV=production: set OIDC_ISSUER to your own, or unset NODE_ENV.',
    );
  }
  const { privateKey, publicKey } = await signingKey(options.keyFile);
  const url = `http://localhost:${options.port}`;
  const token = (person: Person, seconds = defaultSeconds) =>
    new SignJWT(claimsOf(person, options.claims))
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: publicKey.kid })
      .setIssuer(url)
      .setAudience(options.audience)
      .setSubject(person.sub)
      .setIssuedAt()
      .setExpirationTime(`${seconds} seconds`)
      .sign(privateKey);
  const documents: Record<string, unknown> = {
    '/.well-known/openid-configuration': {
      issuer: url,
      jwks_uri: `${url}/jwks`,
      token_endpoint: `${url}/token`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      grant_types_supported: ['client_credentials'],
      id_token_signing_alg_values_supported: ['ES256'],
    },
    '/jwks': { keys: [publicKey] },
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path in documents) {
      reply(response, request.method === 'GET' ? 200 : 405, documents[path]);
    } else if (path === '/token') {
      void answerToken(request, response, token);
    } else {
      reply(response, 404, { error: 'not_found' });
    }
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed).listen(options.port, '127.0.0.1', done);
  });
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => {
        done();
      });
      server.closeAllConnections();
    });
  return { url, token, stop };
}

/** Dots in the name of a claim lead into nested ones, as with the issuers that put them there. */
function claimsOf(person: Person, names: IssuerOptions['claims']): Record<string, unknown> {
  const claims: Record<string, unknown> = { name: person.name };
  for (const [path, value] of [
    [names.roles, person.roles],
    [names.desks, person.desks],
  ] as const) {
    const [first = '', ...rest] = path.split('.');
    const nested = rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    const before = claims[first];
    const both = rest.length > 0 && typeof before === 'object' && typeof nested === 'object';
    claims[first] = both ? { ...before, ...nested } : nested;
  }
  return claims;
}

async function signingKey(file: string) {
  if (textOf(file) === undefined) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = JSON.stringify(await exportJWK(privateKey));
    keep(file, () => jwk);
  }
  const jwk = JSON.parse(textOf(file) ?? '') as JWK;
  const { kty, crv, x, y } = jwk;
  const open = { kty, crv, x, y } as JWK;
  const kid = await calculateJwkThumbprint(open);
  return { privateKey: await importJWK(jwk, 'ES256'), publicKey: { ...open, kid, use: 'sig', alg: 'ES256' } };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** `POST /token` with {sub, name, roles, desks, expires_in} as JSON or as a form, where lists are separated by blanks or commas. */
async function answerToken(request: IncomingMessage, response: ServerResponse, token: Issuer['token']): Promise<void> {
  try {
    if (request.method !== 'POST') {
      reply(response, 405, { error: 'invalid_request', error_description: 'Ask for a token by POST.' });
      return;
    }
    const asked = await fieldsOf(request);
    const person = personIn(asked);
    const seconds = Number(asked.expires_in ?? defaultSeconds);
    if (!(Number.isInteger(seconds) && seconds > 0 && seconds <= longestSeconds)) {
      throw new Unusable(`expires_in is seconds, from 1 to ${longestSeconds}.`);
    }
    reply(response, 200, { access_token: await token(person, seconds), token_type: 'Bearer', expires_in: seconds });
  } catch (error) {
    const why = error instanceof Unusable ? error.message : 'The body is neither JSON nor a form.';
    reply(response, 400, { error: 'invalid_request', error_description: why });
  }
}

class Unusable extends Error {}

async function fieldsOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Unusable(`A request for a token is at most ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (!(request.headers['content-type'] ?? '').includes('json')) return Object.fromEntries(new URLSearchParams(text));
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null) throw new Unusable('The body is an object.');
  return { ...body };
}

function personIn(asked: Record<string, unknown>): Person {
  const { sub, name = sub } = asked;
  if (typeof sub !== 'string' || sub === '' || typeof name !== 'string') {
    throw new Unusable('sub says for whom the token is, name (if given) what they are called.');
  }
  const wanted = list(asked.roles, 'roles');
  const unknown = wanted.find((role) => !roles.some((known) => known === role));
  if (unknown !== undefined) throw new Unusable(`There is no role ${unknown}; there are ${roles.join(', ')}.`);
  return { sub, name, roles: wanted, desks: list(asked.desks, 'desks') };
}

function list(value: unknown, field: string): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(Boolean);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new Unusable(`${field} is a list of words.`);
}
