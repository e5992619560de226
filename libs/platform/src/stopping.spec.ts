import { describe, expect, it } from '@jest/globals';
import { SampleIssuer } from './sample-issuer.ts';
import { sampleService, Seen } from './sample-service.ts';

async function running() {
  const issuer = await SampleIssuer.start();
  const seen = new Seen();
  const service = await sampleService(seen, { OIDC_ISSUER: issuer.url });
  const url = await service.listen();
  const headers = { authorization: `Bearer ${await issuer.token()}` };
  const get = (path: string) => fetch(`${url}${path}`, { headers });
  const stop = async () => {
    const failed = await service.stop();
    await issuer.stop();
    return failed;
  };
  return { service, seen, get, stop };
}

describe('a service', () => {
  it('is alive, and ready as long as everything it needs is', async () => {
    const { service, get, stop } = await running();
    let lag: number | Error = 3;
    service.operations.ready('log', () => (lag instanceof Error ? Promise.reject(lag) : Promise.resolve({ lag })));
    expect(await (await get('/health/live')).json()).toEqual({ status: 'alive' });
    const good = await get('/health/ready');
    expect(good.status).toBe(200);
    expect(await good.json()).toEqual({ status: 'ready', checks: { log: { status: 'up', detail: { lag: 3 } } } });
    lag = Object.assign(new Error('connect 10.0.0.1 as postgres'), { code: 'ECONNREFUSED' });
    const bad = await get('/health/ready');
    expect(bad.status).toBe(503);
    expect(await bad.json()).toEqual({
      status: 'not-ready',
      checks: { log: { status: 'down', detail: 'ECONNREFUSED' } },
    });
    await stop();
  });

  it('shows what it measures', async () => {
    const { service, get, stop } = await running();
    service.operations.gauge('stet_queue_depth', 'Commands that wait.', () => 7);
    service.operations.counter('stet_refusals_total', 'Refusals.', ['code']).inc({ code: 'too-late' }, 2);
    await get('/notes');
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('stet_queue_depth 7');
    expect(metrics).toContain('stet_refusals_total{code="too-late"} 2');
    expect(metrics).toMatch(/stet_http_request_duration_seconds_count\{method="GET",route="\/notes",status="200"\} 1/);
    expect(metrics).toContain('process_resident_memory_bytes');
    await stop();
  });

  it('finishes what is in flight, then closes what was opened last first', async () => {
    const { service, seen, get, stop } = await running();
    const order: string[] = [];
    const release = Promise.withResolvers<undefined>();
    const arrived = Promise.withResolvers<undefined>();
    seen.slow = async () => {
      arrived.resolve(undefined);
      await release.promise;
      order.push('handled');
    };
    for (const name of ['log', 'relay']) {
      service.operations.onStop(name, () => {
        order.push(name);
        return Promise.resolve();
      });
    }
    const slow = get('/notes/slow/one');
    await arrived.promise;
    const stopped = stop();
    await expect(get('/open')).rejects.toThrow();
    release.resolve(undefined);
    const answer = await slow;
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toEqual({ done: true });
    expect(await stopped).toEqual([]);
    expect(order).toEqual(['handled', 'relay', 'log']);
  });

  it('that has begun to stop takes nothing new, and is not ready', async () => {
    const { service, get, stop } = await running();
    service.operations.beginStop();
    const refused = await get('/open');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'stopping', status: 503 });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await get('/health/live')).status).toBe(200);
    const readiness = await get('/health/ready');
    expect([readiness.status, await readiness.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
    await stop();
  });

  it('says what could not be closed, and closes the rest', async () => {
    const { service, stop } = await running();
    let closed = false;
    service.operations.onStop('log', () => {
      closed = true;
      return Promise.resolve();
    });
    service.operations.onStop('relay', () => Promise.reject(new Error('no')));
    expect(await stop()).toEqual(['relay']);
    expect(closed).toBe(true);
  });
});
