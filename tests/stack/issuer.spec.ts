import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Issuer, type IssuerOptions, startIssuer } from '../../infra/stack/issuer.ts';
import { freePorts } from '../../infra/stack/stack.ts';

describe('the development issuer', () => {
  let folder: string;
  let options: IssuerOptions;
  let issuer: Issuer;

  beforeEach(async () => {
    folder = mkdtempSync(`${tmpdir()}/stet-issuer-`);
    options = {
      port: await freePorts(1),
      audience: 'stet',
      keyFile: `${folder}/key.json`,
      claims: { roles: 'roles', desks: 'desks' },
    };
    issuer = await startIssuer(options);
  });
  afterEach(async () => {
    await issuer.stop();
    rmSync(folder, { recursive: true });
  });

  /** As a service does it: by discovery alone. */
  async function verify(token: string) {
    const discovery = await fetch(`${issuer.url}/.well-known/openid-configuration`);
    const found = (await discovery.json()) as { issuer: string; jwks_uri: string };
    const keys = createRemoteJWKSet(new URL(found.jwks_uri));
    return (await jwtVerify(token, keys, { issuer: found.issuer, audience: 'stet' })).payload;
  }

  async function ask(body: string, type: string) {
    const response = await fetch(`${issuer.url}/token`, { method: 'POST', body, headers: { 'content-type': type } });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  it('gives tokens for named roles and desks, asked for as JSON or as a form', async () => {
    const person = { sub: 'ada', name: 'Ada', roles: ['editor', 'chief'], desks: ['city'] };
    const json = await ask(JSON.stringify({ ...person, expires_in: 60 }), 'application/json');
    const form = await ask('sub=ada&name=Ada&roles=editor+chief&desks=city', 'application/x-www-form-urlencoded');
    for (const { status, body } of [json, form]) {
      expect(status).toBe(200);
      expect(await verify(body.access_token ?? '')).toMatchObject(person);
    }
    const { exp, iat } = await verify(json.body.access_token ?? '');
    expect((exp ?? 0) - (iat ?? 0)).toBe(60);
  });

  it('refuses unknown roles, a missing subject, times out of range, and what is neither JSON nor a form', async () => {
    for (const body of ['{"sub":"a","roles":["owner"]}', '{"roles":[]}', '{"sub":"a","expires_in":-1}', '{', '7']) {
      expect((await ask(body, 'application/json')).status).toBe(400);
    }
    expect((await ask('x'.repeat(20_000), 'application/json')).status).toBe(400);
  });

  it('keeps its key: a token from before a restart is still good', async () => {
    const token = await issuer.token({ sub: 'ada', name: 'Ada', roles: ['editor'], desks: [] });
    await issuer.stop();
    issuer = await startIssuer(options);
    expect((await verify(token)).sub).toBe('ada');
  });

  it('publishes no part of the private key', async () => {
    const { keys } = (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('refuses to run in production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      await expect(startIssuer({ ...options, port: await freePorts(1) })).rejects.toThrow(/NODE_ENV=production/);
    } finally {
      process.env.NODE_ENV = before;
    }
  });
});
