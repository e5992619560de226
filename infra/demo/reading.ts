import { Trouble } from '../stack/trouble.ts';
import { writePage } from './page.ts';
import type { Scene } from './scene.ts';

/** The page as the site's readers get it, in plain text, not older than `after`: its lines. */
export async function pageLines({ cast: { site } }: Scene, articleId: string, after: string): Promise<string[]> {
  const { text } = await site.ask('reading', `/articles/${articleId}/page`, { after, accept: 'text/plain' });
  return text.replace(/\n$/, '').split('\n');
}

/** Shows the page, and throws unless it is the file again below headline and byline, line for line. */
export async function showAndCompare(scene: Scene, articleId: string, after: string): Promise<void> {
  const { chapter, plain } = scene.teller;
  chapter('The page, from the read model');
  const lines = await pageLines(scene, articleId, after);
  for (const line of lines) plain(`  | ${line}`);
  const { headline, byline } = scene.head;
  const file = writePage(scene.page).split('\n');
  requireSame([headline, byline, ...file], lines);
  plain(`\n  Below headline and byline it is the file again: all ${file.length} lines, in order, to the character.`);
}

/** Throws for the first line that differs; headline and byline, which are not in the file, are lines 1 and 2 of the page. */
export function requireSame(expected: readonly string[], found: readonly string[]): void {
  const length = Math.max(expected.length, found.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => expected[index] !== found[index]);
  if (at === undefined) return;
  const shown = (line: string | undefined) => (line === undefined ? 'nothing' : JSON.stringify(line));
  throw new Trouble(
    `The page is not the file: line ${at + 1} of the page is ${shown(found[at])}, and should be ${shown(expected[at])}.`,
  );
}
