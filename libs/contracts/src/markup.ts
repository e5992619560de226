import sanitizeHtml from 'sanitize-html';
import type { Block } from './content.ts';

/** What a block may contain besides words: emphasis and links that lead to pages or addresses. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: ['em', 'strong', 'a'],
  allowedAttributes: { a: ['href'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
};
const none: sanitizeHtml.IOptions = { allowedTags: [], allowedAttributes: {} };
const escaped: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** The HTML with everything taken out that a block may not contain. Done twice it does no more than once. Where there is no mark-up, nothing is. */
export const cleanHtml = (html: string): string => (/[<>&]/.test(html) ? sanitizeHtml(html, allowed) : html);

/** An address on the web, as browsers write it, that says itself how it is reached and that nobody on the way can change; undefined for all else. */
export function webAddress(text: string): string | undefined {
  if (!/^https:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { username, password, href } = new URL(text);
  return username === '' && password === '' ? href : undefined;
}

/** The block as it may be shown: its HTML cleaned, and an image without any address but one on the web. */
export function cleanBlock(block: Block): Block {
  const html = cleanHtml(block.html);
  if (!block.image) return { ...block, html };
  const { href = '', ...image } = block.image;
  const address = webAddress(href);
  return { ...block, html, image: address === undefined ? image : { href: address, ...image } };
}

/** The words of a block's HTML, as they read in plain text: no tags, no entities. Most blocks have neither, and need not be taken apart. */
export const plainText = (html: string): string =>
  /[<&]/.test(html)
    ? sanitizeHtml(html, none).replace(/&(?:amp|lt|gt|quot);/g, (entity) => escaped[entity] ?? entity)
    : html;
