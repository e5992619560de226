import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PackageEvent, Part } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { person } from '../article/editing.ts';
import { ask, chief, duty, editor, lawyer, machine, otherDesk, reporter } from '../article/samples.ts';
import { pack, type Package, packagesIn, type PackageCommand } from './package.ts';

const id = (number: number) => `01890000-0000-7000-8000-0000000000f${number}`;
const nested = (...numbers: number[]): Part[] => numbers.map((number) => ({ is: 'package', id: id(number) }));
const story: Part = { is: 'article', id: id(9) };
type Told<T> = Extract<PackageEvent, { type: T }>['data'];
const told = <T extends PackageEvent['type'], D extends Omit<Told<T>, 'packageId' | 'by'>>(
  type: T,
  data: D,
  by: Actor = editor,
) => ({ type, data: { packageId: id(1), by: person(by), ...data } });
const create = { desk: 'city', kind: 'package', name: 'Bridge' } as const;
const created = told('PackageCreated', create);
const arranged = (...parts: Part[]) => told('PackageArranged', { parts });
const ready = told('PackageMarkedReady', {});
const discarded = told('PackageDiscarded', { reason: 'R' });
/** Packages by their numbers, with what is in them. */
const known = (inside: Readonly<Record<number, Part[]>>): Record<string, Package> =>
  Object.fromEntries(
    Object.entries(inside).map(([number, parts]) => [
      id(Number(number)),
      { ...pack.initial, status: 'open', id: id(Number(number)), parts } satisfies Package,
    ]),
  );
const arrange = (parts: Part[], inside: Readonly<Record<number, Part[]>> = {}, actor = editor) => ({
  ...ask('arrange', { parts }, actor),
  given: known(inside),
});

type PeoplesCommand = Exclude<PackageCommand, { type: 'part-killed' }>;
const asked: Asked<Package, PeoplesCommand, PackageEvent> = {
  people: { r: reporter, e: editor, o: otherDesk, c: chief, l: lawyer, d: duty },
  states: { open: [created], ready: [created, ready], discarded: [created, discarded] },
  commands: (actor) => ({
    create: ask('create', { packageId: id(1), ...create }, actor),
    rename: ask('rename', { name: 'Other' }, actor),
    arrange: arrange([story], {}, actor),
    'mark-ready': ask('mark-ready', { unfit: [] }, actor),
    discard: ask('discard', { reason: 'R' }, actor),
  }),
};

test('who may do what with a package', () => {
  const { tried, listed, misfits } = rightsIn(pack, asked);
  expect(`\n${tried}`).toBe(`
            open  ready  discarded
create      -     -      -
rename      ec    ec     -
arrange     ec    ec     -
mark-ready  ec    ec     -
discard     ec    ec     -`);
  expect(listed).toBe(tried);
  expect(misfits).toEqual([]);
  given(pack, []).when(asked.commands(otherDesk).create).thenRejected('other-desk');
});

test('its parts are in order; arranged anew it has to be marked ready anew', () => {
  const both = [story, ...nested(2)];
  given(pack, [created])
    .when(arrange(both, { 2: [] }))
    .then(arranged(...both));
  given(pack, [created, arranged(...both)])
    .when(arrange(both, { 2: [] }))
    .then();
  expect(given(pack, [created, ready, arranged(story)]).state).toMatchObject({ status: 'open', parts: [story] });
  given(pack, [created])
    .when(ask('mark-ready', { unfit: [{ problem: 'package-empty' }] }, editor))
    .thenRejected('parts-not-ready');
  given(pack, [created, ready])
    .when(ask('mark-ready', { unfit: [] }, editor))
    .then();
});

test('when an article in it is killed it is open again, whoever has marked it ready', () => {
  const killed = told('PackagePartKilled', { article: story.id }, chief);
  const heard = ask('part-killed', { article: story.id, by: person(chief) }, machine);
  given(pack, [created, arranged(story), ready])
    .when(heard)
    .then(killed);
  expect(given(pack, [created, arranged(story), ready, killed]).state.status).toBe('open');
  given(pack, [created, discarded]).when(heard).thenRejected('not-allowed-now');
  given(pack, [created])
    .when({ ...heard, actor: editor })
    .thenRejected('role-required');
});

test('it never holds itself, however deep, and is told the way', () => {
  const started = given(pack, [created]);
  const refused = started.when(arrange(nested(2, 3), { 2: [], 3: nested(4), 4: [story, ...nested(1)] }));
  expect(refused.thenRejected('goes-in-a-circle').details).toEqual({ cycle: [id(1), id(3), id(4), id(1)] });
  started.when(arrange(nested(1))).thenRejected('goes-in-a-circle');
  started.when(arrange([story, story])).thenRejected('parts-invalid');
  started.when(arrange(nested(2), { 2: nested(3) })).thenRejected('version-conflict');
  const none = { ...arrange(nested(2)), given: { [id(2)]: pack.initial } };
  started.when(none).thenRejected('parts-invalid');
});

test('whatever is arranged, no package can be reached from itself', () => {
  const step = fc.tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const inside: Record<number, Part[]> = { 1: [], 2: [], 3: [], 4: [], 5: [] };
      for (const [number, parts] of steps)
        try {
          const before = { ...pack.initial, status: 'open', desk: 'city', id: id(number) } as const;
          pack.decide(arrange(nested(...parts), inside), { ...before, parts: inside[number] ?? [] });
          inside[number] = nested(...parts);
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      const below = (at: string, depth: number): string[] =>
        depth === 0
          ? []
          : packagesIn(inside[Number(at.at(-1))] ?? []).flatMap((next) => [next, ...below(next, depth - 1)]);
      for (const number of [1, 2, 3, 4, 5]) expect(below(id(number), 5)).not.toContain(id(number));
    }),
  );
});
