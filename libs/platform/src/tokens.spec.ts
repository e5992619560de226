import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from 'jose';
import type { Actor } from '#decider';
import { SampleIssuer } from './sample-issuer.ts';
import { Seen, sampleService } from './sample-service.ts';
import type { Service } from './index.ts';
import { authentication } from './tokens.ts';

const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('tokens', () => {
  let issuer: SampleIssuer;
  let service: Service;
  const seen = new Seen();

  beforeAll(async () => {
    issuer = await SampleIssuer.start();
    service = await sampleService(seen, { OIDC_ISSUER: issuer.url });
  });
  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  const get = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await service.app.inject({ method: 'GET', url: '/notes', headers });
    return {
      status: response.statusCode,
      challenge: response.headers['www-authenticate'],
      problem: response.json<{ code?: string }>(),
    };
  };
  const code = async (token: string) => {
    const { status, problem, challenge } = await get(`Bearer ${token}`);
    if (status === 401) expect(challenge).toMatch(/^Bearer realm="stet", error="invalid_token"/);
    return status === 200 ? 'accepted' : `${status} ${problem.code ?? ''}`;
  };

  it.each(['RS256', 'ES256', 'EdDSA'])('signed with %s are accepted', async (alg) => {
    expect(await code(await issuer.token({}, alg))).toBe('accepted');
  });

  it('are asked for', async () => {
    expect(await get()).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="stet"',
      problem: { code: 'token-missing' },
    });
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer x.y.z', 'Bearer ä', ''])('are not %j', async (given) => {
    expect(await get(given)).toMatchObject({ status: 401, problem: { code: 'token-invalid' } });
  });

  it('that have expired are refused', async () => {
    expect(await code(await issuer.token({ exp: seconds(-60) }))).toBe('401 token-expired');
  });

  it('are accepted though clocks differ by a moment', async () => {
    expect(await code(await issuer.token({ exp: seconds(-2) }))).toBe('accepted');
  });

  it('that are not valid yet are refused', async () => {
    expect(await code(await issuer.token({ nbf: seconds(60) }))).toBe('401 token-not-yet-valid');
  });

  it('of another issuer, audience or key are refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await code(await issuer.token({ iss: 'https://elsewhere.example' }))).toBe('401 token-foreign');
    expect(await code(await issuer.token({ aud: 'something-else' }))).toBe('401 token-foreign');
    expect(await code(await issuer.token({}, 'ES256', privateKey))).toBe('401 token-foreign');
  });

  it('that nobody signed are refused', async () => {
    const claims = { iss: issuer.url, aud: 'stet', sub: 'ada', roles: ['chief'], exp: seconds(300) };
    for (const alg of ['none', 'None', 'nOnE']) {
      expect(await code(`${part({ alg })}.${part(claims)}.`)).toBe('401 token-invalid');
    }
  });

  it('signed with a secret that everybody knows are refused', async () => {
    const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
    expect(await code(await issuer.token({}, 'HS256', secret))).toBe('401 token-invalid');
  });

  it('changed after they were signed are refused', async () => {
    const [head = '', , signature = ''] = (await issuer.token()).split('.');
    const claims = { iss: issuer.url, aud: 'stet', sub: 'ada', roles: ['chief'], exp: seconds(300) };
    expect(await code(`${head}.${part(claims)}.${signature}`)).toBe('401 token-foreign');
  });

  it('that do not say who, or until when, are refused', async () => {
    expect(await code(await issuer.token({ sub: undefined }))).toBe('401 token-invalid');
    expect(await code(await issuer.token({ sub: 'a\u0000b' }))).toBe('401 token-invalid');
    expect(await code(await issuer.token({ exp: undefined }))).toBe('401 token-invalid');
  });

  it('are asked for the role that a route is for', async () => {
    const burn = async (roles: string[]) => {
      const headers = { authorization: `Bearer ${await issuer.token({ roles })}` };
      const url = '/notes/0190f3f0-0000-8000-8000-000000000001/burn';
      return service.app.inject({ method: 'POST', url, headers });
    };
    const refused = await burn(['editor']);
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'role-required', by: ['chief', 'operator'] });
    expect((await burn(['editor', 'operator'])).statusCode).toBe(200);
  });
});

describe('claims', () => {
  let issuer: SampleIssuer;
  beforeAll(async () => {
    issuer = await SampleIssuer.start();
  });
  afterAll(() => issuer.stop());

  const read = async (claims: Record<string, unknown>, rolesClaim: string): Promise<Actor> => {
    const rules = { issuer: issuer.url, audience: 'stet', rolesClaim, desksClaim: 'desks' };
    return authentication(rules)(`Bearer ${await issuer.token(claims)}`);
  };

  it('tell who it is', async () => {
    expect(await read({}, 'roles')).toEqual({ id: 'ada', name: 'Ada', roles: ['editor'], desks: ['city'] });
  });

  it('may be nested, or have dots in their own name', async () => {
    const nested = await read({ realm_access: { roles: ['legal'] } }, 'realm_access.roles');
    expect(nested.roles).toEqual(['legal']);
    expect((await read({ 'https://stet.example/roles': 'legal chief' }, 'https://stet.example/roles')).roles).toEqual([
      'legal',
      'chief',
    ]);
  });

  it('that are missing or of another kind give no role', async () => {
    for (const roles of [undefined, 7, { editor: true }, [1, null, '']]) {
      expect((await read({ roles }, 'roles')).roles).toEqual([]);
    }
    expect((await read({}, 'constructor.name')).roles).toEqual([]);
  });

  it('fall back to another name, then to the id', async () => {
    expect((await read({ name: undefined, preferred_username: 'ada99' }, 'roles')).name).toBe('ada99');
    expect((await read({ name: undefined }, 'roles')).name).toBe('ada');
  });
});

describe('an issuer that cannot be reached', () => {
  it('is not the fault of the caller, and is asked again', async () => {
    const issuer = await SampleIssuer.start();
    const token = await issuer.token();
    const rules = { issuer: issuer.url, audience: 'stet', rolesClaim: 'roles', desksClaim: 'desks' };
    const there = authentication(rules);
    const gone = authentication({ ...rules, jwksUri: 'http://127.0.0.1:9/keys' });
    await expect(gone(`Bearer ${token}`)).rejects.toMatchObject({ code: 'issuer-unavailable', status: 503 });
    await expect(
      authentication({ ...rules, issuer: `${issuer.url}/elsewhere` })(`Bearer ${token}`),
    ).rejects.toMatchObject({
      code: 'issuer-unavailable',
    });
    await expect(there(`Bearer ${token}`)).resolves.toMatchObject({ id: 'ada' });
    await issuer.stop();
  });
});
