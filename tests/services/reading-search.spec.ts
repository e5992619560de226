import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, content, editor, events, told } from '../../apps/reading/src/samples.ts';
import { allOf, itemsOf, newArticle, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

const article = (more: Parameters<typeof content>[0], desk = 'city') => {
  const of = newArticle();
  return { of, started: events.started({ ...of, desk, content: content(more) }) };
};
const find = async (query: string) => {
  const reply = await reading.call('reporter', `/search?${query}`);
  return itemsOf(reply).map(({ headline }) => headline);
};

test('an article is found by any of its words, in each language by its stems, what fits best first', async () => {
  const bridge = article({
    headline: 'Bridges reopen',
    blocks: [block('p1', 'Ferries were <em>running</em> for years.')],
  });
  const image = { asset: '7', alt: 'Boats', credit: 'Ines Ferreira', rights: 'Once.' };
  const ferry = article({
    blocks: [block('p1', 'It is open.'), { ...block('i1', 'Gulls at the <em>quay</em>.', 'image'), image }],
    headline: 'A ferry',
    byline: ['Zainab Okoye'],
    keywords: ['harbour'],
    slugline: 'ferry-old',
  });
  const german = article(
    { headline: 'Die Brücken', slugline: 'hafen', language: 'de-AT', blocks: [block('p1', 'Die Häuser am Hafen.')] },
    'welt',
  );
  const after = await reading.send(bridge.started, ferry.started, german.started);
  expect((await reading.after(after, 'reporter', '/search?q=bridge')).status).toBe(200);
  expect(await find('q=bridge')).toEqual(['Bridges reopen']);
  expect(await find('q=run')).toEqual(['Bridges reopen']);
  expect(await find('q=ferry')).toEqual(['A ferry', 'Bridges reopen']);
  expect(await find('q=okoye')).toEqual(['A ferry']);
  expect(await find('q=gull%20quays')).toEqual(['A ferry']);
  expect(await find('q=ferreira')).toEqual(['A ferry']);
  expect(await find('q=harbour%20old')).toEqual(['A ferry']);
  expect(await find('q=Haus')).toEqual(['Die Brücken']);
  expect(await find('q=ferry%20-years')).toEqual(['A ferry']);
  expect(await find('q=%22running%20for%20years%22')).toEqual(['Bridges reopen']);
  expect(await find('q=haus&language=de')).toEqual(['Die Brücken']);
  expect(await find('q=haus&language=en')).toEqual([]);
  expect(await find('q=brücke&desk=welt')).toEqual(['Die Brücken']);
  expect(await find('q=brücke&desk=city')).toEqual([]);
  expect(await find('q=%27%22%3A*%28')).toEqual([]);
});

test('words are found in texts that put no blanks between them', async () => {
  const japanese = article({
    ...{ headline: '都庁前で事故', slugline: '都庁', language: 'ja', byline: ['山田太郎'] },
    blocks: [block('p1', '2026年、東京都庁に行きました。')],
  });
  const chinese = article({ headline: '北京大学', language: 'zh-Hans', blocks: [block('p1', '我们在学习中文。')] });
  const thai = article({ headline: 'ข่าว', language: 'th', blocks: [block('p1', 'ฉันรักภาษาไทยมาก')] });
  const after = await reading.send(japanese.started, chinese.started, thai.started);
  const { body } = await reading.after(after, 'reporter', `/search?q=${encodeURIComponent('東京都庁')}`);
  expect(body.items).toMatchObject([
    {
      headline: '都庁前で事故',
      slugline: '都庁',
      byline: '山田太郎',
      excerpt: expect.stringContaining('、東京都庁に') as unknown,
    },
  ]);
  const found = (words: string) => find(`q=${encodeURIComponent(words)}`);
  expect(await found('都庁')).toEqual(['都庁前で事故']);
  expect(await found('山田')).toEqual(['都庁前で事故']);
  expect(await found('中文')).toEqual(['北京大学']);
  expect(await found('学习 大学')).toEqual(['北京大学']);
  expect(await found('ภาษาไทย')).toEqual(['ข่าว']);
  expect(await found('都庁 -東京')).toEqual([]);
  expect(await found('都東')).toEqual([]);
});

test('what is searched is the text as it stands, however its saves were told', async () => {
  const { of, started } = article({ headline: 'Otter seen', blocks: [block('p1', 'An otter 🦦 swam.')] });
  const edit = (version: number, told_: object) =>
    told('ArticleRevised', { ...of, by: editor, version, base: version - 1, changed: ['p1'], edit: told_ });
  const at = 'An otter 🦦 '.length;
  await reading.send(started);
  const splice = edit(2, { splices: [{ block: 'p1', at, cut: 4, text: 'danced' }] });
  const field = edit(3, { fields: { headline: 'Otter danced' } });
  const after = await reading.send(splice, field);
  const { body } = await reading.after(after, 'reporter', '/search?q=dance');
  expect(body).toMatchObject({
    count: 1,
    items: [
      {
        headline: 'Otter danced',
        version: 3,
        state: 'draft',
        excerpt: expect.stringContaining('🦦 danced') as unknown,
      },
    ],
  });
  expect(await find('q=swam%20otter')).toEqual([]);
  expect(await find('q=otter&state=editing')).toEqual([]);
});

test('it comes page by page, each article once, with the count of all', async () => {
  const many = Array.from({ length: 7 }, (_, at) =>
    article({ headline: `Zebra ${at % 2 === 0 ? 'zebra' : ''}` }, at < 2 ? 'welt' : 'city'),
  );
  const after = await reading.send(...many.map(({ started }) => started));
  expect((await reading.after(after, 'reporter', '/search?q=zebra&limit=3')).body.count).toBe(7);
  const all = (await allOf(reading, 'reporter', '/search?q=zebra&limit=3')) as { articleId: string; rank: number }[];
  expect(new Set(all.map(({ articleId }) => articleId)).size).toBe(7);
  expect(all.map(({ rank }) => rank)).toEqual(all.map(({ rank }) => rank).toSorted((a, b) => b - a));
  expect(await allOf(reading, 'reporter', '/search?q=zebra&desk=welt&limit=1')).toHaveLength(2);
});

test('of a long text is shown where the words stand', async () => {
  const rest = 'Nothing is said of it here, however long it goes on. '.repeat(40);
  const long = article({ blocks: [block('p1', `${rest}A lynx crossed the road. ${rest}`)] });
  const { body } = await reading.after(await reading.send(long.started), 'reporter', '/search?q=lynx');
  const [{ excerpt = '' } = {}] = body.items as { excerpt?: string }[];
  expect(excerpt).toContain('lynx crossed the road.');
  expect(excerpt.length).toBeLessThan(300);
});
