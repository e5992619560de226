import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Incoming } from '#messaging';
import { content, duty, events, id } from '../../apps/reading/src/samples.ts';
import { newArticle, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

describe('who may ask what', () => {
  const lists = ['/board', '/queues/pending', '/publication-log'];

  test.each([...lists, `/articles/${id(1)}/history`, `/articles/${id(1)}/difference?from=1&to=2`])(
    '%s is for those who work in the house',
    async (path) => {
      for (const role of ['site', 'subscriber', 'nobody'])
        expect(await reading.call(role, path)).toMatchObject({ status: 403, body: { code: 'role-required' } });
      for (const role of ['reporter', 'legal', 'moderator', 'operator', 'auditor'])
        expect((await reading.call(role, path)).status).not.toBe(403);
    },
  );

  test('the page is for the site as well, and for nobody without a token', async () => {
    const path = `/articles/${id(1)}/page`;
    expect((await reading.call('subscriber', path)).status).toBe(403);
    expect((await reading.call('site', path)).status).toBe(404);
    expect((await fetch(`${reading.url}${path}`)).status).toBe(401);
  });

  test.each([
    ...lists.flatMap((list) => [`${list}?color=red`, `${list}?limit=0`, `${list}?limit=101`, `${list}?limit=1e1`]),
    ...lists.flatMap((list) => [`${list}?cursor=garbage`, `${list}?cursor=${cursor(['x'])}`, `${list}?cursor=`]),
    `/board?cursor=${cursor(['2026-03-01T10:00:00.000000Z', 'not-an-id'])}`,
    ...['0000-01-01T10', '2026-13-01T10', '2026-02-30T10', '2026-03-01T24'].map(
      (hour) => `/queues/pending?cursor=${cursor([`${hour}:00:00.000000Z`, id(1)])}`,
    ),
    `/publication-log?cursor=${cursor(['2026-03-01T10:00:00.000000Z', id(1), '9'.repeat(19)])}`,
    ...['/board?state=lost', '/board?after=%00', '/queues/pending?articleId=7', '/publication-log?action=lost'],
    ...['?color=red', '?limit=-1', '?cursor=e30'].map((query) => `/articles/${id(1)}/page${query}`),
    `/articles/${id(1)}/history?service=feed`,
    ...['', '?from=1', '?from=0&to=1', '?from=1&to=x'].map((query) => `/articles/${id(1)}/difference${query}`),
  ])('%s is refused', async (path) => {
    expect(await reading.call('auditor', path)).toMatchObject({ status: 400, body: { code: 'invalid-parameter' } });
  });

  test('an id that is none is refused before anything is asked', async () => {
    expect(await reading.call('site', '/articles/7/page')).toMatchObject({ status: 400, body: { code: 'bad-id' } });
    expect(await reading.call('site', '/pages?path=no/such')).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });
});

function cursor(values: string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

interface Item {
  readonly number: string;
  readonly reader: string;
  readonly type: string;
  readonly reason: string;
}

describe('operations', () => {
  const digests = async (after = '') => {
    const { body } = await reading.call('operator', `/operations/digests${after && `?after=${after}`}`);
    return (body.digests as { readModel: string; digest: string; rows: object }[]).map(
      ({ readModel, digest, rows }) => {
        return { readModel, digest, rows };
      },
    );
  };

  test('all read models can be rebuilt beside those that serve, come to the same, and can be taken back', async () => {
    const before = await digests();
    expect(before.map(({ readModel }) => readModel)).toContain('article_page');
    const { status, body } = await reading.call('operator', '/operations/rebuild', { body: {} });
    expect(status).toBe(202);
    const built = body.rebuilding as { readModel: string; version: number }[];
    expect(built.map(({ readModel }) => readModel)).toEqual(before.map(({ readModel }) => readModel));
    const versionOf = (name: string) => built.find(({ readModel }) => readModel === name)?.version ?? 0;
    const serving = async () => {
      const { body: found } = await reading.call('auditor', '/operations/generations');
      return (
        found.generations as { readModel: string; version: number; serving: boolean; done: number; of: number }[]
      ).filter((one) => one.serving);
    };
    while ((await serving()).some(({ readModel, version }) => version < versionOf(readModel)))
      await new Promise((done) => setTimeout(done, 100));
    for (const { done, of } of await serving()) expect(done).toBe(of);
    expect(await digests()).toEqual(before);
    const page = '/operations/generations/article_page';
    const old = `${page}/${versionOf('article_page') - 1}`;
    expect((await reading.call('auditor', `${old}/serve`, { body: {} })).status).toBe(403);
    expect((await reading.call('operator', `${old}/serve`, { body: {} })).status).toBe(202);
    expect(await reading.call('operator', `${old}/drop`, { body: {} })).toMatchObject({
      ...{ status: 409, body: { code: 'generation-serves' } },
    });
    expect(await digests()).toEqual(before);
    expect((await reading.call('operator', `${page}/${versionOf('article_page')}/drop`, { body: {} })).status).toBe(
      202,
    );
    for (const unknown of ['article_page/9', 'article_page/x', 'lost/1'])
      expect((await reading.call('operator', `/operations/generations/${unknown}/serve`, { body: {} })).status).toBe(
        404,
      );
  });

  test('an event that cannot be applied parks its article alone, until an operator says what to do', async () => {
    const [broken, other] = [newArticle(), newArticle()];
    const poison: Incoming = { ...events.published(content(), broken), data: { ...broken, by: duty } };
    const after = await reading.send(poison, events.unpublished(broken), events.published(content(), other));
    const path = `/articles/${broken.articleId}/page`;
    expect(await reading.after(after, 'site', path)).toMatchObject({ status: 503, body: { code: 'parked' } });
    expect((await reading.after(after, 'site', `/articles/${other.articleId}/page`)).status).toBe(200);
    expect((await reading.after(after, 'editor', '/publication-log?limit=1')).body.parked).toBe(1);
    const listed = async () => {
      const { body } = await reading.call('auditor', '/operations/parked');
      return (body.items as Item[]).filter(({ reader }) => reader.startsWith('article_page_'));
    };
    const [first, ...behind] = await listed();
    if (!first) throw new Error('Nothing is parked.');
    expect([first, ...behind]).toMatchObject([
      { key: broken.articleId, type: 'ArticlePublished', topic: 'publication', wish: null },
      { key: broken.articleId, type: 'ArticleUnpublished', reason: 'waits for an earlier event of its key' },
    ]);
    expect((await reading.call('operator', `/operations/parked/${first.number}`)).body).toMatchObject({
      ...{ behind: 1, message: { id: poison.id, type: 'ArticlePublished' }, wishes: [] },
    });
    const reason = 'The desk was told.';
    const { items } = (await reading.call('operator', '/operations/parked')).body as { items: Item[] };
    for (const { number } of items.filter(({ type }) => type === 'ArticlePublished')) {
      const { body } = await reading.call('operator', `/operations/parked/${number}/skip`, { body: { reason } });
      expect(body).toEqual({ number, wish: 'skip' });
    }
    for (let tries = 0; (await listed()).length > 0 && tries < 100; tries += 1)
      await new Promise((done) => setTimeout(done, 100));
    expect(await reading.call('site', path)).toMatchObject({ status: 404, body: { code: 'page-withheld' } });
    const wishes = (await reading.call('auditor', '/operations/wishes')).body.items as object[];
    expect(wishes).toContainEqual(
      expect.objectContaining({
        ...{ number: first.number, reader: first.reader, wish: 'skip', reason, outcome: 'skipped' },
        ...{ by: { id: 'operator', name: 'operator' }, parkedBecause: first.reason },
      }),
    );
  });

  test('the board marks what could not be brought up to date, and nothing else', async () => {
    const [broken, other] = [newArticle(), newArticle()];
    const begun = events.started(broken);
    const poison: Incoming = {
      ...events.revised(2, content(), broken),
      data: { ...broken, by: duty, version: 2, edit: { fields: 'none' } },
    };
    const after = await reading.send(begun, poison, events.started(other));
    const { body } = await reading.after(after, 'editor', '/board?limit=100');
    const marks = new Map(
      (body.items as { articleId: string; parked: boolean }[]).map(({ articleId, parked }) => [articleId, parked]),
    );
    expect(body.parked).toBe(1);
    expect([marks.get(broken.articleId), marks.get(other.articleId)]).toEqual([true, false]);
  });

  test('lists of what is parked go on from page to page', async () => {
    const broken = newArticle();
    const poison: Incoming = { ...events.published(content(), broken), data: { ...broken, by: duty } };
    const after = await reading.send(poison, events.unpublished(broken));
    await reading.after(after, 'operator', '/operations/digests');
    const numbers: string[] = [];
    for (let next: string | undefined = `${reading.url}/operations/parked?limit=1`; next !== undefined;) {
      const { body, headers } = await reading.call('operator', next);
      numbers.push(...(body.items as Item[]).map(({ number }) => number));
      const link: string | undefined = /<(.*)>/.exec(headers.get('link') ?? '')?.[1];
      next = link === undefined ? undefined : new URL(link, reading.url).href;
    }
    expect(numbers.length).toBeGreaterThan(2);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => Number(a) - Number(b)));
    expect((await reading.call('operator', '/operations/parked/retry', { body: {} })).status).toBe(202);
    const outcome = async () => {
      const { body } = await reading.call('auditor', '/operations/wishes?limit=1');
      return (body.items as { outcome: string | null }[])[0]?.outcome;
    };
    while ((await outcome()) === null) await new Promise((done) => setTimeout(done, 100));
    expect(await outcome()).toBe('failed');
  });

  test('are for operators; an auditor looks on', async () => {
    for (const path of ['/operations/digests', '/operations/parked']) {
      expect((await reading.call('auditor', path)).status).toBe(200);
      expect((await reading.call('chief', path)).status).toBe(403);
    }
    const asked = ['rebuild', 'parked/1/skip', 'parked/1/retry', 'parked/retry'];
    for (const path of asked.map((one) => `/operations/${one}`))
      expect((await reading.call('auditor', path, { body: {} })).status).toBe(403);
    expect((await reading.call('operator', '/operations/parked/999999/retry', { body: {} })).status).toBe(404);
    expect((await reading.call('operator', '/operations/parked/x/retry', { body: {} })).status).toBe(404);
    const unknown = await reading.call('operator', '/operations/rebuild', { body: { readModel: 'lost' } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
  });
});
