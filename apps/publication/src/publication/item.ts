import { type Block, cleanBlock, cleanHtml, type Content, type Image, type NewsItem, plainText } from '#contracts';
import type { Out, Publication } from './state.ts';

type Parts = Required<NewsItem>;
const lineEnd = /\s*\n\s*/;
/** What no XML may hold, escaped or not. */
const unwritable = /[\uFFFE\uFFFF]/g;
const items = (text: string): string[] => text.split(lineEnd).filter((item) => item !== '');
const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);

/** A figure names its image, so that whoever knows that one otherwise than by an address finds its place. */
function figure({ id, html, image }: Block): string {
  const { href, alt = '', credit = '', width, height }: Partial<Image> = image ?? {};
  const attributes = Object.entries({ src: href, alt, width, height }).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${escaped(String(value))}"`],
  );
  const shown = href === undefined ? '' : `<img${attributes.join('')}/>`;
  const said = [html, ...(credit === '' ? [] : [`<small>${escaped(credit)}</small>`])].filter((part) => part !== '');
  const caption = said.length > 0 ? `<figcaption>${said.join(' ')}</figcaption>` : '';
  return `<figure data-association="${escaped(id)}">${shown}${caption}</figure>`;
}
const asXhtml: Readonly<Record<Block['kind'], (block: Block) => string>> = {
  paragraph: ({ html }) => `<p>${html}</p>`,
  subheading: ({ html }) => `<h2>${html}</h2>`,
  quote: ({ html }) => `<blockquote><p>${html}</p></blockquote>`,
  list: ({ html }) =>
    `<ul>${items(html)
      .map((item) => `<li>${cleanHtml(item)}</li>`)
      .join('')}</ul>`,
  image: figure,
};
/** A block is one line; a list has one line for each item; an image is no text. */
const asLines = ({ kind, html: text }: Block): string[] => {
  const lines = items(plainText(text));
  if (kind === 'image') return [];
  return kind === 'list' ? lines : [lines.join(' ')];
};

function bodiesOf({ blocks }: Content): Parts['bodies'] {
  const text = blocks.flatMap(asLines).join('\n');
  const xhtml = blocks
    .map((block) => asXhtml[block.kind](cleanBlock(block)))
    .join('\n')
    .replace(unwritable, '');
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

/** Each of the standard's parts only where there is something to say. */
const given = <T extends object>(part: T) =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined && value !== '')) as Partial<T>;

function associationsOf(articleId: string, { blocks }: Content): Parts['associations'] {
  return blocks.map(cleanBlock).flatMap(({ id, html, image }) => {
    if (!image) return [];
    const { href, asset, alt, credit, rights, width, height } = image;
    const described = (role: 'caption' | 'alt', value: string) =>
      value === '' ? [] : [{ role, contentType: 'text/plain' as const, value }];
    return [
      {
        ...{ name: id, uri: `urn:uuid:${articleId}#${encodeURIComponent(id)}`, type: 'picture' as const },
        ...given({ by: credit, usageTerms: rights }),
        descriptions: [...described('caption', plainText(html)), ...described('alt', alt)],
        renditions: [{ name: 'main' as const, ...given({ href, width, height }) }],
        ...(asset === undefined ? {} : { altIds: [{ role: 'asset' as const, value: asset }] }),
      },
    ];
  });
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
  const associations = gone ? [] : associationsOf(state.id, content);
  const by = content.byline.filter((name) => name !== '').join(', ');
  return {
    uri: `urn:uuid:${state.id}`,
    standard: {
      name: 'ninjs',
      version: '3.1',
      schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#',
    },
    ...{ type: 'text', representationType: gone ? 'partial' : 'full' },
    profile: associations.length > 0 ? 'text-photo' : 'text-only',
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
          ...(associations.length > 0 ? { associations } : {}),
          subjects: subjectsOf(content),
        }),
    infoSources: [{ name: edition.paper, role: 'publisher' }],
    altIds: [
      { role: 'path', value: path },
      { role: 'article-version', value: String(version) },
    ],
  };
}
