import type { Writing } from './letters.ts';

/** A text, and where it stands. */
export interface Placed extends Writing {
  readonly field?: string;
  readonly block?: string;
}

const links = /href="([^"]*)"/g;
/** As a reader's browser shows where a link leads. */
function address(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

function written(text: string, place: Omit<Placed, keyof Writing>): Placed[] {
  if (place.field === 'href') return [{ ...place, text: address(text) }];
  if (place.field !== 'html') return [{ ...place, text }];
  const addresses = Array.from(text.matchAll(links), ([, href = '']) => ({ ...place, text: address(href) }));
  return [{ ...place, text, html: true }, ...addresses];
}

/** Every text in something: of blocks as HTML, with the addresses of its links, and what is said of images; not who did it. */
export function textsIn(value: unknown, place: Omit<Placed, keyof Writing> = {}): Placed[] {
  if (typeof value === 'string') return written(value, place);
  if (Array.isArray(value) || value instanceof Map)
    return [...value.values()].flatMap((each: unknown) => textsIn(each, place));
  if (typeof value !== 'object' || value === null) return [];
  const within = 'html' in value && 'id' in value ? { block: String(value.id) } : place;
  return Object.entries(value)
    .filter(([name]) => name !== 'by')
    .flatMap(([field, inner]) => textsIn(inner, { ...within, field }));
}
