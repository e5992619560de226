// Events in quantity, through the log's own door: many of them decided by one command, by the aggregates of the services.
import { randomUUID } from 'node:crypto';
import type { ArticleEvent, Block } from '#contracts';
import type { Actor, Command, DomainEvent } from '#decider';
import type { Aggregate, EventStore } from '#event-store';
import { articleLog } from '../../apps/drafting/src/article/article.announcements.ts';
import type { ArticleCommand } from '../../apps/drafting/src/article/article.ts';
import type { Article } from '../../apps/drafting/src/article/state.ts';
import { each } from './load.ts';

type Step<C extends Command> = Pick<C, 'type' | 'data' | 'actor'>;
export type Whole<C extends Command> = Command & { type: 'whole'; data: { steps: readonly Step<C>[] } };

/** An aggregate that is told several commands at once: it decides one after the other, as they would have been. */
export function atOnce<S extends { status: string }, C extends Command, E extends DomainEvent>(
  aggregate: Aggregate<S, C, E>,
): Aggregate<S, Whole<C>, E> {
  const { decide, evolve } = aggregate.decider;
  return {
    ...aggregate,
    decider: {
      ...aggregate.decider,
      decide: ({ data, now, id, given }, state) => {
        const decided: E[] = [];
        let stands = state;
        for (const step of data.steps) {
          const events = decide({ ...step, now, id, given } as C, stands);
          decided.push(...events);
          stands = events.reduce(evolve, stands);
        }
        return decided;
      },
    },
  };
}

const reporter: Actor = { id: 'reporter', name: 'Rana Iqbal', roles: ['reporter'], desks: [] };
const editor: Actor = { id: 'editor', name: 'Edna Fry', roles: ['editor'], desks: ['city'] };
const sentence = 'A paragraph, of about the length that paragraphs have in the news. ';
const paragraph = (at: number, text = sentence.repeat(4)): Block => ({
  ...{ id: `p${at}`, kind: 'paragraph', attributions: [] },
  html: text,
});
const content = {
  ...{ slugline: 'bench', headline: 'A bench', standfirst: '', byline: ['R. Porter'], dateline: '', section: 'city' },
  ...{ language: 'en', urgency: 4, keywords: [] as string[] },
  blocks: Array.from({ length: 10 }, (_, at) => paragraph(at)),
};

type Asked = Step<ArticleCommand>;
const step = <T extends ArticleCommand['type']>(
  actor: Actor,
  type: T,
  data: Extract<ArticleCommand, { type: T }>['data'],
) => ({ type, data, actor }) as Asked;
const start = (articleId: string) => step(reporter, 'start', { articleId, desk: 'city', kind: 'story', content });
const revise = (actor: Actor, base: number) =>
  step(actor, 'revise', { base, put: [paragraph(base % 10, `${base} ${sentence}`)] });

/** Started, revised, handed in, sent back, revised again: twenty events. Nobody but the read models has to do with any of them. */
export const drafted = (id: string): Asked[] => [
  start(id),
  ...[1, 2, 3, 4, 5].map((base) => revise(reporter, base)),
  ...[step(reporter, 'submit', {}), step(reporter, 'recall', {}), step(reporter, 'submit', {})],
  ...[step(editor, 'claim', {}), step(editor, 'return', { note: 'Who says so?' })],
  ...[6, 7].map((base) => revise(reporter, base)),
  ...[step(reporter, 'submit', {}), step(editor, 'claim', {})],
  ...[8, 9, 10, 11].map((base) => revise(editor, base)),
  step(editor, 'return', { note: 'Shorter.' }),
];
/** As short as the way to an approval can be. */
const approvable = (id: string): Asked[] => [
  start(id),
  step(reporter, 'submit', {}),
  step(editor, 'claim', {}),
  step(editor, 'approve', { version: 1 }),
];

const { decider: whole } = atOnce<Article, ArticleCommand, ArticleEvent>(articleLog);
type Steps = (id: string) => Asked[];
const some = randomUUID();
const known = new Map<Steps, string>();
/** What the aggregate decides. It is asked once: of other articles only the id is another, and to decide costs more than all that comes after. */
function decided(steps: Steps, id: string): ArticleEvent[] {
  const asked = { type: 'whole', data: { steps: steps(some) }, actor: editor, now: '', id: some } as const;
  const text = known.get(steps) ?? JSON.stringify(whole.decide(asked, whole.initial));
  known.set(steps, text);
  return JSON.parse(text.replaceAll(some, id)) as ArticleEvent[];
}

type Copy = Command & { type: 'copy'; data: { events: ArticleEvent[] } };
const copies: Aggregate<Article, Copy, ArticleEvent> = {
  ...articleLog,
  decider: { ...whole, decide: ({ data }) => data.events },
};
/** Everything that is asked for one new article, in one append. */
export const write = (store: EventStore, steps: Steps, id: string = randomUUID()) =>
  store.execute(copies, {
    ...{ id, commandId: randomUUID(), trace: { correlationId: 'bench' }, expected: 'none' },
    command: { type: 'copy', data: { events: decided(steps, id) }, actor: editor },
  });

/** So many articles, approved. */
export async function approve(store: EventStore, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await each(50, ids, (id) => write(store, approvable, id));
  return ids;
}
