/** Tells the story on the terminal, a line for each thing that somebody does. */
export interface Teller {
  readonly chapter: (title: string) => void;
  /** Who did what, and what Stet answered. */
  readonly tell: (who: string, what: string, answer?: string) => void;
  /** Lines that belong to the one above. */
  readonly show: (...lines: string[]) => void;
  readonly plain: (line: string) => void;
}

const whoWidth = 24;

export function teller(say: (line: string) => void): Teller {
  return {
    chapter(title) {
      say(`\n${title}\n`);
    },
    tell(who, what, answer) {
      say(`  ${who.padEnd(whoWidth)} ${what}${answer === undefined ? '' : ` → ${answer}`}`);
    },
    show(...lines) {
      for (const line of lines) say(`  ${' '.repeat(whoWidth)}   ${line}`);
    },
    plain: say,
  };
}

// Long enough to know a line by, short enough for a terminal.
const excerptLength = 64;

/** The beginning of a text, or its end where that is what has changed. */
export function excerpt(text: string, part: 'start' | 'end' = 'start'): string {
  const signs = Array.from(text);
  if (signs.length <= excerptLength) return text;
  return part === 'start' ? `${signs.slice(0, excerptLength).join('')}…` : `…${signs.slice(-excerptLength).join('')}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
