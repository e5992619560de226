import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import { contentOf } from '../../apps/drafting/src/article/article.bodies.ts';
import { versionOf } from '../../apps/drafting/src/article/line.ts';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone } from './alone.ts';

let drafting: Alone;
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
});
afterAll(() => drafting.close());

const words = (many: number, block: number) =>
  Array.from({ length: many }, (_, at) => `word${(block * 7 + at * 13) % 89}`).join(' ');
const paragraph = (id: string, html: string) => ({ id, kind: 'paragraph' as const, html, attributions: [] });
/** 50 kB, in so many blocks. */
const longStory = (blocks: number) => ({
  desk: 'city',
  kind: 'story' as const,
  fields: { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Porter'] },
  blocks: Array.from({ length: blocks }, (_, at) => paragraph(randomUUID(), words(7600 / blocks, at))),
});
/** What a request leaves behind besides. */
const fingerprint = () => createHash('sha256').update(randomUUID()).digest('hex');
const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

test.each([100, 3])(
  '2,000 small saves of a long article in %i blocks are all there, the last as fast as the first, in less than 40 times its size',
  async (blocks) => {
    const story = longStory(blocks);
    const size = JSON.stringify(story).length;
    const { body } = await drafting.call('reporter', '/articles', story);
    const id = String(body.id);
    const before = await onDisk();
    const actor = { id: 'reporter', name: 'reporter', roles: ['reporter'], desks: ['city'] };
    const texts = [...contentOf(story).blocks];
    const [saved, times]: [string[], number[]] = [[''], []];
    for (let base = 1; base <= 2000; base++) {
      const at = (base * 31) % texts.length;
      const html = `${(texts[at]?.html ?? '').trimEnd().split(' ').slice(0, -1).join(' ')} new${base}`;
      const block = { ...paragraph(texts[at]?.id ?? '', html) };
      texts[at] = block;
      const began = performance.now();
      const command = { type: 'revise' as const, data: { base, put: [block] }, actor };
      await drafting.store.execute(articleLog, {
        ...{ id, command, commandId: randomUUID(), fingerprint: fingerprint() },
        trace: { correlationId: randomUUID() },
      });
      times.push(performance.now() - began);
      saved.push(JSON.stringify(texts));
    }
    const { state } = await drafting.store.load(articleLog, id);
    expect(state.line.newest?.number).toBe(2001);
    for (let number = 2; number <= 2001; number += 37)
      expect(JSON.stringify(versionOf(state.line, number).content.blocks)).toBe(saved[number - 1]);
    const [first, last] = [median(times.slice(0, 200)), median(times.slice(-200))];
    expect(last / first).toBeLessThan(3);
    expect(((await onDisk()) - before) / size).toBeLessThan(40);
    // A process that knows nothing of it yet comes to the same.
    const anew = await drafting.call('editor', `/articles/${id}`);
    expect(JSON.stringify((anew.body.content as { blocks: object }).blocks)).toBe(JSON.stringify(texts));
  },
);

/** Bytes that the log takes on disk, with all that is written beside a text, and its indexes. */
async function onDisk(): Promise<number> {
  const client = new pg.Client({ connectionString: drafting.database.urls.drafting });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(`select pg_total_relation_size('drafting.event') as bytes`);
  await client.end();
  return Number(rows[0]?.bytes);
}
