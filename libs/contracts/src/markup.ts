import sanitizeHtml from 'sanitize-html';

/** What a block may contain besides words: emphasis and links that lead to pages or addresses. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: ['em', 'strong', 'a'],
  allowedAttributes: { a: ['href'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
};
const none: sanitizeHtml.IOptions = { allowedTags: [], allowedAttributes: {} };
const escaped: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** The HTML with everything taken out that a block may not contain. Done twice it does no more than once. */
export const cleanHtml = (html: string): string => sanitizeHtml(html, allowed);

/** The words of a block's HTML, as they read in plain text: no tags, no entities. Most blocks have neither, and need not be taken apart. */
export const plainText = (html: string): string =>
  /[<&]/.test(html)
    ? sanitizeHtml(html, none).replace(/&(?:amp|lt|gt|quot);/g, (entity) => escaped[entity] ?? entity)
    : html;
