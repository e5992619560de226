import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import Value from 'typebox/value';
import { contractOf, type TemplateEvent } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { person } from '../article/editing.ts';
import {
  ask,
  chief,
  content,
  duty,
  editor,
  lawyer,
  machine,
  otherDesk,
  paragraph,
  reporter,
} from '../article/samples.ts';
import { template, type Template, type TemplateCommand, timersOf } from './template.ts';

const templateId = '01890000-0000-7000-8000-0000000000d1';
const started = '01890000-0000-7000-8000-0000000000d2';
const text = { name: 'Bridge', kind: 'story', content } as const;
const weekly = { days: ['monday'], time: '06:00', zone: 'Asia/Karachi', next: '2026-01-05T01:00:00.000000Z' };
const following = '2026-01-12T01:00:00.000000Z';
type Told<T> = Extract<TemplateEvent, { type: T }>['data'];
const told = <T extends TemplateEvent['type'], D extends Omit<Told<T>, 'templateId' | 'by'>>(
  type: T,
  data: D,
  by: Actor = editor,
) => ({ type, data: { templateId, by: person(by), ...data } });
const created = told('TemplateCreated', { desk: 'city', ...text });
const scheduled = (number = 1) => told('TemplateScheduled', { number, ...weekly });
const retired = told('TemplateRetired', {});
const comeDue = (schedule: number, now = weekly.next, more: object = { started, next: following }) => ({
  ...ask('come-due', { schedule, ...more }, { ...machine, roles: ['timer'] }),
  now,
});
const used = (at: string, schedule?: Told<'TemplateUsed'>['schedule'], by = editor) =>
  told('TemplateUsed', { desk: 'city', kind: 'story', content, started, at, ...(schedule && { schedule }) }, by);

const people = { r: reporter, e: editor, o: otherDesk, c: chief, l: lawyer, d: duty, m: machine };
type PeoplesCommand = Exclude<TemplateCommand, { type: 'come-due' }>;
const asked: Asked<Template, PeoplesCommand, TemplateEvent> = {
  people,
  states: { kept: [created], retired: [created, retired] },
  commands: (actor) => ({
    create: ask('create', { templateId, desk: 'city', ...text }, actor),
    change: ask('change', text, actor),
    schedule: ask('schedule', weekly, actor),
    unschedule: ask('unschedule', {}, actor),
    retire: ask('retire', {}, actor),
    'start-article': ask('start-article', { started }, actor),
  }),
};

test('who may do what with a template', () => {
  const { tried, listed, misfits } = rightsIn(template, asked);
  expect(`\n${tried}`).toBe(`
               kept  retired
create         -     -
change         ec    -
schedule       ec    -
unschedule     ec    -
retire         ec    -
start-article  rec   -`);
  expect(listed).toBe(tried);
  expect(misfits).toEqual([]);
});

test('editors make those of their own desks', () => {
  const create = (actor: Actor) => given(template, []).when(asked.commands(actor).create);
  create(editor).then(created);
  create(chief).then({ ...created, data: { ...created.data, by: person(chief) } });
  create(otherDesk).thenRejected('other-desk');
  create(reporter).thenRejected('role-required');
  const twice = { ...text, content: { ...content, blocks: [paragraph('p1', 'a'), paragraph('p1', 'b')] } };
  given(template, [created])
    .when(ask('change', twice, editor))
    .thenRejected('blocks-invalid');
});

test('an article is begun from it as it reads then', () => {
  const changed = told('TemplateChanged', { ...text, content: { ...content, headline: 'Bridge shut' } });
  const { state } = given(template, [created, changed]);
  const events = template.decide(ask('start-article', { started }, reporter), state);
  expect(events).toMatchObject([{ type: 'TemplateUsed', data: { started, content: { headline: 'Bridge shut' } } }]);
  expect(given(template, [created, changed, ...events]).state.uses).toMatchObject([{ started, by: person(reporter) }]);
});

test('when its time comes an article is begun, in the name of whoever scheduled it, and the next time is set', () => {
  const due = given(template, [created, scheduled()]);
  expect(timersOf(due.state)).toEqual([
    { name: 'start', epoch: 1, at: weekly.next, command: { type: 'come-due', data: { schedule: 1 } } },
  ]);
  const late = '2026-01-07T09:00:00.000000Z';
  const came = used(late, { number: 2, due: weekly.next, next: following });
  due.when(comeDue(1, late)).then(came);
  const after = given(template, [created, scheduled(), came]);
  expect(timersOf(after.state)).toMatchObject([{ epoch: 2, at: following }]);
  after.when(comeDue(1)).thenRejected('timer-outdated');
});

test('a timer that is early, of an old number, or of a time that was taken off does nothing', () => {
  const due = given(template, [created, scheduled()]);
  due.when(comeDue(1, '2026-01-05T00:59:59.999999Z')).thenRejected('timer-outdated');
  due.when(comeDue(1, weekly.next, {})).thenRejected('timer-outdated');
  given(template, [created, scheduled(), scheduled(2)])
    .when(comeDue(1))
    .thenRejected('timer-outdated');
  for (const end of [told('TemplateUnscheduled', {}), retired]) {
    const over = given(template, [created, scheduled(), end]);
    expect(timersOf(over.state)).toEqual([]);
    over.when(comeDue(1)).thenRejected('timer-outdated');
  }
  due.when({ ...comeDue(1), actor: chief }).thenRejected('role-required');
});

test('any history of commands replays to the same state, refuses only with a Rejection, and sets each timer once', () => {
  const anybody = fc.constantFrom(...Object.values(people), { ...machine, roles: ['timer'] });
  const names = ['change', 'schedule', 'schedule', 'unschedule', 'retire', 'start-article'] as const;
  const peoples = fc.tuple(fc.constantFrom(...names), anybody).map(([name, actor]) => asked.commands(actor)[name]);
  const timers = fc.integer({ min: 1, max: 6 }).map((number): TemplateCommand => comeDue(number, following));
  fc.assert(
    fc.property(fc.array(fc.oneof({ arbitrary: peoples, weight: 2 }, timers), { maxLength: 15 }), (commands) => {
      let { state } = given(template, [created]);
      const events: TemplateEvent[] = [created];
      const epochs: number[] = [];
      for (const command of commands)
        try {
          for (const event of template.decide(command, state)) {
            events.push(event);
            state = template.evolve(state, event);
            if (['TemplateScheduled', 'TemplateUsed'].includes(event.type))
              epochs.push(...timersOf(state).map(({ epoch }) => epoch));
          }
        } catch (error) {
          if (!(error instanceof Rejection)) throw error;
        }
      expect(given(template, events).state).toEqual(state);
      expect(epochs).toEqual(epochs.toSorted((one, other) => one - other));
      for (const { type, data } of events) expect([...Value.Errors(contractOf(type).schema, data)]).toEqual([]);
    }),
  );
});
