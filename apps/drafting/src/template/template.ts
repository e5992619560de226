import type { Content, Person, TemplateEvent } from '#contracts';
import { type Actor, type Command, type Decider, decider, type Fold, Rejection, type Rules } from '#decider';
import { checkBlocks, person } from '../article/editing.ts';
import type { Begin } from '../article/lineage.ts';
import { type Kind, rolesIn as rolesOnDesk } from '../article/state.ts';

type Ask<T extends string, D = object> = Command & { type: T; data: D };
interface Text {
  readonly name: string;
  readonly kind: Kind;
  readonly content: Content;
}
interface Weekly {
  readonly days: readonly string[];
  readonly time: string;
  readonly zone: string;
  readonly next: string;
}
type PeoplesCommand =
  | Ask<'create', Text & { readonly templateId: string; readonly desk: string }>
  | Ask<'change', Text>
  | Ask<'schedule', Weekly>
  | Ask<'unschedule'>
  | Ask<'retire'>
  | Ask<'start-article', { readonly started: string }>;
/** What its timer asks for: `next` is the time after this one. No route takes it. */
type ComeDue = Ask<
  'come-due',
  { readonly schedule: number; readonly started?: string | undefined; readonly next?: string | undefined }
>;
export type TemplateCommand = PeoplesCommand | ComeDue;

interface Use {
  readonly started: string;
  readonly at: string;
  readonly by: Person;
  /** When it was due, where nobody asked for it. */
  readonly due?: string | undefined;
}
export interface Template extends Text {
  readonly status: 'none' | 'kept' | 'retired';
  readonly id: string;
  readonly desk: string;
  readonly schedule?: (Weekly & { readonly by: Person }) | undefined;
  /** How often its timer was set: the epoch of that. */
  readonly number: number;
  /** The last articles that were begun from it, oldest first. */
  readonly uses: readonly Use[];
}
const nothing: Content = {
  ...{ slugline: '', headline: '', standfirst: '', byline: [], dateline: '', section: '' },
  ...{ language: 'en', urgency: 4, keywords: [], blocks: [] },
};
const initial: Template = {
  ...{ status: 'none', id: '', desk: '', name: '', kind: 'story', content: nothing },
  ...{ number: 0, uses: [] },
};
/** What somebody wants to see of them. */
const usesKept = 20;

type Told<T> = Extract<TemplateEvent, { type: T }>['data'];
const event = <T extends TemplateEvent['type'], D extends Omit<Told<T>, 'templateId' | 'by'>>(
  type: T,
  { id: templateId }: Pick<Template, 'id'>,
  by: Person,
  told: D,
) => ({ type, data: { templateId, by: person(by), ...told } });

const rolesIn = ({ desk }: Pick<Template, 'desk'>, actor: Actor) => rolesOnDesk({ desk, writers: [] }, actor);
const kept: readonly Template['status'][] = ['kept'];
const rules: Rules<Template, PeoplesCommand, TemplateEvent> = {
  create: {
    from: ['none'],
    by: ['editor'],
    decide: ({ data: { templateId: id, ...text }, actor }) => {
      const by = ['editor'];
      if (!rolesIn(text, actor).includes('editor'))
        throw new Rejection('other-desk', 'Editors of a desk make its templates.', { by });
      checkBlocks(text.content.blocks.map((block) => block.id));
      return [event('TemplateCreated', { id }, actor, text)];
    },
  },
  change: {
    from: kept,
    by: ['editor'],
    decide: ({ data: text, actor }, state) => {
      checkBlocks(text.content.blocks.map((block) => block.id));
      return [event('TemplateChanged', state, actor, text)];
    },
  },
  schedule: {
    from: kept,
    by: ['editor'],
    decide: ({ data: { days, time, zone, next }, actor }, state) => {
      const number = state.number + 1;
      return [event('TemplateScheduled', state, actor, { number, days: [...new Set(days)], time, zone, next })];
    },
  },
  unschedule: {
    from: kept,
    by: ['editor'],
    decide: ({ actor }, state) => (state.schedule ? [event('TemplateUnscheduled', state, actor, {})] : []),
  },
  retire: {
    from: kept,
    by: ['editor'],
    decide: ({ actor }, state) => [event('TemplateRetired', state, actor, {})],
  },
  'start-article': {
    from: kept,
    by: ['reporter', 'editor'],
    decide: ({ data: { started }, actor, now: at }, state) => {
      const { desk, kind, content } = state;
      return [event('TemplateUsed', state, actor, { desk, kind, content, started, at })];
    },
  },
};

const dueRules: Rules<Template, ComeDue, TemplateEvent> = {
  'come-due': {
    from: ['kept', 'retired'],
    by: ['timer'],
    decide: ({ data, now: at }, state) => {
      const { schedule, number, desk, kind, content } = state;
      const { started, next } = data;
      if (!schedule || number !== data.schedule || at < schedule.next || started === undefined || next === undefined)
        throw new Rejection('timer-outdated', 'It was moved or cancelled, or has been done.');
      const came = { number: number + 1, due: schedule.next, next };
      return [event('TemplateUsed', state, schedule.by, { desk, kind, content, started, at, schedule: came })];
    },
  },
};

const fold: Fold<Template, TemplateEvent> = {
  TemplateCreated: (state, { templateId: id, by: _, ...text }) => ({ ...state, status: 'kept', id, ...text }),
  TemplateChanged: (state, { name, kind, content }) => ({ ...state, name, kind, content }),
  TemplateScheduled: (state, { by, number, days, time, zone, next }) => ({
    ...state,
    ...{ number, schedule: { days, time, zone, next, by } },
  }),
  TemplateUnscheduled: (state) => ({ ...state, schedule: undefined }),
  TemplateRetired: (state) => ({ ...state, status: 'retired', schedule: undefined }),
  TemplateUsed: (state, { schedule: came, started, at, by }) => ({
    ...state,
    uses: [...state.uses, { started, at, by, due: came?.due }].slice(-usesKept),
    ...(came && state.schedule ? { number: came.number, schedule: { ...state.schedule, next: came.next } } : {}),
  }),
};

const people = decider(initial, rules, fold, rolesIn);
const timer = decider<Template, ComeDue, TemplateEvent>(initial, dueRules, fold);
export const template: Decider<Template, TemplateCommand, TemplateEvent> = {
  ...people,
  decide: (command, state) =>
    command.type === 'come-due' ? timer.decide(command, state) : people.decide(command, state),
};

/** Its timer runs for as long as it is scheduled, each time under a number of its own. */
export const timersOf = ({ schedule, number: epoch }: Template) =>
  schedule
    ? [{ name: 'start', epoch, at: schedule.next, command: { type: 'come-due', data: { schedule: epoch } } }]
    : [];

/** How an article begins that is told of. */
export function beginningFrom(
  use: Pick<Use, 'started' | 'by'> & Pick<Template, 'desk' | 'kind' | 'content'>,
): Pick<Begin, 'type' | 'data'> {
  const { started: articleId, desk, kind, content, by } = use;
  return { type: 'begin', data: { articleId, desk, kind, content, by: person(by) } };
}
