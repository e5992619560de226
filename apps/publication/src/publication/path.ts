import type { Content } from '#contracts';

const longest = 80;
/** Words as they may stand in an address, in any script: letters, marks and digits, joined by hyphens. */
function slug(text: string): string {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u);
  const joined = Array.from(words.filter((word) => word !== '').join('-'));
  if (joined.length <= longest) return joined.join('');
  const end = joined.lastIndexOf('-', longest);
  return joined.slice(0, end > 0 ? end : longest).join('');
}

/** Where readers find it: section and headline of its first release, and enough of its id that no two are the same. */
export function pathOf({ section, headline }: Content, articleId: string): string {
  const name = [slug(headline), articleId.slice(-12)].filter((part) => part !== '').join('-');
  return [slug(section), name].map((part) => (part === '' ? '' : `/${part}`)).join('');
}
