import { contractsByTopic } from '#contracts';
import type { Incoming } from '#messaging';
import type { Columns, Projection, Rows } from '#projections';

interface Told {
  readonly articleId: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly correctionId?: string;
  readonly version?: number;
  readonly content?: object;
  readonly edit?: object;
  readonly changed?: readonly string[];
}

interface Textual {
  readonly line: 'article' | 'correction';
  /** Whether it makes a version. */
  saves(event: Told): boolean;
}
const saves = (line: Textual['line']): Textual => ({ line, saves: () => true });
/** Events after which a line of work stands at the text that they tell; `base` is not a line's own. */
const textual: Readonly<Record<string, Textual>> = {
  ArticleStarted: saves('article'),
  ArticleRevised: saves('article'),
  NextVersionDiscarded: { line: 'article', saves: () => false },
  CorrectionMerged: { line: 'article', saves: ({ changed = [] }) => changed.length > 0 },
  CorrectionOpened: saves('correction'),
  CorrectionRevised: saves('correction'),
};
/** What is too long for a list, or said in columns of its own; a comment's words are the moderators' business. */
const omitted = new Set([
  ...['articleId', 'by', 'content', 'edit', 'ancestor', 'difference', 'fields'],
  ...['text', 'reader', 'screening', 'proposed'],
]);
const detailsOf = (data: object) => Object.fromEntries(Object.entries(data).filter(([name]) => !omitted.has(name)));

function textOf(type: string, data: Told): Columns {
  const { correctionId, version = 1, content, edit } = data;
  const told = textual[type];
  if (!told) return {};
  const line = told.line === 'article' ? told.line : (correctionId ?? '');
  return { line, version, saves: told.saves(data), ...(content ? { content } : { edit: edit ?? {} }) };
}

function record(event: Incoming, rows: Rows): void {
  const data = event.data as Told;
  const key = { article_id: data.articleId, service: event.topic, position: String(event.position) };
  rows.set('article_event', key, {
    ...{ event_id: event.id, type: event.type, happened_at: event.time },
    ...{ by_id: data.by.id, by_name: data.by.name, details: detailsOf(data) },
    ...textOf(event.type, data),
  });
}

const topics = ['drafting', 'publication', 'moderation'] as const;
/** A commenter who was erased is in no article's history; each comment is. */
const types = topics.flatMap((topic) =>
  (contractsByTopic[topic] ?? []).filter(({ schema }) => 'articleId' in schema.properties).map(({ type }) => type),
);

/** Everything that happened to an article, in all services. */
export const articleHistory: Projection = {
  name: 'article_history',
  version: 3,
  topics,
  tables: { article_event: ['article_id', 'service', 'position'] },
  ddl: `
    create table article_event (
      article_id uuid,
      service text,
      position bigint,
      event_id uuid not null,
      type text not null,
      happened_at timestamptz not null,
      by_id text not null,
      by_name text not null,
      details json not null,
      -- of events that set the text of a line of work: the article's own, or that of the correction with this id
      line text,
      version int,
      saves boolean,
      -- the text whole, or what changed of the one before it in its line
      content json,
      edit json,
      primary key (article_id, service, position)
    );
    create index on article_event (article_id, happened_at, service, position);
    create index on article_event (article_id, line, position) where line is not null;
    create index on article_event (article_id, line, position) where content is not null;
    create index on article_event (article_id, line, version) where saves;
    create index on article_event (happened_at, article_id, position) where type = 'ArticleMoved';`,
  on: Object.fromEntries(types.map((type) => [type, record])),
};
