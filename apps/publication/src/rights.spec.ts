import { expect, test } from '@jest/globals';
import type { PublicationEvent } from '#contracts';
import { type Asked, rightsIn } from '#testing';
import { type PeoplesCommand, publication } from './publication/publication.ts';
import {
  ask,
  chief,
  duty,
  editor,
  events,
  lawyer,
  machine,
  otherDesk,
  publish,
  reporter,
  reworded,
  schedule,
} from './publication/samples.ts';
import type { Publication } from './publication/state.ts';

/** A duty editor, an editor of its desk, one of another, a chief, a lawyer, a reporter, an auditor, a reaction. */
const people = {
  ...{ d: duty, e: editor, o: otherDesk, c: chief, l: lawyer, r: reporter },
  ...{ a: { ...lawyer, id: 'anna', roles: ['auditor'] }, m: machine },
};

/** domain.md's table of publications as who may do what in which state; the kill was asked by another editor of the desk. */
const law = `
              cleared  scheduled  published  held  unpublished  stopped  kill-asked  killed
take-version  dc       dc         -          -     -            -        -           -
publish       dc       dc         -          -     dc           -        -           -
schedule      dc       -          dc         -     -            -        -           -
reschedule    -        dc         dc         -     -            -        -           -
deschedule    -        dc         dc         -     -            -        -           -
correct       -        -          dc         dc    dc           -        -           -
refile        -        -          dc         dc    dc           -        -           -
update        -        -          dc         dc    dc           -        -           -
repeat        -        -          dc         dc    dc           -        -           -
hold          -        -          dcl        -     -            -        -           -
release       -        -          -          dcl   -            -        -           -
unpublish     -        -          dc         dc    -            -        -           -
stop          decl     decl       -          -     -            -        -           -
ask-kill      -        -          decl       decl  decl         -        -           -
sign-kill     -        -          -          -     -            -        cl          -
decline-kill  -        -          -          -     -            -        cl          -`;

const second = reworded('p2', 'Traffic crawls.');
const next = events.waiting(1, second);
const cleared = [events.opened, events.waiting(2, second)];
const published = [...cleared, events.published];
const askedBy = (asker: typeof editor) => [...published, events.killAsked(2, asker)];
const asked: Asked<Publication, PeoplesCommand, PublicationEvent> = {
  people,
  states: {
    cleared,
    scheduled: [...cleared, events.scheduled()],
    published,
    // Numbered as the message before them: each command is the same in every state.
    held: [...published, events.held(1)],
    unpublished: [...published, events.unpublished(1)],
    stopped: [...cleared, events.stopped],
    'kill-asked': askedBy(editor).map((event) =>
      event.type === 'KillAsked' ? { ...event, data: { ...event.data, by: { id: 'emil', name: 'emil' } } } : event,
    ),
    killed: [...askedBy(editor), events.killed(3)],
  },
  // Under the same number as the first version: each command is the same in every state.
  besides: {
    schedule: [next],
    reschedule: [next, events.updateScheduled(1, 1)],
    deschedule: [next, events.updateScheduled(1, 1)],
  },
  commands: (actor) => ({
    'take-version': ask('take-version', { version: 2 }, actor),
    publish: { ...publish(), actor },
    schedule: { ...schedule({ nothingWasWrong: true }), actor },
    reschedule: { ...schedule({ nothingWasWrong: true }), type: 'reschedule', actor },
    deschedule: ask('deschedule', {}, actor),
    correct: ask('correct', { version: 2, note: 'It crawls.' }, actor),
    refile: ask('refile', { version: 2 }, actor),
    update: ask('update', { version: 2, nothingWasWrong: true }, actor),
    repeat: ask('repeat', { item: 1 }, actor),
    hold: ask('hold', { reason: 'In doubt.' }, actor),
    release: ask('release', { reason: 'It is right.' }, actor),
    unpublish: ask('unpublish', { reason: 'Rights.' }, actor),
    stop: ask('stop', { reason: 'Wrong.' }, actor),
    'ask-kill': ask('ask-kill', { reason: 'Untrue.' }, actor),
    'sign-kill': ask('sign-kill', {}, actor),
    'decline-kill': ask('decline-kill', { reason: 'It is true.' }, actor),
  }),
};

test('a publication takes each command from those who may, where it may be, and says so beforehand', () => {
  const { tried, listed, misfits } = rightsIn(publication, asked);
  expect(`\n${tried}`).toBe(law);
  expect(`\n${listed}`).toBe(law);
  expect(misfits).toEqual([]);
});

test('when a lawyer asked for the kill, anybody else who might have asked may decide it', () => {
  const nobody = { by: { id: 'lars', name: 'lars' }, byChiefOrLegal: true };
  const byLawyer = askedBy(lawyer).map((event) =>
    event.type === 'KillAsked' ? { ...event, data: { ...event.data, ...nobody } } : event,
  );
  const { tried, listed } = rightsIn(publication, { ...asked, states: { ...asked.states, 'kill-asked': byLawyer } });
  const wider = law.replaceAll(/(?<=(?:sign|decline)-kill .*)cl  /g, 'decl');
  expect(wider).not.toBe(law);
  expect(`
${tried}`).toBe(wider);
  expect(listed).toBe(tried);
});

test('where there is nothing yet, nobody finds anything to do', () => {
  for (const command of Object.values<PeoplesCommand>(asked.commands(chief)))
    expect(() => publication.decide(command, publication.initial)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
});
