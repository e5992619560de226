import { type Block, cleanHtml, type Content, type NewsItem, plainText } from '#contracts';
import type { Out, Publication } from './state.ts';

type Parts = Required<NewsItem>;
const lineEnd = /\s*\n\s*/;
/** What no XML may hold, escaped or not. */
const unwritable = /[\uFFFE\uFFFF]/g;
const html = (text: string): string => cleanHtml(text).replace(unwritable, '');
const items = (text: string): string[] => text.split(lineEnd).filter((item) => item !== '');

const asXhtml: Readonly<Record<Block['kind'], (text: string) => string>> = {
  paragraph: (text) => `<p>${html(text)}</p>`,
  subheading: (text) => `<h2>${html(text)}</h2>`,
  quote: (text) => `<blockquote><p>${html(text)}</p></blockquote>`,
  list: (text) =>
    `<ul>${items(text)
      .map((item) => `<li>${html(item)}</li>`)
      .join('')}</ul>`,
};
/** A block is one line; a list has one line for each item. */
const asLines = ({ kind, html: text }: Block): string[] => {
  const lines = items(plainText(text));
  return kind === 'list' ? lines : [lines.join(' ')];
};

function bodiesOf({ blocks }: Content): Parts['bodies'] {
  const text = blocks.flatMap(asLines).join('\n');
  const xhtml = blocks.map(({ kind, html: inner }) => asXhtml[kind](inner)).join('\n');
  const charCount = Array.from(text).length;
  return [
    { role: 'main', contentType: 'application/xhtml+xml', charCount, value: xhtml },
    { role: 'main', contentType: 'text/plain', charCount, value: text },
  ];
}

function descriptionsOf({ content, edition }: Out, corrections: Publication['corrections']): Parts['descriptions'] {
  const described = (role: 'standfirst' | 'edition' | 'correction', value: string) =>
    value === '' ? [] : [{ role, contentType: 'text/plain' as const, value }];
  return [
    ...described('standfirst', content.standfirst),
    ...described('edition', `${edition.paper}, ${edition.date}`),
    ...corrections.flatMap(({ note }) => described('correction', note)),
  ];
}

function subjectsOf({ section, keywords }: Content): Parts['subjects'] {
  const named = (rel: 'section' | 'keyword', name: string) => (name === '' ? [] : [{ name, rel }]);
  return [...named('section', section), ...keywords.flatMap((keyword) => named('keyword', keyword))];
}

export type PubStatus = NewsItem['pubStatus'];

/** The article as outsiders are told of it: complete, and once it is canceled without a word of its text. */
export function itemOf(state: Publication, out: Out, pubStatus: PubStatus, edNote?: string): NewsItem {
  const { content, path, edition, firstAt, version } = out;
  const gone = pubStatus === 'canceled';
  const by = content.byline.filter((name) => name !== '').join(', ');
  return {
    uri: `urn:uuid:${state.id}`,
    standard: {
      name: 'ninjs',
      version: '3.1',
      schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#',
    },
    ...{ type: 'text', representationType: gone ? 'partial' : 'full', profile: 'text-only' },
    ...{ version: String(state.item.number), pubStatus, firstCreated: firstAt, versionCreated: state.item.at },
    ...{ language: content.language, urgency: content.urgency, slugline: content.slugline },
    ...(edNote === undefined ? {} : { edNote }),
    ...(by === '' ? {} : { by }),
    ...(content.dateline === '' ? {} : { located: content.dateline }),
    headlines: [{ role: 'main', value: content.headline }],
    ...(gone
      ? {}
      : {
          descriptions: descriptionsOf(out, state.corrections),
          bodies: bodiesOf(content),
          subjects: subjectsOf(content),
        }),
    infoSources: [{ name: edition.paper, role: 'publisher' }],
    altIds: [
      { role: 'path', value: path },
      { role: 'article-version', value: String(version) },
    ],
  };
}
