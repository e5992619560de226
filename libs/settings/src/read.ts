import { settings, type Setting } from './table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingName = keyof typeof settings;
type Value<N extends SettingName> = ReturnType<(typeof settings)[N]['parse']>;
export type Settings<N extends SettingName, O extends SettingName = never> = {
  readonly [K in N]: Value<K>;
} & { readonly [K in O]: Value<K> | undefined };

/** One or more variables are missing or wrong. The message names each, a line each, and shows no secret. */
export class SettingsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
    this.name = 'SettingsError';
  }
}

/**
 * Reads and checks settings. Names of the second list must have a value (their own or their fallback), those of the
 * third may be undefined. An empty variable counts as not set. Throws one SettingsError for all that is wrong.
 */
export function readSettings<N extends SettingName, O extends SettingName = never>(
  env: Environment,
  names: readonly N[],
  optional: readonly O[] = [],
): Settings<N, O> {
  const faults: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of [...names, ...optional]) {
    const row: Setting = settings[name];
    const given = present(env[name]) ?? row.fallback;
    if (given !== undefined) values[name] = read(name, row, given, faults);
    else if (!(optional as readonly SettingName[]).includes(name)) faults.push(`${name} is not set. ${row.meaning}`);
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return values as Settings<N, O>;
}

export const present = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text);

function read(name: SettingName, row: Setting, given: string, faults: string[]): unknown {
  try {
    return row.parse(given);
  } catch (error) {
    const shown = row.secret ? '' : `, not '${given.slice(0, 100)}'`;
    faults.push(`${name} ${error instanceof Error ? error.message : 'is wrong'}${shown}.`);
    return undefined;
  }
}
