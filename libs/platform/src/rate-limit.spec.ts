import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.ts';
import { SampleCaller, told } from './sample-caller.ts';

describe('a rate limit', () => {
  it('lets as many through as told, then as many more as time has passed', () => {
    let now = 0;
    const limit = new RateLimit(3, () => now);
    for (const left of [2, 1, 0]) expect(limit.take('ada')).toMatchObject({ RateLimit: `"caller";r=${left};t=1` });
    expect(() => limit.take('ada')).toThrow(expect.objectContaining({ code: 'too-many-requests' }));
    expect(limit.take('bob')).toMatchObject({ RateLimit: '"caller";r=2;t=1' });
    now += 1 / 3;
    limit.take('ada');
    expect(() => limit.take('ada')).toThrow();
    now += 100;
    for (const _ of [1, 2, 3]) limit.take('ada');
    expect(() => limit.take('ada')).toThrow();
  });

  it('forgets callers whose bucket is full again', () => {
    let now = 0;
    const limit = new RateLimit(1, () => now);
    for (let n = 0; n < 30_000; n += 1) {
      limit.take(`caller ${n}`);
      now += 0.001;
    }
    expect(limit.size).toBeLessThanOrEqual(10_001);
  });

  it('of 0 is none', () => {
    const limit = new RateLimit(0);
    for (let n = 0; n < 1000; n += 1) expect(limit.take('ada')).toEqual({});
  });
});

describe('a caller who asks too fast', () => {
  const sample = new SampleCaller({ RATE_LIMIT: '5' });

  it('is told when to come back, and others are not held up', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => sample.get('/notes')));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThanOrEqual(5);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(told(answer).code).toBe('too-many-requests');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.headers['ratelimit-policy']).toBe('"caller";q=5;w=1');
    }
    const other = { authorization: `Bearer ${await sample.issuer.token({ sub: 'eve' })}` };
    expect((await sample.send({ method: 'GET', url: '/notes', headers: other })).statusCode).toBe(200);
  });

  it('cannot guess tokens any faster', async () => {
    const guess = (n: number) =>
      sample.send({ method: 'GET', url: '/notes', headers: { authorization: `Bearer ${n}` } });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(n)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401, 429]));
  });
});
