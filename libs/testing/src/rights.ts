import { type Actor, type Command, type Decider, type DomainEvent, Rejection } from '#decider';

export interface Asked<S extends { status: string }, C extends Command, E> {
  /** How each state is come to. */
  readonly states: Readonly<Record<Exclude<S['status'], 'none'>, readonly E[]>>;
  /** Each command of the table as this person gives it, with a body that nothing can be said against. */
  readonly commands: (actor: Actor) => Readonly<Record<C['type'], C>>;
  /** What has to have happened besides for a command, in whichever state. */
  readonly besides?: Readonly<Partial<Record<C['type'], readonly E[]>>>;
  /** By one letter each. */
  readonly people: Readonly<Record<string, Actor>>;
}

/**
 * Who may do what in which state, as two tables of text: from `decide`, by trying everything, and from `actions`. A row is a command, a
 * column a state, a cell the letters of those who may. `misfits` names each refusal that does not say what it must: a
 * command that is of no use in a state answers `not-allowed-now` and all that is `allowed`; a person who may not, which role may.
 */
export function rightsIn<S extends { status: string }, C extends Command, E extends DomainEvent>(
  decider: Decider<S, C, E>,
  { states, commands, people, besides }: Asked<S, C, E>,
): { tried: string; listed: string; misfits: string[] } {
  const after = (state: S, events: readonly E[]) =>
    events.reduce<S>((before, event) => decider.evolve(before, event), state);
  const columns = Object.entries<readonly E[]>(states).map(([name, events]) => ({
    name,
    state: after(decider.initial, events),
  }));
  const stateFor = (row: string, state: S) => after(state, besides?.[row as C['type']] ?? []);
  const everybody = Object.entries(people).map(([letter, actor]) => ({
    letter,
    actor,
    commands: Object.entries<C>(commands(actor)),
  }));
  const rows = everybody[0]?.commands.map(([row]) => row) ?? [];
  const tried = new Table(rows, columns);
  const listed = new Table(rows, columns);
  const refused: { row: string; column: string; letter: string; code: string; details: Rejection['details'] }[] = [];
  for (const { name: column, state } of columns) {
    for (const { letter, actor, commands: given } of everybody) {
      for (const [row, command] of given) {
        const from = stateFor(row, state);
        if (decider.actions(from, actor).some((action) => action.command === row)) listed.add(row, column, letter);
        const refusal = refusalOf(() => decider.decide(command, from));
        if (refusal) refused.push({ row, column, letter, ...refusal });
        else tried.add(row, column, letter);
      }
    }
  }
  const misfits = refused
    .filter(({ row, column, code, details }) => {
      if (tried.cell(row, column) !== '')
        return !(/^(role-required|other-desk)$/.test(code) && Array.isArray(details.by));
      const allowed = (details.allowed as { command: string }[] | undefined)?.map((action) => action.command);
      const possible = rows.filter((other) => tried.cell(other, column) !== '');
      return code !== 'not-allowed-now' || allowed?.toSorted().join() !== possible.toSorted().join();
    })
    .map(({ row, column, letter, code }) => `${row}, ${column}, ${letter}: ${code}`);
  return { tried: tried.text(), listed: listed.text(), misfits };
}

function refusalOf(decide: () => unknown): Pick<Rejection, 'code' | 'details'> | undefined {
  try {
    decide();
    return undefined;
  } catch (error) {
    if (error instanceof Rejection) return { code: error.code, details: error.details };
    throw error;
  }
}

class Table {
  private readonly cells = new Map<string, string>();

  constructor(
    private readonly rows: readonly string[],
    private readonly columns: readonly { readonly name: string }[],
  ) {}

  cell(row: string, column: string): string {
    return this.cells.get(`${row} ${column}`) ?? '';
  }

  add(row: string, column: string, letter: string): void {
    this.cells.set(`${row} ${column}`, this.cell(row, column) + letter);
  }

  text(): string {
    const lines = [
      ['', ...this.columns.map(({ name }) => name)],
      ...this.rows.map((row) => [row, ...this.columns.map(({ name }) => this.cell(row, name) || '-')]),
    ];
    const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length))) ?? [];
    return lines
      .map((line) =>
        line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}
