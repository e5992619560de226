import type { People } from './people.ts';
import type { Random } from './random.ts';

/** An article that is approved, and where in drafting's log. */
interface Approved {
  readonly id: string;
  readonly version: number;
  readonly position: string;
}
type Ending = (people: People, random: Random, article: Approved) => Promise<void>;

const paragraph = (html: string) => [{ id: 'p1', kind: 'paragraph', html }];
const reason = 'A second look.';

/** An article from its first word to its approval. */
export async function written(people: People, random: Random): Promise<Approved> {
  const words = `Story ${random.whole(1, 1e9)}`;
  const fields = { slugline: 'bridge', headline: words, byline: ['R. Iqbal'] };
  const body = { desk: 'city', kind: 'story', fields, blocks: paragraph('It is open.') };
  const { id } = await people.command(random, 'reporter', '/articles', body);
  const article = (command: string) => `/articles/${id}/${command}`;
  let version = 1;
  for (let saves = random.whole(0, 3); saves > 0; saves -= 1, version += 1)
    await people.command(random, 'reporter', article('revise'), {
      ...{ base: version, put: paragraph(`${words}, ${saves}.`), fields: { headline: `${words}, ${saves}` } },
    });
  const submitted = await people.command(random, 'reporter', article('submit'));
  // Few are submitted at a time: one page has them all.
  if (random.next() < 0.5)
    await people.look(random, 'editor', `/board?state=submitted&limit=100&after=${submitted.position}`, ({ body }) =>
      (body as Board).items.some(({ articleId }) => articleId === id),
    );
  await people.command(random, 'editor', article('claim'));
  const { position } = await people.command(random, 'editor', article('approve'), { version });
  return { id, version, position };
}
interface Board {
  readonly items: readonly { readonly articleId: string }[];
}

/** What comes of it. */
export const endings: Readonly<Record<string, Ending>> = {
  async 'it goes out, and is written to'(people, random, article) {
    await out(people, random, article);
  },
  // Or is kept back when that comes late; moved once now and then.
  async 'it goes out by itself'(people, random, article) {
    await schedule(people, random, article);
    // Its time may have come meanwhile.
    if (random.next() < 0.3) await people.give(random, 'duty-editor', of(article, 'reschedule'), soon(random, article));
  },
  async 'it is not to go out by itself after all'(people, random, article) {
    await schedule(people, random, article);
    await people.give(random, 'duty-editor', of(article, 'deschedule'));
  },
  // A kill may be asked meanwhile, and declined: it is held all along.
  async 'it is held, and released'(people, random, article) {
    await out(people, random, article);
    const held = await people.command(random, 'duty-editor', of(article, 'hold'), { reason });
    await looked(people, random, article, { after: held.position, status: 404 });
    if (random.next() < 0.5) {
      await people.command(random, 'editor', of(article, 'ask-kill'), { reason });
      const { position } = await people.command(random, 'chief', of(article, 'decline-kill'), { reason });
      await looked(people, random, article, { after: position, status: 404 });
    }
    const released = await people.command(random, 'duty-editor', of(article, 'release'), { reason });
    await looked(people, random, article, { after: released.position, status: 200 });
  },
  async 'it is taken down, and put up again'(people, random, article) {
    await out(people, random, article);
    const down = await people.command(random, 'duty-editor', of(article, 'unpublish'), { reason });
    await looked(people, random, article, { after: down.position, status: 404 });
    const [again, body] = random.pick([
      ['publish', { version: article.version }],
      ['repeat', { item: 2 }],
    ] as const);
    const up = await people.command(random, 'duty-editor', of(article, again), body);
    await looked(people, random, article, { after: up.position, status: 200 });
  },
  async 'it is corrected'(people, random, article) {
    await out(people, random, article);
    // Drafting has yet to hear that it is out.
    const opened = await people.insist(random, 'reporter', '/corrections', () => ({ articleId: article.id }));
    const correction = (command: string) => `/corrections/${opened.id}/${command}`;
    await people.command(random, 'reporter', correction('revise'), { base: 1, put: paragraph('It is closed.') });
    const { position: after } = await people.command(random, 'editor', correction('approve'), { version: 2 });
    const body = { correctionId: opened.id, note: 'It was never open.', after };
    const command = random.pick(['correct', 'refile']);
    const { position } = await people.insist(random, 'duty-editor', of(article, command), () => body);
    await looked(people, random, article, { after: position, status: 200, words: 'It is closed.' });
  },
  async 'it is updated'(people, random, article) {
    await out(people, random, article);
    const { version, position: after } = await writtenOn(people, random, article);
    const body = { version, nothingWasWrong: true, after };
    const { position } = await people.insist(random, 'duty-editor', of(article, 'update'), () => body);
    await looked(people, random, article, { after: position, status: 200, words: 'It is closed.' });
  },
  // Or is kept back when that comes late; now and then it is moved, or after all not to be.
  async 'it is updated by itself'(people, random, article) {
    await out(people, random, article);
    const next = await writtenOn(people, random, article);
    const timed = () => ({ ...soon(random, next), nothingWasWrong: true });
    await people.insist(random, 'duty-editor', of(next, 'schedule'), timed);
    const then = random.pick(['', '', 'reschedule', 'deschedule']);
    if (then !== '') await people.give(random, 'duty-editor', of(next, then), then === 'reschedule' ? timed() : {});
  },
  async 'it is killed'(people, random, article) {
    await out(people, random, article);
    const held = await people.command(random, 'editor', of(article, 'ask-kill'), { reason });
    await looked(people, random, article, { after: held.position, status: 404 });
    const killed = await people.command(random, 'chief', of(article, 'sign-kill'));
    await looked(people, random, article, { after: killed.position, status: 410 });
  },
  async 'a kill is declined'(people, random, article) {
    await out(people, random, article);
    await people.command(random, 'editor', of(article, 'ask-kill'), { reason });
    const { position } = await people.command(random, 'chief', of(article, 'decline-kill'), { reason });
    await looked(people, random, article, { after: position, status: 200 });
  },
  async 'it is stopped'(people, random, article) {
    await people.insist(random, 'duty-editor', of(article, 'stop'), () => ({ reason }));
  },
  async 'it is spiked while it goes out'(people, random, article) {
    await atOnce(people, random, article, { command: 'spike', body: { reason } });
  },
  async 'its approval is withdrawn while it goes out'(people, random, article) {
    const body = { version: article.version, reason, ifOut: random.pick(['tell', 'hold']) };
    await atOnce(people, random, article, { command: 'withdraw-approval', body });
  },
};

const of = ({ id }: Approved, command: string) => `/publications/${id}/${command}`;
function soon(random: Random, { version }: Approved) {
  const at = new Date(Date.now() + random.whole(2000, 15_000)).toISOString().slice(0, 19);
  return { version, at, zone: 'UTC', late: random.pick(['publish-late', 'keep-back']) };
}
const schedule = (people: People, random: Random, article: Approved) =>
  people.insist(random, 'duty-editor', of(article, 'schedule'), () => soon(random, article));

/** The story goes on: its next version, approved. */
async function writtenOn(people: People, random: Random, { id, version: base }: Approved): Promise<Approved> {
  const drafted = (command: string) => `/articles/${id}/${command}`;
  await people.command(random, 'editor', drafted('open-next-version'));
  await people.command(random, 'reporter', drafted('revise'), { base, put: paragraph('It is closed.') });
  const version = base + 1;
  const { position } = await people.command(random, 'editor', drafted('approve'), { version });
  return { id, version, position };
}

/** Drafting and publication decide between them which of the two was first. */
async function atOnce(
  people: People,
  random: Random,
  { id, version, position: after }: Approved,
  { command, body }: { command: string; body: object },
): Promise<void> {
  const publish = { version, after };
  await Promise.all([
    people.give(random.fork(), 'editor', `/articles/${id}/${command}`, body),
    people.give(random.fork(), 'duty-editor', `/publications/${id}/publish`, publish),
  ]);
}

async function out(people: People, random: Random, article: Approved): Promise<void> {
  const { version, position } = article;
  const publish = () => ({ version, after: position });
  const { position: after } = await people.insist(random, 'duty-editor', of(article, 'publish'), publish);
  await looked(people, random, article, { after, status: 200 });
  const comments = Array.from({ length: random.whole(0, 4) }, () => random.fork());
  await Promise.all(comments.map((own) => commented(people, own, article, after)));
}

interface Page {
  readonly comments?: { readonly items: readonly { readonly id: string }[] };
}
interface Sight {
  readonly after: string;
  readonly status: number;
  /** What is to be on it. */
  readonly words?: string;
}
/** A reader looks at its page, which has to know what was just done. */
const looked = (people: People, random: Random, { id }: Approved, { after, status, words = '' }: Sight) =>
  people.look(
    random,
    'site',
    `/articles/${id}/page?limit=100&after=${after}`,
    (told) => told.status === status && JSON.stringify(told.body).includes(words),
  );

async function commented(people: People, random: Random, article: Approved, after: string): Promise<void> {
  const { id: articleId, version: articleVersion } = article;
  const reader = { id: `reader-${random.whole(1, 50)}`, name: 'Amna' };
  const body = { articleId, articleVersion, reader, text: `Opinion ${random.whole(1, 1e9)}.`, after };
  const comment = await people.insist(random, 'site', '/comments', () => body);
  if (comment.state !== 'pending') return;
  const verdict = random.next() < 0.7 ? 'approve' : 'reject';
  const decided = { revision: 1, ...(verdict === 'reject' && { reason: 'off-topic' }) };
  // Two moderators may look at the same comment.
  const moderators = random.next() < 0.2 ? [random.fork(), random.fork()] : [random.fork()];
  const given = await Promise.all(
    moderators.map((own) => people.give(own, 'moderator', `/comments/${comment.id}/${verdict}`, decided)),
  );
  const { answer } = given.find((one) => one.answer && one.answer.status < 300) ?? {};
  if (answer && verdict === 'approve')
    await people.look(
      random,
      'site',
      `/articles/${articleId}/page?limit=100&after=${answer.body.position}`,
      ({ body: page }) => (page as Page).comments?.items.some(({ id }) => id === comment.id) ?? false,
    );
}
