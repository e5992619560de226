import { Rejection } from '#decider';
import type { EventStore, Executed } from '#event-store';
import type { OrderHeaders } from '#platform';
import { articleLog } from './article/article.announcements.ts';
import type { TakeOver } from './article/editing.ts';
import { correctionLog } from './correction/correction.announcements.ts';
import { execute, executeOfCorrection } from './executing.ts';

/** Texts that people are at: those of articles, or of corrections. */
export interface Texts {
  readonly path: string;
  /** That one is in while people are at it. */
  readonly state: string;
  readonly streamOf: (id: string) => string;
  /** Of the stream; refused where there is none. */
  readonly versionOf: (store: EventStore, id: string) => Promise<number>;
  readonly takeOver: (store: EventStore, id: string, order: OrderHeaders, data: TakeOver) => Promise<Executed>;
}

function there(what: string, { version }: { readonly version: number }): number {
  if (version === 0) throw new Rejection('not-found', `There is no ${what} by that id.`);
  return version;
}
export const articleTexts: Texts = {
  path: 'articles',
  state: 'editing',
  streamOf: (id) => `article-${id}`,
  versionOf: async (store, id) => there('article', await store.load(articleLog, id)),
  takeOver: (store, id, order, data) => execute(store, id, order, { type: 'take-over-lease', data }),
};
export const correctionTexts: Texts = {
  path: 'corrections',
  state: 'open',
  streamOf: (id) => `correction-${id}`,
  versionOf: async (store, id) => there('correction', await store.load(correctionLog, id)),
  takeOver: (store, id, order, data) => executeOfCorrection(store, id, order, { type: 'take-over-lease', data }),
};

/** Routes that are made for both go by the name of each. */
export const named = <C extends abstract new (...given: never[]) => unknown>({ path }: Texts, routes: C): C =>
  Object.defineProperty(routes, 'name', { value: path === 'articles' ? routes.name : `Correction${routes.name}` });
