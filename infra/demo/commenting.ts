import { reader } from './cast.ts';
import type { Approved } from './drafting.ts';
import type { Scene } from './scene.ts';
import { counted, excerpt, type Teller } from './telling.ts';

/** A comment as it is sent in; `verdict` is there for those that the house rule forbids. */
interface Comment {
  readonly text: string;
  readonly verdict?: Verdict;
}
interface Verdict {
  readonly reason: string;
  readonly note: string;
}
interface Waiting {
  readonly commentId: string;
  readonly text: string;
  readonly revision: number;
  readonly author: { readonly name: string };
  readonly screening: {
    readonly hits: readonly { readonly rule: string; readonly from: number; readonly to: number }[];
  };
}

const forbidden: readonly Required<Comment>[] = [
  {
    text: 'Whoever wrote this is an IDIOT, and so is everybody who reads it.',
    verdict: { reason: 'abusive', note: 'It insults the author and the readers.' },
  },
  {
    text: 'Double your money by Friday!!! Click here: https://gold.example/fast and www.gold-fast.example',
    verdict: { reason: 'commercial', note: 'It advertises.' },
  },
  {
    text: 'NOBODY EVER TELLS US ANYTHING AND THIS PAGE IS NO BETTER',
    verdict: { reason: 'language', note: 'It shouts.' },
  },
];
const repeated: Verdict = { reason: 'duplicate', note: 'Somebody has said just that.' };

/** The page's own comments in their order, with the others between them and a repeat at the end. */
export function interleaved(own: readonly string[]): Comment[] {
  const all: Comment[] = own.map((text) => ({ text }));
  forbidden.toReversed().forEach((comment, index) => {
    const place = forbidden.length - 1 - index;
    all.splice(Math.floor((place * own.length) / forbidden.length), 0, comment);
  });
  return [...all, { text: own[0] ?? forbidden[0]?.text ?? '', verdict: repeated }];
}

/** How many comments of a long page are told one by one. */
const told = 8;

/** Readers write, each once; the site sends what they write. Answers which comment is which. */
async function send({ cast, teller, page }: Scene, { articleId, version, position: after }: Approved) {
  const { site, moderator } = cast;
  const sent = new Map<string, Comment>();
  let position = after;
  for (const comment of interleaved(page.comments)) {
    const author = reader(sent.size + 1);
    const answer = await site.command('moderation', '/comments', {
      ...{ articleId, reader: author, text: comment.text, articleVersion: version, after },
    });
    sent.set(answer.id, comment);
    position = answer.position;
    if (sent.size === 1) {
      const { body } = await moderator.ask('moderation', `/threads/${articleId}`);
      teller.tell(
        'moderation',
        'opened a thread by itself when the article went out',
        `${String(body.state)}, ${String(body.mode)}`,
      );
    }
    if (sent.size <= told || comment.verdict) {
      teller.tell(site.called, `brings what ${author.name} writes: “${excerpt(comment.text)}”`, answer.state);
    }
    if (sent.size === told + 1) teller.tell(site.called, '… and so on …');
  }
  return { sent, position };
}

/** All comments, and a person's decision on each. Answers the position of the last decision. */
export async function comment(scene: Scene, article: Approved): Promise<string> {
  const { moderator } = scene.cast;
  const { chapter, tell } = scene.teller;
  chapter('Readers comment');
  const { sent, position } = await send(scene, article);
  chapter('A person decides about each of them');
  tell(moderator.called, `opens the queue of ${counted(sent.size, 'comment')}, the oldest first`);
  let after = position;
  for (let decided = 0; decided < sent.size;) {
    const { body } = await moderator.ask('reading', `/queues/pending?articleId=${article.articleId}&limit=100`, {
      after,
    });
    for (const waiting of body.items as Waiting[]) {
      after = await decide(scene, waiting, sent.get(waiting.commentId)?.verdict, decided++ < told);
    }
  }
  return after;
}

async function decide(scene: Scene, waiting: Waiting, verdict: Verdict | undefined, tellIt: boolean): Promise<string> {
  const { moderator } = scene.cast;
  const { commentId, revision, text, author } = waiting;
  const seen = { revision, state: 'pending' };
  const path = `/comments/${commentId}`;
  const what = `${author.name}’s “${excerpt(text)}”`;
  if (!verdict) {
    const { state, position } = await moderator.command('moderation', `${path}/approve`, seen);
    if (tellIt) tellWith(scene.teller, [moderator.called, `lets stand: ${what}`, state], waiting);
    return position;
  }
  const { state, position } = await moderator.command('moderation', `${path}/reject`, { ...seen, ...verdict });
  tellWith(scene.teller, [moderator.called, `refuses: ${what}`, `${state}, ${verdict.reason}`], waiting);
  return position;
}

function tellWith(teller: Teller, line: [string, string, string], { text, screening }: Waiting): void {
  teller.tell(...line);
  const hits = screening.hits.map(({ rule, from, to }) => `${rule} “${excerpt(text.slice(from, to))}”`);
  if (hits.length > 0) teller.show(`screening had marked: ${hits.join(', ')}`);
}
