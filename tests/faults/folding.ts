import { inOrder, type LogName, type Sent } from './checking.ts';
import type { Given } from './people.ts';

/** What people are to see of an article, worked out from the topics by rules that are written down here once more: none of the services' own code takes part. */
export interface Expected {
  /** The working line. */
  state: string;
  isSpiked: boolean;
  /** Its approval was, and nobody has said that it was too late. */
  isWithdrawn: boolean;
  /** It was asked to be held if it is out, and nobody has decided otherwise since. */
  isToBeHeld: boolean;
  headline: string;
  version: number;
  publication: string;
  /** How many corrections are approved and not out. */
  corrections: number;
  /** What readers had last. */
  out: Out | null;
  /** In the order in which they were written. */
  readonly comments: Comment[];
  /** What is told to outsiders, in its order: type, and what is in it. */
  readonly feed: string[];
}
interface Out {
  readonly version: number;
  readonly headline: string;
  readonly words: readonly string[];
  readonly notes: readonly string[];
}
interface Comment {
  readonly id: string;
  isVisible: boolean;
}
/** As much of what events and articles say as is looked at. */
interface Told {
  readonly articleId: string;
  readonly version: number;
  readonly content?: Content;
  readonly edit?: { readonly fields?: { readonly headline?: string } };
  readonly state?: string;
  readonly hold?: string;
  readonly note: string;
  readonly class?: string;
  readonly correctionId?: string;
  readonly commentId: string;
}
interface Content {
  readonly headline: string;
  readonly blocks: readonly { readonly html: string }[];
}
type Rule = (article: Expected, told: Told) => void;

const nothing = (): Expected => ({
  ...{
    state: '',
    isSpiked: false,
    isWithdrawn: false,
    isToBeHeld: false,
    headline: '',
    version: 0,
    publication: 'none',
    corrections: 0,
    out: null,
  },
  ...{ comments: [], feed: [] },
});

const line =
  (state?: string): Rule =>
  (article, told) => {
    article.state = state ?? told.state ?? article.state;
  };
const saved: Rule = (article, { version, content, edit }) => {
  article.version = version;
  article.headline = content?.headline ?? edit?.fields?.headline ?? article.headline;
};
const all =
  (...rules: Rule[]): Rule =>
  (article, told) => {
    for (const rule of rules) rule(article, told);
  };
const spiked =
  (isSpiked: boolean): Rule =>
  (article) => {
    article.isSpiked = isSpiked;
  };
const withdrawn =
  (isWithdrawn: boolean): Rule =>
  (article) => {
    article.isWithdrawn = isWithdrawn;
  };
const toBeHeld =
  (isToBeHeld: boolean): Rule =>
  (article) => {
    article.isToBeHeld = isToBeHeld;
  };
const publication =
  (state: string): Rule =>
  (article) => {
    article.publication = state;
  };
const waiting =
  (more: number): Rule =>
  (article) => {
    article.corrections += more;
  };
const out =
  (of: (told: Told, before: Out | null) => readonly string[]): Rule =>
  (article, told) => {
    const { headline = '', blocks = [] } = told.content ?? {};
    const words = blocks.map(({ html }) => html);
    article.out = { version: told.version, headline, words, notes: of(told, article.out) };
  };
/** Outsiders hear of what is out; of what is not, nothing. */
const feed =
  (type: string): Rule =>
  ({ out: last, feed: sent }) => {
    const { headline = '', words = [], notes = [] } = last ?? {};
    sent.push(JSON.stringify(type === 'ItemCanceled' ? [type, headline] : [type, headline, ...words, ...notes]));
  };
/** With the notes to readers that were there. */
const wentOut = (type: string): Rule =>
  all(
    publication('published'),
    out((_told, before) => before?.notes ?? []),
    feed(type),
  );
const visible =
  (isVisible: boolean): Rule =>
  ({ comments }, { commentId }) => {
    for (const comment of comments) if (comment.id === commentId) comment.isVisible = isVisible;
  };

const rules: Readonly<Record<string, Rule>> = {
  ArticleStarted: all(line('draft'), saved),
  ArticleRevised: saved,
  ArticleSubmitted: line('submitted'),
  ArticleClaimed: line('editing'),
  ArticleApproved: all(line('approved'), withdrawn(false)),
  ApprovalWithdrawn: all(line('editing'), withdrawn(true)),
  WithdrawalTooLate: all(line(), withdrawn(false)),
  ClearanceStopped: (article, { hold }) => {
    if (hold !== undefined) article.isToBeHeld = true;
  },
  CorrectionMerged: all(line(), saved),
  ArticleSpiked: spiked(true),
  SpikeTakenBack: spiked(false),
  PublicationRecorded: (article, { state }) => {
    if (state === 'killed') article.state = state;
  },
  PublicationOpened: publication('cleared'),
  ClearanceRenewed: publication('cleared'),
  PublicationScheduled: publication('scheduled'),
  PublicationDescheduled: publication('cleared'),
  ScheduleCameDue: publication('cleared'),
  PublicationStopped: publication('stopped'),
  CorrectionReady: waiting(1),
  CorrectionOutdated: waiting(-1),
  CorrectionStopped: waiting(-1),
  ArticlePublished: wentOut('ItemReleased'),
  ArticleCorrected: all(
    publication('published'),
    out(({ note }, before) => [...(before?.notes ?? []), ...(note === '' ? [] : [note])]),
    (article, { correctionId }) => {
      if (correctionId !== undefined) article.corrections -= 1;
    },
    (article, told) => {
      feed(told.class === 'REFILE' ? 'ItemRefiled' : 'ItemCorrected')(article, told);
    },
  ),
  ArticleUpdated: wentOut('ItemUpdated'),
  ArticleRepeated: all(publication('published'), feed('ItemRepeated')),
  ArticleHeld: (article, told) => {
    if (article.publication === 'published') feed('ItemWithheld')(article, told);
    article.publication = told.state ?? '';
  },
  HoldReleased: all(publication('published'), toBeHeld(false), feed('ItemReleased')),
  ArticleUnpublished: all(publication('unpublished'), feed('ItemWithheld')),
  KillAsked: (article, told) => {
    if (article.publication === 'published') feed('ItemWithheld')(article, told);
    article.publication = 'kill-asked';
  },
  KillDeclined: (article, told) => {
    article.publication = told.state ?? '';
    if (told.state === 'published') feed('ItemReleased')(article, told);
  },
  ArticleKilled: all(publication('killed'), feed('ItemCanceled')),
  CommentSubmitted: ({ comments }, { commentId }) => {
    comments.push({ id: commentId, isVisible: false });
  },
  CommentApproved: visible(true),
  CommentRejected: visible(false),
  CommentWithdrawn: visible(false),
  CommentEnded: visible(false),
  CommentErased: visible(false),
};

/** What each article comes to. Of one article all that a topic tells is in one partition, and no two topics tell of the same. */
export function folded(topics: Readonly<Record<LogName, readonly Sent[]>>): Map<string, Expected> {
  const articles = new Map<string, Expected>();
  for (const { type, value } of Object.values(topics).flatMap(inOrder)) {
    const rule = rules[type.split('.')[1] ?? ''];
    if (!rule) continue;
    const told = JSON.parse(value) as Told;
    const article = articles.get(told.articleId) ?? nothing();
    articles.set(told.articleId, article);
    rule(article, told);
  }
  return articles;
}

/** What cannot be, however it came to it: drafting and publication have to have agreed on who was first. */
export function disagreements(articles: ReadonlyMap<string, Expected>): string[] {
  return [...articles].flatMap(([id, { out: last, isSpiked, isWithdrawn, isToBeHeld, publication: now }]) => [
    ...(last && isSpiked ? [`${id} is spiked, and readers had it`] : []),
    ...(last && isWithdrawn ? [`the approval of ${id} was withdrawn, and readers had it`] : []),
    ...(isToBeHeld && now === 'published' ? [`${id} was to be held, and readers have it`] : []),
  ]);
}

/** The feed tells of each article what came to be of it, in that order, and nothing else. */
export function feedFaults(articles: ReadonlyMap<string, Expected>, sent: readonly Sent[]): string[] {
  const told = Map.groupBy(inOrder(sent), ({ key }) => key);
  return [...new Set([...articles.keys(), ...told.keys()])].flatMap((id) => {
    const [wanted, found] = [articles.get(id)?.feed ?? [], (told.get(id) ?? []).map(itemSaid)];
    return differs(`the feed of ${id}`, found, wanted);
  });
}
interface Item {
  readonly headlines: readonly { readonly value: string }[];
  readonly bodies?: readonly { readonly contentType: string; readonly value: string }[];
  readonly descriptions?: readonly { readonly role: string; readonly value: string }[];
}
function itemSaid({ type, value }: Sent): string {
  const { headlines, bodies = [], descriptions = [] } = (JSON.parse(value) as { item: Item }).item;
  const text = bodies
    .filter(({ contentType }) => contentType === 'text/plain')
    .flatMap((body) => body.value.split('\n'));
  const notes = descriptions.filter(({ role }) => role === 'correction').map((one) => one.value);
  return JSON.stringify([type.split('.')[1], headlines[0]?.value, ...text, ...notes]);
}

/** The texts of comments as clients gave them: on the topic they are sealed. */
export const textsOf = (given: readonly Given[]): Map<string, string> =>
  new Map(
    given.flatMap(({ path, body, answer }) =>
      path === '/comments' && answer && answer.status < 300
        ? [[answer.body.id, (body as { text: string }).text] as const]
        : [],
    ),
  );

export const differs = (where: string, found: unknown, wanted: unknown): string[] => {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === should ? [] : [`${where} is ${is} where the topics come to ${should}`];
};
