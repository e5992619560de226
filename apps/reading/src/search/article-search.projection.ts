import { type ArticleEvent, type Content, type Edit, edited } from '#contracts';
import type { Incoming } from '#messaging';
import { type Projection, type Rows, schemaOf } from '#projections';
import { bodyOf } from '../article-page/plain-page.ts';
import { folds } from '../folds.ts';
import { cut } from './words.ts';

interface Saved {
  readonly articleId: string;
  readonly version: number;
  readonly content?: Content;
  readonly edit?: Edit;
}
/** What comes with a text that an article stands at from then on. */
const texts = new Set(['ArticleStarted', 'ArticleRevised', 'NextVersionDiscarded', 'CorrectionMerged']);

/** Languages whose words are searched by their stems, by the first part of their BCP 47 name; those of others as they are written. */
export const configurations: Readonly<Record<string, string>> = {
  ...{
    ar: 'arabic',
    da: 'danish',
    de: 'german',
    el: 'greek',
    en: 'english',
    es: 'spanish',
    fi: 'finnish',
    fr: 'french',
  },
  ...{ hi: 'hindi', hu: 'hungarian', id: 'indonesian', it: 'italian', nl: 'dutch', no: 'norwegian', pt: 'portuguese' },
  ...{ ro: 'romanian', ru: 'russian', sv: 'swedish', ta: 'tamil', tr: 'turkish' },
};
const configurationOf = (language: string) => configurations[language.toLowerCase().split('-')[0] ?? ''] ?? 'simple';

/** A search index holds at most a megabyte; longer than this no text is searched. */
const mostCharacters = 200_000;

function put({ data }: { readonly data: Saved }, rows: Rows): void {
  const { articleId, version, content } = data;
  if (!content) throw new Error('A save was not made whole before it was folded.');
  const { slugline, headline, standfirst, byline, keywords, language } = content;
  rows.set(
    'article_search',
    { article_id: articleId },
    {
      ...{ version, content, language, configuration: configurationOf(language) },
      ...{ slugline: cut(slugline), headline: cut(headline), byline: cut(byline.join(', ')) },
      ...{
        keywords: cut(keywords.join(', ')),
        body: cut(`${standfirst}\n${bodyOf(content)}`.slice(0, mostCharacters)),
      },
    },
  );
}

/** The text of every article as its working line has it, for searching. */
export const articleSearch: Projection = {
  name: 'article_search',
  version: 3,
  // It knows the words of texts that have no blanks between them.
  differs: true,
  topics: ['drafting'],
  tables: { article_search: ['article_id'] },
  ddl: `
    create table article_search (
      article_id uuid primary key,
      version int not null,
      -- what the next edit is of
      content json not null,
      language text not null,
      configuration text not null,
      -- cut into words
      slugline text not null,
      headline text not null,
      byline text not null,
      keywords text not null,
      body text not null,
      words tsvector
    );
    create function index_words() returns trigger language plpgsql as $$
    declare
      stems regconfig := new.configuration::regconfig;
      there boolean := false;
    begin
      -- What is inserted where a row is already updates that row, and comes here a second time: words are taken apart once.
      if tg_op = 'INSERT' then
        execute format('select exists (select from %s where article_id = $1)', tg_relid::regclass) into there using new.article_id;
        if there then return new; end if;
      end if;
      new.words := setweight(to_tsvector(stems, new.headline || ' ' || replace(new.slugline, '-', ' ')), 'A')
        || setweight(to_tsvector('simple', new.byline), 'B') || setweight(to_tsvector(stems, new.byline || ' ' || new.keywords), 'B')
        || setweight(to_tsvector(stems, new.body), 'C');
      return new;
    end $$;
    create trigger indexing before insert or update on article_search for each row execute function index_words();
    create index on article_search using gin (words);`,
  open: wholeTexts,
  on: folds<ArticleEvent>({
    ArticleStarted: put,
    ArticleRevised: put,
    NextVersionDiscarded: put,
    CorrectionMerged: put,
  }),
};

/** Saves that tell what they changed, told whole: from the rows as they stand, which are those before this batch. */
async function wholeTexts(
  ...[client, events, generation]: Parameters<NonNullable<Projection['open']>>
): Promise<Incoming[]> {
  const saves = events.filter(({ type }) => texts.has(type));
  const asked = new Set(
    saves.filter(({ data }) => !(data as Saved).content).map(({ data }) => (data as Saved).articleId),
  );
  const { rows } = await client.query<{ id: string; content: Content }>(
    `select article_id as id, content from "${schemaOf(generation)}".article_search where article_id = any($1)`,
    [[...asked]],
  );
  const standing = new Map(rows.map(({ id, content }) => [id, content]));
  return events.map((event) => {
    if (!texts.has(event.type)) return event;
    const data = event.data as Saved;
    const before = standing.get(data.articleId);
    const content = data.content ?? (before && data.edit ? edited(before, data.edit) : undefined);
    if (!content) return event;
    standing.set(data.articleId, content);
    return { ...event, data: { ...data, content } };
  });
}
