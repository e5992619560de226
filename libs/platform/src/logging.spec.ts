import { describe, expect, it } from '@jest/globals';
import { noteId } from './sample-service.ts';
import { SampleCaller } from './sample-caller.ts';

const secret = 'qwertzuiop';

describe('the log', () => {
  const sample = new SampleCaller({ LOG_LEVEL: 'trace' });
  const lines = () => sample.seen.log.map((line) => JSON.parse(line) as Record<string, unknown>);

  it('has a line for each answer, that can be found again', async () => {
    await sample.send({ method: 'GET', url: `/notes/${noteId}`, headers: { 'x-correlation-id': 'find-me' } });
    expect(lines().find(({ correlationId }) => correlationId === 'find-me')).toMatchObject({
      service: 'drafting',
      method: 'GET',
      route: '/notes/:id',
      status: 200,
    });
  });

  it('says where a fault was thrown', async () => {
    sample.seen.fault = new TypeError('x is not a function');
    await sample.command('throw');
    expect(lines().find(({ msg }) => msg === 'unexpected fault')).toMatchObject({
      fault: { name: 'TypeError', at: expect.arrayContaining([expect.stringMatching('^at ')]) as unknown },
    });
  });

  it('holds nothing of what was sent or of who sent it', async () => {
    const authorization = `Bearer ${await sample.issuer.token({ sub: secret, name: secret })}`;
    const headers = { authorization, 'idempotency-key': secret, cookie: secret, 'user-agent': secret };
    const post = (url: string, payload: string) =>
      sample.send({ method: 'POST', url, headers: { ...headers, 'content-type': 'application/json' }, payload });
    await post('/notes', JSON.stringify({ title: secret }));
    await post('/notes', JSON.stringify({ title: 1, [secret]: secret }));
    await post('/notes', `{"title":"${secret}`);
    await post('/notes', `{"title":"${secret}${'x'.repeat(1_100_000)}"}`);
    await post(`/${secret}`, '{}');
    await sample.send({ method: 'GET', url: `/notes?after=${secret}`, headers });
    await sample.send({ method: 'GET', url: `/notes?${secret}=1`, headers });
    await sample.send({ method: 'GET', url: `/notes/by-name/${secret}`, headers });
    await sample.send({ method: 'GET', url: `/notes/${secret}`, headers });
    await sample.send({ method: 'GET', url: '/notes', headers: { authorization: `Bearer ${secret}` } });
    const failed = Object.assign(new Error(`invalid input syntax: "${secret}"`), { code: '22P02', detail: secret });
    for (const fault of [failed, secret, new Error(`${secret}\n    at ${secret}`.slice(0, 12))]) {
      sample.seen.fault = fault;
      await sample.command('throw', undefined, headers);
    }
    expect(sample.seen.log.length).toBeGreaterThan(12);
    expect(sample.seen.log.join('')).not.toContain(secret);
    const [, claims = 'none'] = authorization.split('.');
    expect(sample.seen.log.join('')).not.toContain(claims);
  });
});
