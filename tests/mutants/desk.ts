import type { Mutant } from './list.ts';

/** What the desk does, and what it is told of it. */
export const deskMutants: readonly Mutant[] = [
  {
    ...{
      promise: 'desk: whoever it is assigned to writes it',
      file: 'apps/drafting/src/article/state.ts',
      test: 'apps/drafting/src/article/teamwork',
    },
    find: 'assignee && !writers.includes(assignee.id) ? [...writers, assignee.id] : writers',
    replace: 'writers',
  },
  {
    ...{
      promise: 'desk: a deadline that was met is not told as missed',
      file: 'apps/drafting/src/article/timers.ts',
      test: 'apps/drafting/src/article/teamwork',
    },
    find: 'deadline?.missed !== true && approved === (deadline?.since ?? 0)',
    replace: 'deadline?.missed !== true',
  },
  {
    ...{
      promise: 'desk: the past ends where the next event begins',
      file: 'apps/reading/src/past.ts',
      test: 'tests/services/reading-past',
    },
    find: 'set until = new.happened_at',
    replace: 'set until = until',
  },
  {
    ...{
      promise: 'desk: whose a coverage was',
      file: 'apps/reading/src/past.ts',
      test: 'tests/services/reading-coverages',
    },
    find: '_after(before, new.changes',
    replace: '_after(new, new.changes',
  },
  {
    ...{
      promise: 'desk: what cannot be shown of a package, however deep',
      file: 'apps/reading/src/packages/packages.controller.ts',
      test: 'tests/services/reading-coverages',
    },
    find: "inside.kind = 'package' and package_id = inside.id, jsonb",
    replace: 'inside.id = outermost.package_id and package_id = inside.id, jsonb',
  },
  {
    ...{
      promise: 'desk: all who write it are told',
      file: 'apps/reading/src/notifications/notifications.controller.ts',
      test: 'tests/services/reading-notifications',
    },
    find: ' and later.place = had.place',
    replace: '',
  },
  {
    ...{
      promise: 'desk: each sees their own alerts',
      file: 'infra/postgres/vault/functions.sql',
      test: 'tests/services/leaks',
    },
    find: ' and person = of_person',
    replace: ' and person <> of_person',
  },
  {
    ...{
      promise: 'desk: what is taken up again is done if it is out',
      file: 'apps/drafting/src/on-coverage-linked.ts',
      test: 'tests/services/planning',
    },
    find: '    return isLive(publication.state)\n      ?',
    replace: "    return publication.state === 'none'\n      ?",
  },
  {
    ...{
      promise: 'desk: pages are what the topics come to',
      file: 'apps/reading/src/article-page/article-page.projection.ts',
      test: 'tests/faults/faults',
    },
    find: 'const correction = { class: of, number, note, at, difference, fields };',
    replace: "const correction = { class: of, number, note: '', at, difference, fields };",
  },
  {
    ...{
      promise: 'desk: what is rejected is on no page',
      file: 'apps/reading/src/article-page/article-page.projection.ts',
      test: 'tests/faults/faults',
    },
    find: "{ status: 'rejected' }",
    replace: "{ status: 'published' }",
  },
  {
    ...{
      promise: 'desk: the board is what the topics come to',
      file: 'apps/reading/src/newsroom-board/newsroom-board.projection.ts',
      test: 'tests/faults/faults',
    },
    find: 'KillDeclined: publication(({ state }) => ({ publication_state: state })),',
    replace: "KillDeclined: publication(() => ({ publication_state: 'unpublished' })),",
  },
];
