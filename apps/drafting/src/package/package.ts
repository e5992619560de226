import type { PackageEvent, Part, Person } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { person } from '../article/editing.ts';
import { reaction } from '../article/reactions.ts';
import { rolesIn as rolesOnDesk } from '../article/state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
/** Something that keeps a package from being shown, and which part of it is meant; none where it is the whole. */
export interface Unfit {
  readonly problem: string;
  readonly part?: Part;
}
/** An article that it leads to was killed. */
type PartKilled = Ask<'part-killed', { readonly article: string; readonly by: Person }>;
export type PackageCommand = PeoplesCommand | PartKilled;
type PeoplesCommand =
  | Ask<'create', { packageId: string; desk: string; kind: 'package' | 'list'; name: string }>
  | Ask<'rename', { name: string }>
  /** `given` are the packages that its parts lead to, as they stand. */
  | (Ask<'arrange', { parts: readonly Part[] }> & { given?: Readonly<Record<string, Package>> })
  | Ask<'mark-ready', { unfit: readonly Unfit[] }>
  | Ask<'discard', { reason: string }>;

export interface Package {
  readonly status: 'none' | 'open' | 'ready' | 'discarded';
  readonly id: string;
  readonly desk: string;
  readonly kind: 'package' | 'list';
  readonly name: string;
  readonly parts: readonly Part[];
}
const initial: Package = { status: 'none', id: '', desk: '', kind: 'package', name: '', parts: [] };

type Told<T> = Extract<PackageEvent, { type: T }>['data'];
const event = <T extends PackageEvent['type'], D extends Omit<Told<T>, 'packageId' | 'by'>>(
  type: T,
  { id: packageId }: Pick<Package, 'id'>,
  by: Person,
  told: D,
) => ({ type, data: { packageId, by: person(by), ...told } });

export const packagesIn = (parts: readonly Part[]): string[] =>
  parts.filter(({ is }) => is === 'package').map(({ id }) => id);

/** Refused when a part would hold the package itself, however deep; the refusal names the way. */
function checkCircle(id: string, parts: readonly Part[], known: Readonly<Record<string, Package>>): void {
  const ways = packagesIn(parts).map((part) => [id, part]);
  const seen = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    const at = way.at(-1) ?? id;
    if (at === id) throw new Rejection('goes-in-a-circle', 'It would hold itself.', { cycle: way });
    if (seen.has(at)) continue;
    seen.add(at);
    const inside = known[at];
    // Somebody has put it into one of the others since they were looked up.
    if (!inside) throw new Rejection('version-conflict', 'One of its packages has changed.', { id: at });
    for (const next of packagesIn(inside.parts)) ways.push([...way, next]);
  }
}

const rolesIn = ({ desk }: Pick<Package, 'desk'>, actor: Actor) => rolesOnDesk({ desk, writers: [] }, actor);
const kept: readonly Package['status'][] = ['open', 'ready'];
const byEditor = { from: kept, by: ['editor'] } as const;
const same = (one: readonly Part[], other: readonly Part[]) => JSON.stringify(one) === JSON.stringify(other);
const rules: Rules<Package, PeoplesCommand, PackageEvent> = {
  create: {
    from: ['none'],
    by: ['editor'],
    decide: ({ data: { packageId: id, ...told }, actor }) => {
      if (!rolesIn(told, actor).includes('editor'))
        throw new Rejection('other-desk', 'Editors of a desk keep its packages.', { by: ['editor'] });
      return [event('PackageCreated', { id }, actor, told)];
    },
  },
  rename: {
    ...byEditor,
    decide: ({ data: { name }, actor }, state) =>
      name === state.name ? [] : [event('PackageRenamed', state, actor, { name })],
  },
  arrange: {
    ...byEditor,
    decide: ({ data, actor, given = {} }, state) => {
      const parts = data.parts.map(({ is, id }) => ({ is, id }));
      const repeated = parts.filter((part, at) => parts.findIndex(({ id }) => id === part.id) !== at);
      if (repeated.length > 0) throw new Rejection('parts-invalid', 'A part is in it once.', { parts: repeated });
      checkCircle(state.id, parts, given);
      const unknown = parts.filter(({ is, id }) => is === 'package' && given[id]?.status === 'none');
      if (unknown.length > 0) throw new Rejection('parts-invalid', 'There are no such packages.', { parts: unknown });
      return same(parts, state.parts) ? [] : [event('PackageArranged', state, actor, { parts })];
    },
  },
  'mark-ready': {
    ...byEditor,
    decide: ({ data: { unfit }, actor }, state) => {
      if (unfit.length > 0) throw new Rejection('parts-not-ready', 'Not all of it can be shown.', { unfit });
      return state.status === 'ready' ? [] : [event('PackageMarkedReady', state, actor, {})];
    },
  },
  discard: {
    ...byEditor,
    decide: ({ data: { reason }, actor }, state) => [event('PackageDiscarded', state, actor, { reason })],
  },
};

const killRules: Rules<Package, PartKilled, PackageEvent> = {
  'part-killed': {
    from: kept,
    by: [reaction],
    decide: ({ data: { article, by } }, state) => [event('PackagePartKilled', state, by, { article })],
  },
};

const fold: Fold<Package, PackageEvent> = {
  PackageCreated: (state, { packageId: id, desk, kind, name }) => ({ ...state, status: 'open', id, desk, kind, name }),
  PackageRenamed: (state, { name }) => ({ ...state, name }),
  PackageArranged: (state, { parts }) => ({ ...state, status: 'open', parts }),
  PackageMarkedReady: (state) => ({ ...state, status: 'ready' }),
  PackagePartKilled: (state) => ({ ...state, status: 'open' }),
  PackageDiscarded: (state) => ({ ...state, status: 'discarded' }),
};

const people = decider(initial, rules, fold, rolesIn);
const reactions = decider<Package, PartKilled, PackageEvent>(initial, killRules, fold);
export const pack: Decider<Package, PackageCommand, PackageEvent> = {
  ...people,
  decide: (command, state) =>
    command.type === 'part-killed' ? reactions.decide(command, state) : people.decide(command, state),
};
