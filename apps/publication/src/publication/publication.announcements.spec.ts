import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Block, Content, Image, NewsItem, PublicationEvent } from '#contracts';
import { publicationLog } from './publication.announcements.ts';
import { content, correctionId, duty, events, id, now, paragraph, path, told } from './samples.ts';

/** What left for the feed, after each of these events. */
function feed(...happened: PublicationEvent[]): { type: string; item: NewsItem }[] {
  let { initial: state } = publicationLog.decider;
  return happened.flatMap((event) => {
    state = publicationLog.decider.evolve(state, event);
    const { internal, public: message } = publicationLog.announce(event, state);
    expect(internal).toBe('payload');
    return message ? [{ type: message.type, item: message.data.item }] : [];
  });
}
const { opened, published, held, unpublished, killAsked, killDeclined, killed } = events;
const released = (text: Content) => ({ ...published, data: { ...published.data, content: text } });
const last = (...happened: PublicationEvent[]) => feed(...happened).at(-1)?.item;
const blocks = (...list: [Block['kind'], string][]): Content => ({
  ...content,
  blocks: list.map(([kind, html], at) => ({ ...paragraph(`b${at}`, html), kind })),
});
const image = (of: Partial<Image>, html = 'Cars <em>cross</em>.', block = 'i1'): Block => ({
  ...{ ...paragraph(block, html), kind: 'image' },
  image: { ...{ alt: 'A "row" of cars', credit: 'R. Iqbal & Co', rights: 'Once, in print.' }, ...of },
});
const address = { href: 'https://pictures.example/1.jpg?a=1&b=2', width: 1600, height: 900 };
const withImages = (...images: Block[]): Content => ({ ...content, blocks: [...content.blocks, ...images] });
const corrected = told('ArticleCorrected', duty, {
  ...{ version: 1, content: blocks(['paragraph', 'It is closed.']), correctionId },
  ...{ number: 1, class: 'CORRECTED', note: 'It is closed.', difference: [], fields: [], item: 2, at: now },
});
const updated = told('ArticleUpdated', duty, {
  ...{ version: 2, content: blocks(['paragraph', 'Thousands crossed it.']), number: 1, nothingWasWrong: true },
  ...{ difference: [], fields: [], item: 4, at: now },
});
const note = 'A name was misspelt.';
const refiled = { ...corrected, data: { ...corrected.data, class: 'REFILE' as const, note, item: 3 } };

test('a release is a complete item', () => {
  expect(feed(opened, published)).toEqual([
    {
      type: 'ItemReleased',
      item: {
        uri: `urn:uuid:${id}`,
        standard: { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#' },
        ...{ type: 'text', representationType: 'full', profile: 'text-only' },
        ...{ version: '1', pubStatus: 'usable', firstCreated: now, versionCreated: now },
        ...{ language: 'en', urgency: 4, slugline: 'bridge-reopens', by: 'Rana Iqbal', located: 'HARBOUR' },
        headlines: [{ role: 'main', value: 'Bridge reopens' }],
        descriptions: [
          { role: 'standfirst', contentType: 'text/plain', value: 'After ten years.' },
          { role: 'edition', contentType: 'text/plain', value: 'The Harbour Post, 2026-01-01' },
        ],
        bodies: [
          {
            ...{ role: 'main', contentType: 'application/xhtml+xml', charCount: 34 },
            value: '<p>The bridge is open.</p>\n<p>Traffic flows.</p>',
          },
          { role: 'main', contentType: 'text/plain', charCount: 34, value: 'The bridge is open.\nTraffic flows.' },
        ],
        subjects: [
          { name: 'city', rel: 'section' },
          { name: 'bridge', rel: 'keyword' },
        ],
        infoSources: [{ name: 'The Harbour Post', role: 'publisher' }],
        altIds: [
          { role: 'path', value: path },
          { role: 'article-version', value: '1' },
        ],
      },
    },
  ]);
});

test('nothing is said of an article before its first release, nor of stops, clearances and what waits', () => {
  const { waiting, taken, ready, stopped, renewed } = events;
  const text = blocks(['paragraph', 'New.']);
  expect(feed(opened, waiting(2, text), taken(2, text), stopped, renewed(3, text))).toEqual([]);
  expect(feed(opened, published, waiting(2, text), ready(text))).toHaveLength(1);
});

const repeated = told('ArticleRepeated', duty, { version: 1, number: 2, item: 6, at: now });
test('each change of what is out is a message with the next number, and says in its note what it is', () => {
  const story = [opened, published, corrected, refiled, updated, unpublished(5), repeated];
  const told = feed(...story, killAsked(7), killDeclined('published', 8), killAsked(9), killed(10));
  expect(told.map(({ type, item }) => [type, item.version, item.pubStatus, item.edNote])).toEqual([
    ['ItemReleased', '1', 'usable', undefined],
    ['ItemCorrected', '2', 'usable', 'CORRECTED (1): It is closed.'],
    ['ItemRefiled', '3', 'usable', `REFILE (1): use this text in place of the one before. ${note}`],
    ['ItemUpdated', '4', 'usable', 'UPDATE (1): a newer text of the story, in place of the one before.'],
    ['ItemWithheld', '5', 'withheld', 'UNPUBLISHED: do not use; it was taken down.'],
    ['ItemRepeated', '6', 'usable', 'REPEAT (2): the text of message 5 again, unchanged.'],
    ['ItemWithheld', '7', 'withheld', 'HELD: do not use until further notice.'],
    ['ItemReleased', '8', 'usable', undefined],
    ['ItemWithheld', '9', 'withheld', 'HELD: do not use until further notice.'],
    ['ItemCanceled', '10', 'canceled', 'WITHDRAWN: remove every version; nothing follows.'],
  ]);
});

test('a hold is told once, and its end as a release of the same text; why is no business of outsiders', () => {
  const told = feed(opened, published, held(2), killAsked(2), killDeclined('held', 2), events.released(3));
  expect(told.map(({ type, item }) => [type, item.version, item.pubStatus, item.edNote])).toEqual([
    ['ItemReleased', '1', 'usable', undefined],
    ['ItemWithheld', '2', 'withheld', 'HELD: do not use until further notice.'],
    ['ItemReleased', '3', 'usable', undefined],
  ]);
  expect(told.map(({ item }) => item.bodies)).toEqual(told.map(() => told[0]?.item.bodies));
  expect(JSON.stringify(told)).not.toMatch(/doubt|It is right/);
});

test('what is held while a kill is asked was held for outsiders before', () => {
  const story = [opened, published, killAsked(2), held(2, 'kill-asked'), killDeclined('held', 2), events.released(3)];
  expect(feed(...story).map(({ item }) => item.pubStatus)).toEqual(['usable', 'withheld', 'usable']);
});

test('that a kill was asked and why, or why it was taken down, is no business of outsiders', () => {
  const told = JSON.stringify(feed(opened, published, killAsked(2), killed(3)));
  expect(told).not.toMatch(/kill|Untrue|edna/i);
  expect(JSON.stringify(feed(opened, published, unpublished(2)))).not.toContain('Rights.');
  expect(feed(opened, published, unpublished(2), killAsked(2), killDeclined('unpublished', 2))).toHaveLength(2);
});

test('what is withheld is complete; what is canceled has nothing of the text', () => {
  expect(last(opened, published, unpublished(2))?.bodies).toHaveLength(2);
  const item = last(opened, published, corrected, killAsked(3), killed(4));
  expect(item).toMatchObject({ representationType: 'partial', pubStatus: 'canceled' });
  for (const part of ['bodies', 'descriptions', 'subjects']) expect(item).not.toHaveProperty(part);
  expect(JSON.stringify(item)).not.toMatch(/closed|ten years/);
});

test('a corrected item carries the notes of all corrections', () => {
  const notes = last(opened, published, corrected, refiled)?.descriptions?.filter(({ role }) => role === 'correction');
  expect(notes?.map(({ value }) => value)).toEqual(['It is closed.', note]);
});

describe('an image', () => {
  test('is a figure of the body and an associated picture, with its caption, credit and terms; the text is counted without it', () => {
    const item = last(opened, released(withImages(image(address), image({ asset: 'IMG 7' }, '', 'i "2"'))));
    expect(item?.profile).toBe('text-photo');
    expect(item?.bodies).toEqual([
      {
        ...{ role: 'main', contentType: 'application/xhtml+xml', charCount: 34 },
        value: [
          '<p>The bridge is open.</p>\n<p>Traffic flows.</p>',
          '<figure data-association="i1"><img src="https://pictures.example/1.jpg?a=1&amp;b=2" alt="A &quot;row&quot; of cars" width="1600" height="900"/>' +
            '<figcaption>Cars <em>cross</em>. <small>R. Iqbal &amp; Co</small></figcaption></figure>',
          '<figure data-association="i &quot;2&quot;"><figcaption><small>R. Iqbal &amp; Co</small></figcaption></figure>',
        ].join('\n'),
      },
      { role: 'main', contentType: 'text/plain', charCount: 34, value: 'The bridge is open.\nTraffic flows.' },
    ]);
    const alt = { role: 'alt', contentType: 'text/plain', value: 'A "row" of cars' };
    const shared = { type: 'picture', by: 'R. Iqbal & Co', usageTerms: 'Once, in print.' };
    expect(item?.associations).toEqual([
      {
        ...{ ...shared, name: 'i1', uri: `urn:uuid:${id}#i1` },
        descriptions: [{ role: 'caption', contentType: 'text/plain', value: 'Cars cross.' }, alt],
        renditions: [{ name: 'main', ...address }],
      },
      {
        ...{ ...shared, name: 'i "2"', uri: `urn:uuid:${id}#i%20%222%22`, descriptions: [alt] },
        ...{ renditions: [{ name: 'main' }], altIds: [{ role: 'asset', value: 'IMG 7' }] },
      },
    ]);
  });

  test('goes with the text when it is killed', () => {
    const text = withImages(image(address));
    expect(last(opened, released(text), killAsked(2))?.associations).toHaveLength(1);
    const item = last(opened, released(text), killAsked(2), killed(3));
    expect(item).not.toHaveProperty('associations');
    expect(item?.profile).toBe('text-only');
    expect(JSON.stringify(item)).not.toMatch(/pictures|Cars|Iqbal &|Once/);
  });

  test('has no address but one on the web, whatever the log holds, and no markup in what is plain', () => {
    const said = '<img src=x onerror=steal()>"\'\uFFFF';
    const item = last(
      opened,
      released(withImages(image({ href: 'javascript:steal()', alt: said, credit: said }, said))),
    );
    const [figure = ''] = item?.bodies?.[0]?.value.split('\n').slice(-1) ?? [];
    expect(figure).toBe(
      '<figure data-association="i1"><figcaption>"\' <small>&lt;img src=x onerror=steal()&gt;&quot;\'</small></figcaption></figure>',
    );
    expect(item?.associations?.[0]?.renditions).toEqual([{ name: 'main' }]);
  });
});

describe('the text', () => {
  const bodies = (...list: [Block['kind'], string][]) =>
    last(opened, released(blocks(...list)))?.bodies?.map(({ value }) => value);

  test('has its own markup for each kind of block, and a line for each block or item', () => {
    expect(
      bodies(
        ['subheading', 'Matters of <em>interest</em>'],
        ['quote', '“They discussed\ntopics,” said a statement.'],
        ['list', 'Bridges\n\n Roads &amp; rails '],
      ),
    ).toEqual([
      [
        '<h2>Matters of <em>interest</em></h2>',
        '<blockquote><p>“They discussed\ntopics,” said a statement.</p></blockquote>',
        '<ul><li>Bridges</li><li>Roads &amp; rails </li></ul>',
      ].join('\n'),
      'Matters of interest\n“They discussed topics,” said a statement.\nBridges\nRoads & rails ',
    ]);
  });

  test('is cleaned once more, and well-formed', () => {
    const [xhtml = ''] =
      bodies([
        'paragraph',
        'A<br>B <em>c <a href="https://x.example/?a=1&b=2" onclick="x()">d</em> & e&nbsp;<script>f</script>\uFFFF',
      ]) ?? [];
    expect(xhtml).toBe('<p>AB <em>c <a href="https://x.example/?a=1&amp;b=2">d</a></em> &amp; e\u00a0</p>');
  });

  test('counts characters of any script as readers do', () => {
    expect(last(opened, released(blocks(['paragraph', 'پل 🌉'])))?.bodies?.map(({ charCount }) => charCount)).toEqual([
      4, 4,
    ]);
  });
});

const standard = ['../shared/standards/ninjs/', '../../shared/standards/ninjs/']
  .map((place) => new URL(place, new URL('../../../../', import.meta.url)))
  .find((place) => existsSync(place));
const schema = (name: string) => JSON.parse(readFileSync(new URL(name, standard), 'utf8')) as { $id: string };

(standard ? test : test.skip)(
  `every item is valid against the IPTC's own schema of ninjs 3.1${standard ? '' : ' (LEFT OUT: no ../shared/standards/ninjs beside this checkout)'}`,
  () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(schema('GeoJSON-schema.json'));
    const valid = ajv.compile(schema('ninjs-schema_3.1.json'));
    const rich = released({
      ...blocks(['list', 'One\nTwo'], ['quote', 'پل 🌉'], ['subheading', '']),
      ...{ standfirst: '', dateline: '', section: '', byline: [], keywords: [] },
    });
    const pictures = withImages(image(address), image({ asset: 'IMG 7', alt: '', credit: '', rights: '' }, '', '🌉 "'));
    const told = [
      ...feed(opened, released(pictures), held(2), events.released(3), unpublished(4)),
      ...feed(
        ...[opened, published, corrected, refiled, updated, unpublished(5), repeated],
        ...[killAsked(6), killDeclined('published', 7)],
      ),
      ...feed(opened, rich, killAsked(2), killed(3)),
    ];
    expect(new Set(told.map(({ type }) => type)).size).toBe(7);
    for (const { item } of told) expect([item, valid(item), valid.errors]).toEqual([item, true, null]);
    // It does refuse: what the standard does not know, and what is in the wrong form.
    expect(valid({ ...told[0]?.item, slug: 'x' })).toBe(false);
    expect(valid({ ...told[0]?.item, versionCreated: 'yesterday' })).toBe(false);
  },
);
