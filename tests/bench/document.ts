import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { type Figure, row } from './figures.ts';

const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const marks = { begin: '<!-- figures -->', end: '<!-- end of figures -->' };

/** Puts the figures into docs/performance.md, in place of those that are there. */
export async function writeDocument(figures: readonly Figure[]): Promise<void> {
  const rows = figures.map(row);
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, names.map(() => '---'), ...rows.map((one) => Object.values(one))];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const [before = '', rest = ''] = readFileSync(file, 'utf8').split(marks.begin);
  const [, after = ''] = rest.split(marks.end);
  const text = [before, marks.begin, '\n\n', table, '\n\n', marks.end, after].join('');
  writeFileSync(file, await format(text, { parser: 'markdown', printWidth: 120 }));
}
