import { readFileSync } from 'node:fs';
import { settingsTable } from '#settings';
import { asyncApi } from './asyncapi.ts';
import { examples } from './examples.ts';

const root = new URL('../../', import.meta.url);

/** A text with what stands between two marks replaced. Throws when the marks are not there. */
function between(text: string, mark: string, inner: string): string {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`The marks of ${mark} are missing.`);
  return `${text.slice(0, from + open.length)}\n\n${inner}\n${text.slice(to)}`;
}

/** The files of the documentation that are made from the code, as they should be: by path, from the repository's root. */
export function documents(): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  return new Map([
    ['README.md', between(readme, 'settings', settingsTable())],
    ['docs/asyncapi.json', JSON.stringify(asyncApi(examples()), null, 2)],
  ]);
}
