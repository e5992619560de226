import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { problems, problemsTable } from './problems.ts';

const root = new URL('../../../', import.meta.url);

describe('the catalogue of problems', () => {
  it('is the one in the documentation', () => {
    const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('|'));
    // Prettier pads the cells of a table.
    const plain = (row: string) => row.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
    const documented = rows(readFileSync(new URL('docs/problems.md', root), 'utf8')).map(plain);
    expect(documented).toEqual(rows(problemsTable()));
  });

  it('has codes in kebab-case, and statuses that Stet uses', () => {
    for (const [code, { status, title }] of problems) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/\.$/);
    }
  });

  it('lists every code that is used', () => {
    const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.spec.ts') });
    expect(files.length).toBeGreaterThan(50);
    const used = files.flatMap((file) => {
      const text = readFileSync(new URL(file, root), 'utf8');
      return [...text.matchAll(/new (?:Rejection|Problem)\(\s*'([^']+)'/g)].map(
        ([, code]) => `${code ?? ''} in ${file}`,
      );
    });
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((use) => !problems.has(use.split(' ')[0] ?? ''))).toEqual([]);
  });
});
