import type { PublicationEvent } from '#contracts';
import type { Incoming } from '#messaging';
import type { Columns, Projection, Rows } from '#projections';
import { folds } from '../folds.ts';

type Told = Omit<Incoming, 'data'> & {
  readonly data: {
    readonly articleId: string;
    readonly by: { readonly id: string; readonly name: string };
    readonly item: number;
  };
};
const entry =
  <E extends Told>(action: string | ((data: E['data']) => string), more: (data: E['data']) => Columns) =>
  ({ data, position, time }: E, rows: Rows) => {
    const key = { article_id: data.articleId, position: String(position) };
    const { by, item } = data;
    const who = { by_id: by.id, by_name: by.name };
    const did = typeof action === 'string' ? action : action(data);
    rows.set('publication_log', key, { action: did, ...who, item, happened_at: time, ...more(data) });
  };

/** What readers could see change: one row for each time that something went out, was held, came down, was corrected or killed. */
export const publicationLog: Projection = {
  name: 'publication_log',
  version: 1,
  topics: ['publication'],
  tables: { publication_log: ['article_id', 'position'] },
  ddl: `
    create table publication_log (
      article_id uuid,
      position bigint,
      action text not null,
      by_id text not null,
      by_name text not null,
      item int not null,
      happened_at timestamptz not null,
      version int,
      headline text,
      slugline text,
      path text,
      paper text,
      edition_date date,
      correction int,
      reason text,
      second_name text,
      primary key (article_id, position)
    );
    create index on publication_log (happened_at, article_id, position);`,
  on: folds<PublicationEvent>({
    ArticlePublished: entry('published', ({ version, content, path, edition }) => ({
      version,
      path,
      headline: content.headline,
      slugline: content.slugline,
      paper: edition.paper,
      edition_date: edition.date,
    })),
    ArticleCorrected: entry(
      ({ class: of }) => (of === 'REFILE' ? 'refiled' : 'corrected'),
      ({ version, content, number, note }) => ({
        version,
        headline: content.headline,
        slugline: content.slugline,
        correction: number,
        reason: note,
      }),
    ),
    ArticleUpdated: entry('updated', ({ version, content, number }) => ({
      ...{ version, headline: content.headline, slugline: content.slugline, correction: number },
    })),
    ArticleRepeated: entry('repeated', ({ version, number }) => ({ version, correction: number })),
    ArticleHeld: entry('held', ({ reason }) => ({ reason })),
    HoldReleased: entry('released', ({ reason }) => ({ reason })),
    ArticleUnpublished: entry('unpublished', ({ reason }) => ({ reason })),
    KillAsked: entry('kill-asked', ({ reason }) => ({ reason })),
    KillDeclined: entry('kill-declined', ({ reason }) => ({ reason })),
    ArticleKilled: entry('killed', ({ reason, askedBy }) => ({ reason, second_name: askedBy.name })),
  }),
};
