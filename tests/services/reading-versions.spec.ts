import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, content, editor, events, told } from '../../apps/reading/src/samples.ts';
import { editBetween } from '#contracts';
import { allOf, itemsOf, newArticle, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

const text = (...html: string[]) => content({ blocks: html.map((words, at) => block(`p${at + 1}`, words)) });

test('every version is there: who saved it, when, how much it changed, and its text whole', async () => {
  const of = newArticle();
  const texts = [text('It is open.'), text('It is shut.'), text('It is shut.', 'At last.'), text('It is open.')];
  const [one, two, three] = texts;
  if (!one || !two || !three) throw new Error('no texts');
  const edit = { content: undefined, edit: editBetween(two, three) };
  const after = await reading.send(
    events.started({ ...of, content: one }),
    events.revised(2, two, of),
    events.claimed(of),
    told('ArticleRevised', { ...of, by: editor, version: 3, base: 2, edit: edit.edit, changed: ['p2'] }),
    told('ArticleRevised', {
      ...of,
      by: editor,
      version: 4,
      base: 3,
      content: one,
      changed: ['p1', 'p2'],
      restored: 1,
    }),
  );
  const path = `/articles/${of.articleId}/versions`;
  const list = itemsOf(await reading.after(after, 'reporter', path));
  expect(list).toMatchObject([
    { version: 4, by: editor, changed: ['p1', 'p2'], restored: 1, size: { added: 4, removed: 12 } },
    { version: 3, by: editor, changed: ['p2'], restored: null, size: { added: 8, removed: 0 } },
    { version: 2, by: { name: 'R. Porter' }, size: { added: 4, removed: 4 } },
    { version: 1, changed: [], size: { removed: 0 } },
  ]);
  expect(await allOf(reading, 'editor', `${path}?limit=1`)).toEqual(list);
  for (const [at, content] of texts.entries())
    expect((await reading.call('legal', `${path}/${at + 1}`)).body).toEqual({
      ...{ version: at + 1, at: list[3 - at]?.at, by: list[3 - at]?.by },
      content,
    });
  expect(await reading.call('legal', `${path}/5`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  expect(await reading.call('legal', `${path}/x`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  const history = itemsOf(await reading.call('editor', `/articles/${of.articleId}/history?limit=2`));
  expect(history).toHaveLength(2);
  const [last] = itemsOf(await reading.call('editor', `/articles/${of.articleId}/history`)).slice(3);
  expect(last).toMatchObject({ version: 3, difference: { from: 2, blocks: [{ block: 'p2', change: 'added' }] } });
  const difference = await reading.call('editor', `/articles/${of.articleId}/difference?from=1&to=3`);
  expect(difference.body).toMatchObject({ blocks: [{ block: 'p1', change: 'changed' }, { block: 'p2' }] });
});

test('after a version that was given up, an edit is one of the text that stood again', async () => {
  const of = newArticle();
  const [one, two, three] = [text('One'), text('Two'), text('One more')];
  const after = await reading.send(
    events.started({ ...of, content: one }),
    events.revised(2, two, of),
    told('NextVersionDiscarded', { ...of, by: editor, version: 1, content: one }),
    told('ArticleRevised', { ...of, by: editor, version: 3, base: 1, edit: editBetween(one, three), changed: ['p1'] }),
  );
  const path = `/articles/${of.articleId}/versions`;
  expect(itemsOf(await reading.after(after, 'reporter', path)).map(({ version }) => version)).toEqual([3, 2, 1]);
  expect((await reading.call('legal', `${path}/3`)).body.content).toEqual(three);
  expect((await reading.call('legal', `${path}/1`)).body.content).toEqual(one);
});

test('each word is somebody’s, of a version, and of the publication in which readers had it first', async () => {
  const of = newArticle();
  const [one, two, three] = [text('It is open.'), text('It is wide open.'), text('It is wide open now.')];
  const after = await reading.send(
    events.started({ ...of, content: one }),
    told('ArticleRevised', { ...of, by: editor, version: 2, base: 1, edit: editBetween(one, two), changed: ['p1'] }),
    events.published(one, { ...of, version: 1 }),
    events.updated(1, two, of),
    events.revised(3, three, of),
  );
  const path = `/articles/${of.articleId}/blame`;
  const { body } = await reading.after(after, 'auditor', path);
  expect(body).toMatchObject({
    version: 3,
    blocks: [
      {
        ...{ block: 'p1', version: 3 },
        words: [
          { text: 'It is ', version: 1 },
          { text: 'wide ', version: 2 },
          { text: 'open now.', version: 3 },
        ],
      },
    ],
    versions: [
      { version: 1, by: { name: 'R. Porter' }, published: { item: 1 } },
      { version: 2, by: editor, published: { item: 2 } },
      { version: 3, published: null },
    ],
  });
  expect((await reading.call('auditor', `${path}?version=1`)).body).toMatchObject({
    ...{ version: 1, blocks: [{ words: [{ text: 'It is open.', version: 1 }] }] },
  });
  expect(await reading.call('auditor', `${path}?version=9`)).toMatchObject({ status: 404 });
});

test('what a correction brought is of whoever wrote it, not of whoever approved it, and went out with the correction alone', async () => {
  const of = newArticle();
  const correctionId = '00000000-0000-7000-8000-0000000000c1';
  const [one, wip] = [text('It is open.', 'At last.'), text('It is open.', 'At long last.')];
  const [corrected, merged] = [text('It is shut.', 'At last.'), text('It is shut.', 'At long last.')];
  const correction = (type: string, by: object, data: object) => told(type, { ...of, correctionId, by, ...data });
  const rana = { id: 'rana', name: 'Rana' };
  const after = await reading.send(
    ...[events.started({ ...of, content: one }), events.published(one, { ...of, version: 1 })],
    events.revised(2, wip, { ...of, changed: ['p2'] }),
    correction('CorrectionOpened', editor, { desk: 'city', base: 1, content: one }),
    correction('CorrectionRevised', rana, { version: 2, edit: editBetween(one, corrected), changed: ['p1'] }),
    correction('CorrectionMerged', editor, { version: 3, content: merged, changed: ['p1'], conflicts: [] }),
    events.corrected(1, corrected, { ...of, version: 1, correctionId }),
  );
  const path = `/articles/${of.articleId}/blame`;
  const { body } = await reading.after(after, 'auditor', path);
  expect(body).toMatchObject({
    blocks: [
      {
        ...{ block: 'p1', version: 3, corrected: 2 },
        words: [
          { text: 'It is ', version: 1 },
          { text: 'shut.', version: 3, corrected: 2 },
        ],
      },
      { block: 'p2', version: 2, words: [{ version: 1 }, { text: 'long ', version: 2 }, { version: 1 }] },
    ],
    versions: [
      { version: 1, correction: null, published: { item: 1 } },
      { version: 2, correction: null, published: null },
      { version: 3, by: rana, correction: { id: correctionId, version: 2 }, published: { item: 2 } },
    ],
  });
});

test('a block that was moved and edited is told as both', async () => {
  const of = newArticle();
  const [one, two, three] = ['It is open.', 'At last.', 'Cars cross.'].map((words, at) => block(`p${at + 1}`, words));
  if (!one || !two || !three) throw new Error('no blocks');
  const after = await reading.send(
    events.started({ ...of, content: content({ blocks: [one, two, three] }) }),
    events.revised(2, content({ blocks: [{ ...three, html: 'Two cars cross.' }, one, two] }), of),
  );
  const { body } = await reading.after(after, 'editor', `/articles/${of.articleId}/difference?from=1&to=2`);
  expect(body.blocks).toMatchObject([
    { block: 'p3', change: 'changed', moved: { from: 3, to: 1 }, words: [{ text: 'Cars' }, { text: 'Two cars' }, {}] },
  ]);
});

test('an image is compared, blamed and counted by its caption and by what is said of it', async () => {
  const of = newArticle();
  const image = (html: string, credit: string) => ({
    ...block('i1', html, 'image'),
    image: { asset: 'IMG 7', alt: 'Cars', credit, rights: 'Once.' },
  });
  const texts = [image('Cars cross.', 'A'), image('Two cars cross.', 'A'), image('Two cars cross.', 'Abe')];
  const [one, two, three] = texts.map((picture) => content({ blocks: [block('p1', 'It is open.'), picture] }));
  if (!one || !two || !three) throw new Error('no texts');
  const saved = (version: number, before: typeof one, after: typeof one) =>
    told('ArticleRevised', {
      ...{ ...of, by: editor, version, base: version - 1, changed: ['i1'], edit: editBetween(before, after) },
    });
  const after = await reading.send(events.started({ ...of, content: one }), saved(2, one, two), saved(3, two, three));
  const path = `/articles/${of.articleId}`;
  expect(itemsOf(await reading.after(after, 'reporter', `${path}/versions`))).toMatchObject([
    { version: 3, size: { added: 27, removed: 25 } },
    { version: 2, size: { added: 5, removed: 1 } },
    { version: 1 },
  ]);
  expect((await reading.call('legal', `${path}/versions/3`)).body.content).toEqual(three);
  expect((await reading.call('editor', `${path}/difference?from=2&to=3`)).body.blocks).toEqual([
    {
      ...{ block: 'i1', change: 'changed', words: [{ kind: 'same', text: 'Two cars cross.' }] },
      image: [
        {
          field: 'credit',
          words: [
            { kind: 'removed', text: 'A' },
            { kind: 'added', text: 'Abe' },
          ],
        },
      ],
    },
  ]);
  expect((await reading.call('auditor', `${path}/blame`)).body.blocks).toMatchObject([
    { block: 'p1', version: 1 },
    {
      ...{ block: 'i1', version: 3 },
      words: [
        { text: 'Two cars ', version: 2 },
        { text: 'cross.', version: 1 },
      ],
    },
  ]);
});

test('of many versions the last is read as fast as the first, and each is whole', async () => {
  const of = newArticle();
  const long = text(...Array.from({ length: 60 }, (_, at) => `Paragraph ${at}. `.repeat(30)));
  const texts = [long];
  const started = events.started({ ...of, content: long });
  const saves = Array.from({ length: 300 }, (_, at) => {
    const before = texts.at(-1) ?? long;
    const blocks = before.blocks.map((one, index) =>
      index === (at * 7) % 60 ? { ...one, html: one.html.replace(/\d+/, String(at)) } : one,
    );
    const after = { ...before, blocks };
    texts.push(after);
    const whole = at % 100 === 99;
    const saved = whole ? { content: after } : { edit: editBetween(before, after) };
    return told('ArticleRevised', { ...of, by: editor, version: at + 2, base: at + 1, ...saved, changed: ['p1'] });
  });
  const after = await reading.send(started, ...saves);
  const path = `/articles/${of.articleId}/versions`;
  // A machine with much to do may take longer to read them all than a query waits.
  expect((await reading.after(after, 'editor', path)).status).toBe(200);
  expect((await reading.call('editor', `${path}/301`)).body.content).toEqual(texts[300]);
  const time = async (version: number) => {
    const times: number[] = [];
    for (let run = 0; run < 15; run++) {
      const began = performance.now();
      expect((await reading.call('editor', `${path}/${version}`)).body.content).toEqual(texts[version - 1]);
      times.push(performance.now() - began);
    }
    return times.toSorted((a, b) => a - b)[7] ?? 0;
  };
  await time(80);
  const [early, late] = [await time(80), await time(280)];
  expect(late / early).toBeLessThan(3);
});

test('moves are listed newest first, page after page, and as they were; of one desk are those that came or left', async () => {
  const [one, other] = [newArticle(), newArticle()];
  const started = [events.started(one), events.started(other)];
  const moves = [
    events.moved({ ...one, from: { desk: 'moves', stage: '' }, to: { desk: 'far', stage: 'subs' } }),
    events.moved({ ...other, from: { desk: 'city', stage: '' }, to: { desk: 'moves', stage: 'a' } }),
    events.moved({ ...other, from: { desk: 'moves', stage: 'a' }, to: { desk: 'moves', stage: 'b' } }),
    events.moved({ ...other, from: { desk: 'city', stage: '' }, to: { desk: 'far', stage: '' } }),
  ];
  await reading.after(await reading.send(...started, ...moves), 'chief', '/moves');
  const found = async (query: string) =>
    ((await allOf(reading, 'chief', `/moves?limit=1&${query}`)) as { at: string }[]).map(({ at }) => at);
  const [first, second, third, last] = moves.map(({ time }) => time);
  expect(await found('desk=moves')).toEqual([third, second, first]);
  expect(await found(`desk=moves&at=${second}`)).toEqual([second, first]);
  expect(await found(`articleId=${other.articleId}`)).toEqual([last, third, second]);
});
