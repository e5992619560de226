import type { Service } from '../../infra/postgres/migrate.ts';
import type { Person, Reply } from '../newsroom.ts';
import { differs, type Expected } from './folding.ts';
import type { Victims } from './victims.ts';

type Articles = ReadonlyMap<string, Expected>;

/** What people are shown is what the topics come to: each page with its comments, the board, and whether comments are taken. */
export async function shownFaults({ newsroom }: Victims, articles: Articles, texts: ReadonlyMap<string, string>) {
  const [site, chief, moderator] = [newsroom.as('site'), newsroom.as('chief'), newsroom.as('moderator')];
  const board = await boardOf(chief);
  const found = [...board.keys()]
    .filter((id) => !articles.has(id))
    .map((id) => `the board has ${id}, nobody else does`);
  for (const [id, article] of articles) {
    found.push(...differs(`the board of ${id}`, board.get(id) ?? null, boardWanted(article)));
    const page = await answered(site, 'reading', `/articles/${id}/page?limit=100`);
    found.push(...differs(`the page of ${id}`, pageSaid(page), pageWanted(article, texts)));
    const thread = await answered(moderator, 'moderation', `/threads/${id}`);
    found.push(...differs(`the thread of ${id}`, thread.body.state ?? null, threadWanted(article)));
  }
  return found;
}

async function answered(person: Person, service: Service, path: string): Promise<Reply> {
  for (const deadline = Date.now() + 30_000; ;) {
    const reply = await person.get(service, path);
    if (![429, 503, 504].includes(reply.status) || Date.now() > deadline) return reply;
  }
}

interface Page {
  readonly version: number;
  readonly headline: string;
  readonly blocks: readonly { readonly html: string }[];
  readonly corrections: readonly { readonly note: string }[];
  readonly comments: {
    readonly count: number;
    readonly items: readonly { readonly id: string; readonly text: string }[];
  };
}
function pageSaid({ status, body }: Reply) {
  if (status !== 200) return { status };
  const { version, headline, blocks, corrections, comments } = body as unknown as Page;
  return {
    ...{ status, version, headline, words: blocks.map(({ html }) => html), notes: corrections.map(({ note }) => note) },
    ...{ count: comments.count, comments: comments.items.map(({ id, text }) => [id, text]) },
  };
}
export function pageWanted({ out, publication, comments }: Expected, texts: ReadonlyMap<string, string>) {
  if (publication === 'killed') return { status: 410 };
  if (!out || publication !== 'published') return { status: 404 };
  const visible = comments.filter(({ isVisible }) => isVisible).map(({ id }) => [id, texts.get(id)]);
  return { status: 200, ...out, count: visible.length, comments: visible };
}

const threads: Readonly<Record<string, string>> = {
  ...{ published: 'open', held: 'frozen', unpublished: 'frozen', 'kill-asked': 'frozen', killed: 'closed' },
};
export const threadWanted = ({ publication }: Expected): string | null => threads[publication] ?? null;

interface Item {
  readonly articleId: string;
  readonly state: string;
  readonly headline: string;
  readonly version: number;
  readonly publication: { readonly state: string; readonly out: number | null; readonly corrections: number };
}
async function boardOf(chief: Person) {
  const rows = new Map<string, unknown>();
  for (let path: string | undefined = '/board?limit=100'; path !== undefined;) {
    const { body, headers } = await answered(chief, 'reading', path);
    for (const { articleId, publication, state, headline, version } of body.items as Item[])
      rows.set(articleId, { state, headline, version, ...publicationSaid(publication) });
    path = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  }
  return rows;
}
const publicationSaid = ({ state: publication, out, corrections }: Item['publication']) => ({
  ...{ publication, out, corrections },
});
export function boardWanted({ state, isSpiked, headline, version, publication, out, corrections }: Expected) {
  const line = { state: isSpiked ? 'spiked' : state, headline, version };
  return { ...line, publication, out: out?.version ?? null, corrections };
}
