import { randomUUID } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import type { Issuer } from '../../infra/stack/issuer.ts';
import type { Operation } from './api-document.ts';
import { type Bad, everybody } from './refusals.ts';
import { marker } from './spoilt.ts';

/** What is bad for every service, whatever its operations are. */

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** None, expired, forged, of another issuer or audience, unsigned, broken. */
export async function badTokens(issuer: Issuer): Promise<Bad[]> {
  const { privateKey } = await generateKeyPair('ES256');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = { ...everybody, iss: issuer.url, aud: 'stet', exp };
  const sign = async (changed: object) =>
    bearer(await new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey));
  const unsigned = (alg: string) => bearer(`${base64({ alg })}.${base64(claims)}.`);
  const [head = '', body = '', signature = ''] = (await issuer.token(everybody)).split('.');
  const changed = `${head}.${base64({ ...claims, sub: 'other' })}.${signature}`;
  return [
    { what: 'no token', headers: { authorization: undefined }, code: 'token-missing' },
    { what: 'an expired token', headers: bearer(await issuer.token(everybody, -60)), code: 'token-expired' },
    { what: 'a forged token', headers: await sign({}), code: 'token-foreign' },
    { what: 'one of another issuer', headers: await sign({ iss: 'https://other.example' }), code: 'token-foreign' },
    { what: 'one for another audience', headers: await sign({ aud: 'other' }), code: 'token-foreign' },
    { what: 'one with other claims', headers: bearer(changed), code: 'token-foreign' },
    { what: 'an unsigned token', headers: unsigned('none'), code: 'token-invalid' },
    { what: 'unsigned, written otherwise', headers: unsigned('None'), code: 'token-invalid' },
    { what: 'a token cut off', headers: bearer(`${head}.${body}`), code: 'token-invalid' },
    { what: 'what is no token', headers: bearer(marker), code: 'token-invalid' },
    { what: 'another scheme', headers: { authorization: `Basic ${marker}` }, code: 'token-invalid' },
  ].map((bad) => ({ ...bad, status: 401 }));
}

/** People without any role, and those outside of the house. */
export function strangers(issuer: Issuer): Promise<Bad[]> {
  return Promise.all(
    [[], ['subscriber'], [marker]].map(async (roles) => ({
      ...{ what: `roles: ${roles.join()}`, status: 403, code: 'role-required' },
      headers: bearer(await issuer.token({ ...everybody, roles })),
    })),
  );
}

export const badIds: readonly Bad[] = [
  ...['1', marker, randomUUID().toUpperCase(), `${randomUUID()}0`, '%00', '%F0%9F%99%82', "'--"],
].map((id) => ({ what: `id ${id}`, id, status: 400, code: 'bad-id' }));

export const noJsonObject: readonly Bad[] = Object.entries({
  ...{ 'cut off': `{"${marker}":`, 'no JSON': marker, 'a list': `["${marker}"]`, null: 'null', 'a number': '7' },
  ...{ 'an open quote': `{"a":"${marker}}`, 'a text': `"${marker}"`, 'a trailing comma': `{"a":"${marker}",}` },
  ...{ 'a raw NUL': `{"a":"${marker}\u0000"}`, 'too deep': `${'{"a":'.repeat(200)}1${'}'.repeat(200)}` },
}).map(([what, body]) => ({ what, body, status: 400, code: ['malformed-json', 'invalid-body'] }));

/** Bodies over the limit, and such as are not plain JSON. */
export function badMedia(good: object): Bad[] {
  const refused = { status: 415, code: 'unsupported-media-type' };
  const types = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'];
  return [
    {
      ...{ what: 'over the limit', status: 413, code: 'body-too-large' },
      body: JSON.stringify({ ...good, padding: marker.repeat(100_000) }),
    },
    ...types.map((type) => ({ what: type, body: `a=${marker}`, headers: { 'content-type': type }, ...refused })),
    { what: 'compressed', headers: { 'content-encoding': 'gzip' }, ...refused },
  ];
}

const wrongText = [`%07${marker}`, '%00', '%C2%85', marker.repeat(100)];
const wrongNumbers = ['', 'x', '0x1', '-1', '1.5', '1e1', ' 1', '99999999999999999999', '%D9%A1'];

/** Parameters that are unknown, given twice, or not what they should be. `given` is what the operation cannot do without. */
export function badQueries({ parameters }: Operation, given: Readonly<Record<string, string>> = {}): Bad[] {
  const refused = { status: 400, code: ['invalid-parameter', 'bad-position', 'malformed-request'] };
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  const query = (changed: readonly string[], but = '') =>
    `?${[...Object.entries(given).flatMap(([name, value]) => (name === but ? [] : [`${name}=${value}`])), ...changed].join('&')}`;
  const unknown = [`nonsense=${marker}`, 'nonsense', '__proto__=1', 'a[b]=1'].map((one) => query([one]));
  const missing = asked.filter(({ required }) => required).map(({ name }) => query([], name));
  const wrong = asked.flatMap(({ name, schema = {} }) => {
    const values = schema.type === 'integer' ? wrongNumbers : wrongText;
    return [...values.map((value) => query([`${name}=${value}`], name)), query([`${name}=1`, `${name}=2`], name)];
  });
  return [...unknown, ...missing, ...wrong].map((one) => ({ what: one, query: one, ...refused }));
}
