import { randomUUID } from 'node:crypto';
import type { Service } from '../../infra/postgres/migrate.ts';
import type { Accepted } from '../newsroom.ts';
import type { Random } from './random.ts';
import type { Victims } from './victims.ts';

/** One command as a client gave it, and what it was told in the end; undefined: nothing that one could rely on. */
export interface Given {
  readonly service: Service;
  readonly who: string;
  readonly path: string;
  readonly body: object;
  readonly key: string;
  answer?: { readonly status: number; readonly body: Accepted & { readonly code?: string } };
}
type Role = 'reporter' | 'editor' | 'duty-editor' | 'moderator' | 'site';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** Milliseconds that a client waits for an answer. */
const patience = 20_000;
/** Longer than this nothing may be on its way from one service to another, whatever strikes meanwhile. */
const longestWayMs = 90_000;

/** People at work who try again with the same key until they are answered, and write down everything they were told. */
export class Traffic {
  readonly given: Given[] = [];
  /** What clients noticed that must never be. */
  readonly noticed: string[] = [];
  private stopping = false;
  private hasTimed = false;
  private readonly tokens = new Map<string, Promise<string>>();
  private readonly victims: Victims;

  constructor(victims: Victims) {
    this.victims = victims;
  }

  /** So many at work at a time, each with a rest between two stories, until `stop`. */
  async run(random: Random, atOnce: number, restMs: number): Promise<void> {
    const worker = async (own: Random) => {
      while (!this.stopping) {
        await this.story(own).catch(unlessStopped);
        await pause(restMs);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, () => worker(random.fork())));
  }

  stop(): void {
    this.stopping = true;
  }

  /** Asks once more for what was never answered, now that everything runs. */
  async settle(random: Random): Promise<void> {
    const open = this.given.filter(({ answer }) => !answer);
    await Promise.all(open.map((given) => this.untilAnswered(given, random, () => true)));
  }

  /** One article from its first word to its readers' comments. */
  private async story(random: Random): Promise<void> {
    const words = `Story ${random.whole(1, 1e9)}`;
    const fields = { slugline: 'bridge', headline: words, byline: ['R. Iqbal'] };
    const paragraph = (html: string) => [{ id: 'p1', kind: 'paragraph', html }];
    const body = { desk: 'city', kind: 'story', fields, blocks: paragraph('It is open.') };
    const { id } = await this.command(random, 'reporter', '/articles', body);
    const article = (command: string) => `/articles/${id}/${command}`;
    let version = 1;
    for (let saves = random.whole(0, 3); saves > 0; saves -= 1, version += 1)
      await this.command(random, 'reporter', article('revise'), {
        base: version,
        put: paragraph(`${words}, ${saves}.`),
      });
    await this.command(random, 'reporter', article('submit'));
    await this.command(random, 'editor', article('claim'));
    const { position } = await this.command(random, 'editor', article('approve'), { version });
    await this.publish(random, { id, version, position });
  }

  private async publish(random: Random, { id, version, position }: { id: string; version: number; position: string }) {
    const publication = (command: string) => `/publications/${id}/${command}`;
    // The first of all is timed: however short a campaign is, there is something to come due.
    if (random.next() < 0.25 || !this.hasTimed) {
      this.hasTimed = true;
      await this.schedule(random, id, version);
      return;
    }
    const out = await this.insist(random, 'duty-editor', publication('publish'), () => ({ version, after: position }));
    if (!out) return;
    const comments = Array.from({ length: random.whole(0, 4) }, () => random.fork());
    await Promise.all(comments.map((own) => this.comment(own, { id, version, after: out.position })));
    if (random.next() > 0.3) return;
    await this.command(random, 'duty-editor', publication('unpublish'), { reason: 'A second look.' });
    await this.command(random, 'duty-editor', publication('publish'), { version });
  }

  /** It goes out by itself, or is kept back when that comes late; moved once now and then. */
  private async schedule(random: Random, id: string, version: number): Promise<void> {
    const soon = () => new Date(Date.now() + random.whole(2000, 15_000)).toISOString().slice(0, 19);
    const late = random.pick(['publish-late', 'keep-back']);
    const body = () => ({ version, at: soon(), zone: 'UTC', late });
    const set = await this.insist(random, 'duty-editor', `/publications/${id}/schedule`, body);
    // Its time may have come meanwhile.
    if (set && random.next() < 0.3) await this.give(random, 'duty-editor', `/publications/${id}/reschedule`, body());
  }

  private async comment(random: Random, { id, version, after }: { id: string; version: number; after: string }) {
    const reader = { id: `reader-${random.whole(1, 50)}`, name: 'Amna' };
    const body = { articleId: id, articleVersion: version, reader, text: `Opinion ${random.whole(1, 1e9)}.`, after };
    const comment = await this.insist(random, 'site', '/comments', () => body);
    if (comment?.state !== 'pending') return;
    const verdict = random.next() < 0.7 ? 'approve' : 'reject';
    const decided = { revision: 1, ...(verdict === 'reject' && { reason: 'off-topic' }) };
    // Two moderators may look at the same comment.
    const moderators = random.next() < 0.2 ? [random.fork(), random.fork()] : [random.fork()];
    await Promise.all(
      moderators.map((own) => this.give(own, 'moderator', `/comments/${comment.id}/${verdict}`, decided)),
    );
  }

  /** A command that nothing stands against. */
  private async command(random: Random, role: Role, path: string, body: object = {}): Promise<Accepted> {
    const { answer } = await this.give(random, role, path, body);
    if (answer && answer.status < 300) return answer.body;
    if (answer) this.noticed.push(`POST ${path} was refused: ${answer.status} ${answer.body.code ?? ''}`);
    throw new Stopped();
  }

  /** One that has to wait for what is on its way from another service: again and again, each time as a new command. */
  private async insist(random: Random, role: Role, path: string, body: () => object): Promise<Accepted | undefined> {
    for (const begun = Date.now(); !this.stopping && Date.now() < begun + longestWayMs;) {
      const { answer } = await this.give(random, role, path, body());
      if (answer && answer.status < 300) return answer.body;
      await pause(200);
    }
    if (!this.stopping) this.noticed.push(`POST ${path} was refused for ${longestWayMs} ms`);
    return undefined;
  }

  private async give(random: Random, role: Role, path: string, body: object): Promise<Given> {
    const [, collection] = path.split('/');
    const service =
      collection === 'articles' ? 'drafting' : collection === 'publications' ? 'publication' : 'moderation';
    const who = `${role} ${role}-${random.whole(1, 3)}`;
    const given: Given = { ...{ service, path, body, key: randomUUID() }, who: sharedBy[role] ?? who };
    this.given.push(given);
    await this.untilAnswered(given, random, () => !this.stopping);
    if (given.answer && random.next() < 0.1) await this.again(given, random);
    return given;
  }

  /** The same once more: it must be answered the same. */
  private async again(given: Given, random: Random): Promise<void> {
    const before = given.answer;
    // What was refused is not kept: later it may be accepted.
    if (!before || before.status >= 300) return;
    const reply = await this.send(given, random);
    if (!reply) return;
    if (JSON.stringify(reply.body) !== JSON.stringify(before.body))
      this.noticed.push(
        `POST ${given.path} was answered ${JSON.stringify(before.body)}, then ${JSON.stringify(reply.body)}`,
      );
  }

  private async untilAnswered(given: Given, random: Random, goOn: () => boolean): Promise<void> {
    do {
      const answer = await this.send(given, random);
      if (answer) given.answer = answer;
      else await pause(random.whole(50, 500));
    } while (!given.answer && goOn());
  }

  /** Undefined: no answer, or one that says to come again. */
  private async send({ service, who, path, body, key }: Given, random: Random): Promise<Given['answer']> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    try {
      const response = await fetch(random.pick(this.victims.urls[service]) + path, {
        ...{ method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(patience) },
        headers: { ...headers, authorization: `Bearer ${await this.token(who)}` },
      });
      const answer = (await response.json()) as Accepted & { code?: string };
      if (response.status === 500) this.noticed.push(`POST ${path} was answered 500`);
      return [429, 500, 503, 504].includes(response.status) ? undefined : { status: response.status, body: answer };
    } catch {
      return undefined;
    }
  }

  private token(who: string): Promise<string> {
    const known = this.tokens.get(who);
    if (known) return known;
    const [role = '', sub = ''] = who.split(' ');
    const { token } = this.victims.newsroom.stack;
    // Good as well where a clock is an hour wrong.
    const made = token?.({ sub, name: sub, roles: [role], desks: ['city'] }, 7200) ?? Promise.resolve('');
    this.tokens.set(who, made);
    return made;
  }
}

/** A writer's own draft and an editor's own desk are worked on by one person each. */
const sharedBy: Partial<Record<Role, string>> = {
  reporter: 'reporter rana',
  editor: 'editor edna',
  site: 'site site',
};

/** Work was interrupted: the campaign is over. */
class Stopped extends Error {}
function unlessStopped(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
}
