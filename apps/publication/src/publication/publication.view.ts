import type { Static } from 'typebox';
import Type from 'typebox';
import { Conditions, Content, Edition, Id, Instant, Person } from '#contracts';
import * as examples from './publication.examples.ts';
import type { Publication } from './state.ts';

const strict = { additionalProperties: false } as const;
const Version = Type.Integer({ minimum: 1 });
const approved = { version: Version, content: Content };

export const PublicationView = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: "the article's id" }),
    state: Type.String(),
    desk: Type.String(),
    kind: Type.String(),
    pinned: Type.Optional(
      Type.Object(approved, { ...strict, description: 'goes out first, unless another version is taken' }),
    ),
    waiting: Type.Optional(Type.Object(approved, { ...strict, description: 'the newest approved version, not taken' })),
    out: Type.Optional(
      Type.Object(
        { ...approved, path: Type.String(), edition: Edition, firstAt: Instant },
        { ...strict, description: 'what readers have, or had last' },
      ),
    ),
    corrections: Type.Array(
      Type.Object(
        {
          class: Type.Union([Type.Literal('CORRECTED'), Type.Literal('REFILE')]),
          number: { ...Version, description: 'of its class' },
          note: Type.String({ description: 'to readers; empty where a REFILE has none for them' }),
          at: Instant,
        },
        strict,
      ),
    ),
    updates: Type.Integer({ minimum: 0, description: 'how often a newer version replaced what was out' }),
    repeats: Type.Integer({ minimum: 0, description: 'how often it went out again as it was' }),
    ready: Type.Array(Type.Object({ id: Id, base: Version, content: Content }, strict), {
      description: 'approved corrections that wait to be published',
    }),
    stops: Type.Integer({ minimum: 0, description: 'how often it was stopped' }),
    kill: Type.Optional(
      Type.Object(
        { by: Person, reason: Type.String(), byChiefOrLegal: Type.Boolean(), before: Type.String() },
        { ...strict, description: 'asked, and not yet decided by a second person; or why it was killed' },
      ),
    ),
    schedule: Type.Optional(
      Type.Object(
        {
          ...{ due: Instant, zone: Type.String(), late: Type.String(), edition: Edition, by: Person },
          update: Type.Optional(
            Type.Object(approved, { ...strict, description: 'what goes out then in place of what is out' }),
          ),
        },
        { ...strict, description: 'when it goes out by itself' },
      ),
    ),
    overdue: Type.Optional(
      Type.Object(
        {
          ...{ due: Instant, zone: Type.String(), policy: Type.String() },
          version: Type.Optional({ ...Version, description: 'of an update' }),
          why: Type.Optional(Type.String({ description: 'late, or the code that refused the update' })),
        },
        { ...strict, description: 'it was to go out then, and was kept back' },
      ),
    ),
    conditions: Type.Optional(Conditions),
    item: Type.Integer({ minimum: 0, description: 'number of its last message on the feed; 0 before the first' }),
  },
  { ...strict, examples: [examples.view] },
);

/** A publication as the duty desk sees it: every text that may go out, whole. */
export function publicationView(state: Publication): Static<typeof PublicationView> {
  const { id, status, desk, kind, pinned, waiting, out, corrections, ready, stops, kill, item, schedule, overdue } =
    state;
  const { conditions, updates = 0, repeats = 0 } = state;
  return {
    ...{ id, state: status, desk, kind },
    ...(out ? { out } : { pinned }),
    ...(waiting && { waiting }),
    corrections: corrections.map(({ class: of = 'CORRECTED' as const, number, note, at }) => ({
      ...{ class: of, number, note, at },
    })),
    ...{ updates, repeats, ready: [...ready], stops },
    ...(kill && { kill }),
    ...(schedule && { schedule }),
    ...(overdue && { overdue }),
    ...(conditions && { conditions }),
    item: item.number,
  };
}

export const Actions = Type.Object(
  {
    actions: Type.Array(
      Type.Object(
        { command: Type.String(), by: Type.Array(Type.String(), { description: 'any of these roles' }) },
        strict,
      ),
    ),
    knows: Type.Object(
      { drafting: Type.String({ description: "the last position of drafting's log that counted" }) },
      strict,
    ),
  },
  { ...strict, examples: [examples.actions] },
);
