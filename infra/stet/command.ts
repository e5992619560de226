import { Trouble } from '../stack/trouble.ts';
import type { Ground } from './ground.ts';

/** What a command has found: for people, for machines, and whether something is wrong. */
export interface Found {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly wrong: boolean;
}
/** Something is wrong with what was asked about, so that there is nothing to show. */
export class Wrong extends Trouble {}
export interface Command {
  /** What comes after its name. */
  readonly operands: readonly string[];
  readonly about: string;
  readonly run: (ground: Ground, operands: readonly string[]) => Promise<Found>;
}

/** Rows under headings, each column as wide as it needs to be. */
export function table(rows: readonly (readonly (string | number | bigint)[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, String(cell).length);
  return rows.map((row) => `  ${row.map((cell, at) => String(cell).padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}
