import type { Person, SourceEvent } from '#contracts';
import { type Actor, type Command, decider, type Fold, Rejection, type Rules } from '#decider';

/** A confidential source. What is sealed stays sealed here: who opens it has asked the vault for its key. */
export interface Source {
  readonly status: 'none' | 'registered' | 'verified' | 'retracted' | 'destroyed';
  readonly id: string;
  readonly desk: string;
  /** As it may be printed. */
  readonly description: string;
  readonly why: string;
  readonly identity: string;
  readonly registeredBy: Person;
  readonly verifiedBy: readonly Person[];
  readonly seen: readonly { readonly by: Person; readonly reason: string }[];
  readonly retracted: boolean;
  /** Asked with it for what is out and rests on it. */
  readonly ifOut?: 'hold' | undefined;
  /** How often that was asked again, of what was retracted. */
  readonly heldAgain?: number;
  /** Ids of the articles that rest on it, or did. */
  readonly articles: readonly string[];
}
interface Registration {
  readonly sourceId: string;
  readonly desk: string;
  readonly description: string;
  readonly why: string;
  readonly identity: string;
}
type Ask<T extends string, D = object> = Command & { type: T; data: D };
export type SourceCommand =
  | Ask<'register', Registration>
  | Ask<'verify'>
  | Ask<'look', { reason: string }>
  | Ask<'quote', { articleId: string }>
  | Ask<'retract', { reason: string; ifOut?: 'tell' | 'hold' | undefined }>
  | Ask<'destroy-key'>;

const nobody: Person = { id: '', name: '' };
const initial: Source = {
  ...{ status: 'none', id: '', desk: '', description: '', why: '', identity: '' },
  ...{ registeredBy: nobody, verifiedBy: [], seen: [], retracted: false, articles: [] },
};

/** Who knows the identity: they have told the newsroom of it, or said that they know. */
export const knownTo = ({ registeredBy, verifiedBy }: Source): string[] =>
  [registeredBy, ...verifiedBy].map(({ id }) => id);

const has = (actor: Actor, ...roles: readonly string[]) => roles.some((role) => actor.roles.includes(role));
const ofDesk = ({ desk }: Source, actor: Actor) => desk === '' || actor.desks.includes(desk);

/** A knower knows who it is; a chief edits everywhere, others on the desk of the source. */
function rolesIn(state: Source, actor: Actor): string[] {
  const here = ofDesk(state, actor);
  return [
    ...(has(actor, 'chief') || (has(actor, 'editor') && here) ? ['editor'] : []),
    ...(has(actor, 'reporter') && here ? ['reporter'] : []),
    ...(has(actor, 'reporter', 'editor', 'chief') && knownTo(state).includes(actor.id) ? ['knower'] : []),
    ...(has(actor, 'privacy-officer') ? ['privacy-officer'] : []),
  ];
}

export const isKnower = (state: Source, actor: Actor): boolean => rolesIn(state, actor).includes('knower');

/** To anybody else it is as if there were no such source. */
export const mayKnowOf = (state: Source, actor: Actor): boolean =>
  state.status !== 'none' && (rolesIn(state, actor).length > 0 || has(actor, 'auditor'));

type Told<T> = Extract<SourceEvent, { type: T }>['data'];
const event = <T extends SourceEvent['type'], D extends Omit<Told<T>, 'sourceId' | 'by'>>(
  type: T,
  sourceId: string,
  { id, name }: Person,
  told: D,
) => ({ type, data: { sourceId, by: { id, name }, ...told } });

const keyed: readonly Source['status'][] = ['registered', 'verified', 'retracted'];
const standing: readonly Source['status'][] = ['registered', 'verified'];
const rules: Rules<Source, SourceCommand, SourceEvent> = {
  register: {
    from: ['none'],
    by: ['reporter', 'editor'],
    decide: ({ data: { sourceId, ...told }, actor }) => [event('SourceRegistered', sourceId, actor, told)],
  },
  verify: {
    from: standing,
    by: ['editor'],
    guard: ({ registeredBy }, actor) =>
      registeredBy.id === actor.id ? new Rejection('second-person', 'Somebody else has to know who it is.') : undefined,
    decide: ({ actor }, state) =>
      knownTo(state).includes(actor.id) ? [] : [event('SourceVerified', state.id, actor, {})],
  },
  look: {
    from: keyed,
    by: ['knower', 'privacy-officer'],
    decide: ({ data: { reason }, actor }, { id }) => [event('SourceIdentitySeen', id, actor, { reason })],
  },
  quote: {
    from: standing,
    by: ['knower', 'reporter', 'editor'],
    decide: ({ data: { articleId }, actor }, { id, articles }) =>
      articles.includes(articleId) ? [] : [event('SourceQuoted', id, actor, { articleId })],
  },
  retract: {
    from: keyed,
    by: ['knower', 'editor'],
    decide: ({ data: { reason, ifOut }, actor }, { id, retracted }) =>
      retracted && ifOut !== 'hold'
        ? []
        : [event('SourceRetracted', id, actor, { reason, ...(ifOut === 'hold' ? { ifOut } : {}) })],
  },
  'destroy-key': {
    from: [...keyed, 'destroyed'],
    by: ['privacy-officer'],
    decide: ({ actor }, { id, status }) => (status === 'destroyed' ? [] : [event('SourceKeyDestroyed', id, actor, {})]),
  },
};

const fold: Fold<Source, SourceEvent> = {
  SourceRegistered: (state, { sourceId: id, by, ...told }) => ({
    ...state,
    ...{ status: 'registered', id, registeredBy: by, ...told },
  }),
  SourceVerified: (state, { by }) => ({ ...state, status: 'verified', verifiedBy: [...state.verifiedBy, by] }),
  SourceIdentitySeen: (state, { by, reason }) => ({ ...state, seen: [...state.seen, { by, reason }] }),
  SourceQuoted: (state, { articleId }) => ({ ...state, articles: [...state.articles, articleId] }),
  SourceRetracted: (state, { ifOut }) =>
    state.retracted
      ? { ...state, heldAgain: (state.heldAgain ?? 0) + 1 }
      : { ...state, status: 'retracted', retracted: true, ifOut },
  SourceKeyDestroyed: (state) => ({ ...state, status: 'destroyed' }),
};

export const source = decider<Source, SourceCommand, SourceEvent>(initial, rules, fold, rolesIn);
