import { settings, type Setting } from './table.ts';

const rows: readonly (readonly [string, Setting])[] = Object.entries<Setting>(settings);

const otherwise = (row: Setting) => row.fallback ?? row.without ?? 'required';

/** All settings as plain text, for `npm start -- --help`. */
export function settingsHelp(): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const entry = ([name, row]: (typeof rows)[number]) => {
    const indent = ' '.repeat(width + 4);
    const notes = `${indent}default: ${otherwise(row)}; read by ${row.by.join(', ')}${row.secret ? '; secret' : ''}`;
    return `  ${name.padEnd(width)}  ${row.meaning}\n${notes}`;
  };
  return ['Settings (environment variables):', ...rows.map(entry)].join('\n') + '\n';
}

/** The same as a Markdown table, for the documentation. */
export function settingsTable(): string {
  const cells = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const lines = rows.map(([name, row]) =>
    cells([`\`${name}\``, row.meaning + (row.secret ? ' Secret.' : ''), otherwise(row), row.by.join(', ')]),
  );
  return (
    [cells(['Variable', 'Meaning', 'Default', 'Read by']), '| --- | --- | --- | --- |', ...lines].join('\n') + '\n'
  );
}
