import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Actor } from '#decider';
import { Problem } from './problem.ts';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** Where the public keys are; discovered through the issuer when absent. */
  readonly jwksUri?: string | undefined;
  readonly rolesClaim: string;
  readonly desksClaim: string;
}

/** Symmetric algorithms and `none` are out: whoever can check a token must not be able to make one. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];

/** Clocks of issuer and service may differ by this. */
const toleranceSeconds = 5;

/** A token once verified is not verified again for this long, at most: verifying costs more than most requests. */
const rememberedMs = 60_000;
const mostRemembered = 1000;

const timeoutMs = 3000;

export type Authenticate = (authorization: string | undefined) => Promise<Actor>;

/** Checks bearer tokens. Throws a Problem: 401 with a code that says why, or 503 while the issuer cannot be reached. */
export function authentication(rules: TokenRules): Authenticate {
  const keys = lazyKeys(rules);
  const remembered = new Map<string, { actor: Actor; until: number }>();

  async function verified(token: string): Promise<Actor> {
    const payload = await verify(token, keys, rules);
    const actor = actorOf(payload, rules);
    if (remembered.size >= mostRemembered) remembered.clear();
    const until = Math.min(Date.now() + rememberedMs, ((payload.exp ?? 0) + toleranceSeconds) * 1000);
    remembered.set(token, { actor, until });
    return actor;
  }

  return async (authorization) => {
    if (authorization === undefined) throw refused('token-missing');
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw refused('token-invalid');
    const known = remembered.get(token);
    if (known && known.until > Date.now()) return known.actor;
    return verified(token);
  };
}

async function verify(token: string, keys: () => Promise<JWTVerifyGetKey>, rules: TokenRules): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, await keys(), {
      issuer: rules.issuer,
      audience: rules.audience,
      algorithms,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (error) {
    throw error instanceof Problem ? error : refusalOf(error);
  }
}

function refusalOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return refused('token-expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(codeOfClaim(error));
  const foreign = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JWSSignatureVerificationFailed];
  if (foreign.some((kind) => error instanceof kind)) return refused('token-foreign');
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return new Problem('issuer-unavailable');
  if (!(error instanceof errors.JOSEError)) return keysUnreachable(error);
  // Fetching keys with another status than 200 is jose's unspecific error.
  return error.code === 'ERR_JOSE_GENERIC' ? new Problem('issuer-unavailable') : refused('token-invalid');
}

/** A token whose header is not even text or whose key does not fit makes WebCrypto throw; a failed fetch throws too. */
const keysUnreachable = (error: unknown): Problem =>
  String(error) === 'TypeError: fetch failed' ? new Problem('issuer-unavailable') : refused('token-invalid');

function codeOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (claim === 'nbf' && reason === 'check_failed') return 'token-not-yet-valid';
  return claim === 'iss' || claim === 'aud' ? 'token-foreign' : 'token-invalid';
}

/** RFC 6750: a request without a token is told how to come back, and nothing else. */
export const refused = (code: string): Problem =>
  new Problem(code, {
    headers: {
      'WWW-Authenticate': `Bearer realm="stet"${code === 'token-missing' ? '' : `, error="invalid_token", error_description="${code}"`}`,
    },
  });

/** The issuer's keys, found at the first request that needs them; a failure is tried again at the next. */
function lazyKeys(rules: TokenRules): () => Promise<JWTVerifyGetKey> {
  let found: Promise<JWTVerifyGetKey> | undefined;
  return () => {
    found ??= (async () => {
      const uri = rules.jwksUri ?? (await discover(rules.issuer));
      return createRemoteJWKSet(new URL(uri), { timeoutDuration: timeoutMs });
    })().catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

async function discover(issuer: string): Promise<string> {
  try {
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (response.ok && found.issuer === issuer && typeof found.jwks_uri === 'string') return found.jwks_uri;
  } catch {
    // The same answer as for a document that is not one.
  }
  throw new Problem('issuer-unavailable');
}

/** What goes into the log with every event must be text that can be kept. */
const sound = (text: string, max: number) => text.length <= max && !/[\p{Cc}\p{Cs}]/u.test(text);

function actorOf(payload: JWTPayload, rules: TokenRules): Actor {
  const id = payload.sub ?? '';
  const { name: full, preferred_username: login } = payload;
  const name = [full, login].find((name) => typeof name === 'string') ?? id;
  if (id === '' || !sound(id, 200) || !sound(name, 200)) throw refused('token-invalid');
  return {
    id,
    name,
    roles: words(claimAt(payload, rules.rolesClaim)),
    desks: words(claimAt(payload, rules.desksClaim)),
  };
}

/** A claim by its own name, or by a path of names with dots between. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  return path.split('.').reduce<unknown>((at, name) => {
    const inner = typeof at === 'object' && at !== null && Object.hasOwn(at, name);
    return inner ? (at as Record<string, unknown>)[name] : undefined;
  }, payload);
}

function words(claim: unknown): string[] {
  const list: unknown = typeof claim === 'string' ? claim.split(' ') : claim;
  if (!Array.isArray(list)) return [];
  return list
    .filter((word): word is string => typeof word === 'string' && word !== '' && sound(word, 100))
    .slice(0, 200);
}
