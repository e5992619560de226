import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Block } from '#contracts';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import type { ArticleCommand } from '../../apps/drafting/src/article/article.ts';
import { merge } from '../../apps/drafting/src/article/merging.ts';
import { Names } from '../../apps/drafting/src/naming/names.ts';
import { keep } from './appends.ts';
import { command } from './commands.ts';
import { withOwnLog } from './database.ts';
import type { Figure, Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { quantile, timed } from './load.ts';
import { approve } from './seeding.ts';
import type { System } from './system.ts';

const sentence = 'A paragraph, of about the length that paragraphs have in the news. ';
const paragraph = (at: number, html = `${at} ${sentence}`): Block => ({
  ...{ id: `p${at}`, kind: 'paragraph', html, attributions: [] },
});
const blocks = Array.from({ length: 500 }, (_, at) => paragraph(at));
const content = {
  ...{ slugline: 'bench', headline: 'A bench', standfirst: '', byline: ['R. Porter'], dateline: '', section: 'city' },
  ...{ language: 'en', urgency: 4, keywords: [] as string[], blocks },
};
const most = (value: number) => ({ aims: { value: { most: value } } });
/** p99 of as many, one after the other, once the first of them have warmed up. */
async function p99(times: number, work: (turn: number) => unknown): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times; turn += 1) took.push(await timed(() => Promise.resolve(work(turn))));
  return quantile(took.slice(Math.min(30, times / 2)), 0.99);
}

/** An article of 500 blocks, saved one block at a time, by somebody who waits for each answer. */
async function saves(system: System, { share }: Scale, told: (soFar: string) => void): Promise<[Figure[], string]> {
  const reporter = await system.as('reporter', 'drafting');
  const begun = { desk: 'city', kind: 'story', fields: { slugline: 'bench', headline: 'A bench' }, blocks };
  const { id } = await command(reporter, '/articles', JSON.stringify(begun));
  let base = 1;
  const save = async () => {
    const put = [paragraph((base * 31) % blocks.length, `Version ${base}: ${sentence}`)];
    await command(reporter, `/articles/${id}/revise`, JSON.stringify({ base, put }));
    base += 1;
  };
  const times = Math.ceil(300 * share);
  await p99(times, save);
  const young = await p99(times, save);
  told('2,000 versions');
  while (base < 2000 * share) await save();
  const old = await p99(times, save);
  const append = await withOwnLog(system.stack.adminUrl, ({ store }) => p99(times, () => keep(store, 'bench')));
  reporter.close();
  const beyond = (name: string, value: number): Figure => ({
    ...{ name: `${name}, p99 beyond that of a bare append (${append.toFixed(1)} ms)`, unit: 'ms' },
    ...{ value: value - append, ...most(25) },
  });
  return [
    [beyond('save of one block of 500', young), beyond('the same, after 2,000 versions', old)],
    `/articles/${id}/difference?from=1&to=${base}`,
  ];
}

/** How much the log grows by 2,000 saves of some words in a text of 50 kB, indexes included: as many times the text. */
const stored = (system: System, { share }: Scale): Promise<Figure> =>
  withOwnLog(system.stack.adminUrl, async ({ url, store }) => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const onDisk = async () => {
      const sql = `select pg_total_relation_size('drafting.event')::int as bytes`;
      return (await admin.query<{ bytes: number }>(sql)).rows[0]?.bytes ?? Number.NaN;
    };
    const actor = { id: 'reporter', name: 'Rana Iqbal', roles: ['reporter'], desks: ['city'] };
    const id = randomUUID();
    const execute = (command: Pick<ArticleCommand, 'type' | 'data' | 'actor'>) =>
      store.execute(articleLog, {
        ...{ id, command, commandId: randomUUID(), trace: { correlationId: randomUUID() } },
        fingerprint: randomBytes(32).toString('hex'),
      });
    const text = { ...content, blocks: Array.from({ length: 100 }, (_, at) => paragraph(at, sentence.repeat(7))) };
    await execute({ type: 'start', data: { articleId: id, desk: 'city', kind: 'story', content: text }, actor });
    const before = await onDisk();
    for (let base = 1; base <= 2000 * share; base += 1) {
      const put = [paragraph((base * 31) % 100, `${sentence.repeat(7)}Version ${base}.`)];
      await execute({ type: 'revise', data: { base, put }, actor });
    }
    const value = ((await onDisk()) - before) / JSON.stringify(text).length;
    await admin.end();
    const name = '2,000 small saves of an article of 50 kB, in the log: as many times the article';
    return { name, unit: '', value, aims: { value: { most: 40 } } };
  });

/** What a desk does all day: saves, merges, comparisons, its board, and looking for the names of sources. */
export async function drafting(system: System, scale: Scale, told: (soFar: string) => void): Promise<Figure[]> {
  const times = Math.ceil(200 * scale.share);
  const [saved, difference] = await saves(system, scale, told);
  told('10,000 articles');
  await approve(await system.log('drafting'), Math.ceil(9000 * scale.share));
  await untilLevel(system, told);
  const editor = await system.as('editor', 'reading');
  const compared = await p99(times, () => editor.send(difference));
  const board = await p99(times, () => editor.send('/board'));
  editor.close();

  const changed = (at: number, words: string) => ({ ...content, blocks: blocks.with(at, paragraph(at, words)) });
  const merged = await p99(times, (turn) => merge(content, changed(turn, 'Ours.'), changed(499 - turn, 'Theirs.')));

  const names = new Names(1);
  for (let of = 0; of < 10_000; of += 1) names.add(String(of), [`${syllables(of)} ${syllables(of * 7919)}`]);
  const text = sentence.repeat(Math.ceil(200_000 / sentence.length));
  const scanned = await p99(times, (turn) =>
    names.find({ text: `${text}${syllables(turn)} ${syllables(turn * 7919)}` }),
  );
  const row = (name: string, value: number): Figure => ({ name: `${name}, p99`, unit: 'ms', value, ...most(50) });
  return [
    ...saved,
    row('merge of two texts of 500 blocks', merged),
    row('difference of two versions of 500 blocks', compared),
    row('board of 10,000 articles', board),
    row('10,000 names of sources looked for in 200 kB', scanned),
    await stored(system, scale),
  ];
}

/** A name that nobody has. */
const syllables = (of: number) =>
  [of % 17, Math.floor(of / 17) % 19, Math.floor(of / 323) % 23].map((at) => parts[at] ?? '').join('');
const parts = 'Ba,Do,Fi,Gu,Ka,Le,Mi,No,Pa,Ru,Sa,Te,Vi,Wo,Xa,Ye,Zo,Qui,Sho,Tra,Plo,Kri,Blu'.split(',');
