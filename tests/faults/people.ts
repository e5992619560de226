import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
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
  answer?: Told<Accepted & { readonly code?: string }>;
}
/** What was asked of the read models, with a position that the answer must be as new as. */
interface Asked {
  readonly who: string;
  readonly path: string;
  /** Whether an answer knows of what stands at that position. */
  readonly knows: (answer: Told<object>) => boolean;
  isAnswered: boolean;
}
interface Told<B> {
  readonly status: number;
  readonly body: B;
}
export type Role = 'reporter' | 'editor' | 'duty-editor' | 'chief' | 'moderator' | 'site';

/** Milliseconds that a client waits for an answer. */
const patience = 20_000;
/** Longer than this nothing may be on its way from one service to another, whatever strikes meanwhile. */
export const longestWayMs = 90_000;
const services: Readonly<Record<string, Service>> = {
  ...{ articles: 'drafting', corrections: 'drafting', publications: 'publication', comments: 'moderation' },
};
/** A writer's own draft and an editor's own desk are worked on by one person each. */
const sharedBy: Partial<Record<Role, string>> = {
  ...{ reporter: 'reporter rana', editor: 'editor edna', site: 'site site' },
};
const nameOf = (role: Role, random: Random) => sharedBy[role] ?? `${role} ${role}-${random.whole(1, 3)}`;

/** People who try again with the same key until they are answered, and write down everything they were told. */
export class People {
  readonly given: Given[] = [];
  /** What clients noticed that must never be. */
  readonly noticed: string[] = [];
  protected stopping = false;
  private readonly asked: Asked[] = [];
  private readonly tokens = new Map<string, Promise<string>>();
  private readonly victims: Victims;
  private readonly begun = performance.now();

  constructor(victims: Victims) {
    this.victims = victims;
  }

  /** Since people began to work. */
  private second(): string {
    return ((performance.now() - this.begun) / 1000).toFixed(1);
  }

  stop(): void {
    this.stopping = true;
  }

  /** Asks once more for what was never answered, now that everything runs. */
  async settle(random: Random): Promise<void> {
    const deadline = Date.now() + longestWayMs;
    const goOn = () => Date.now() < deadline;
    const [open, unanswered] = [
      this.given.filter(({ answer }) => !answer),
      this.asked.filter((one) => !one.isAnswered),
    ];
    await Promise.all([
      ...open.map((given) => this.untilAnswered(given, random, goOn)),
      ...unanswered.map((asked) => this.untilSeen(asked, random, goOn)),
    ]);
    for (const { path, isAnswered } of this.asked) if (!isAnswered) this.noticed.push(`GET ${path} was never answered`);
  }

  /** A command that nothing stands against. */
  async command(random: Random, role: Role, path: string, body: object = {}): Promise<Accepted> {
    const { answer } = await this.give(random, role, path, body);
    if (answer && answer.status < 300) return answer.body;
    if (answer) this.noticed.push(`POST ${path} was refused: ${answer.status} ${answer.body.code ?? ''}`);
    throw new Stopped();
  }

  /** One that has to wait for what is on its way from another service: again and again, each time as a new command. */
  async insist(random: Random, role: Role, path: string, body: () => object): Promise<Accepted> {
    let last: Given | undefined;
    for (const begun = Date.now(); !this.stopping && Date.now() < begun + longestWayMs;) {
      last = await this.give(random, role, path, body());
      const { answer } = last;
      if (answer && answer.status < 300) return answer.body;
      await pause(200);
    }
    if (!this.stopping) {
      const { code = 'no answer' } = last?.answer?.body ?? {};
      this.noticed.push(`POST ${path} was refused for ${longestWayMs} ms, until ${this.second()} s: ${code}`);
    }
    throw new Stopped();
  }

  /** One that may be refused. */
  async give(random: Random, role: Role, path: string, body: object = {}): Promise<Given> {
    const service = services[path.split('/')[1] ?? ''] ?? 'drafting';
    const given: Given = { service, path, body, key: randomUUID(), who: nameOf(role, random) };
    this.given.push(given);
    await this.untilAnswered(given, random, () => !this.stopping);
    if (given.answer && random.next() < 0.1) await this.again(given, random);
    return given;
  }

  /** Reads what is to be as new as a position that somebody was told. */
  async look(random: Random, role: Role, path: string, knows: Asked['knows']): Promise<void> {
    const asked: Asked = { who: nameOf(role, random), path, knows, isAnswered: false };
    this.asked.push(asked);
    await this.untilSeen(asked, random, () => !this.stopping);
    if (!asked.isAnswered) throw new Stopped();
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

  private async untilSeen(asked: Asked, random: Random, goOn: () => boolean): Promise<void> {
    const { who, path, knows } = asked;
    do {
      const answer = await this.fetched<object>(random.pick(this.victims.urls.reading), who, { path });
      if (answer) asked.isAnswered = true;
      else await pause(random.whole(50, 500));
      if (answer && !knows(answer))
        this.noticed.push(
          `GET ${path} was answered ${answer.status}, too old: ${JSON.stringify(answer.body).slice(0, 200)}`,
        );
    } while (!asked.isAnswered && goOn());
  }

  private send({ service, who, path, body, key }: Given, random: Random): Promise<Given['answer']> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const init = { method: 'POST', body: JSON.stringify(body), headers };
    return this.fetched(random.pick(this.victims.urls[service]), who, { path, init });
  }

  /** Undefined: no answer, or one that says to come again. */
  private async fetched<B>(
    url: string,
    who: string,
    { path, init = {} }: { path: string; init?: RequestInit },
  ): Promise<Told<B> | undefined> {
    try {
      const response = await fetch(url + path, {
        ...{ ...init, signal: AbortSignal.timeout(patience) },
        headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${await this.token(who)}` },
      });
      const { status } = response;
      const body = (await response.json()) as B;
      if (status === 500) this.noticed.push(`${init.method ?? 'GET'} ${path} was answered 500`);
      return [429, 500, 503, 504].includes(status) ? undefined : { status, body };
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

/** Work was interrupted: the campaign is over. */
export class Stopped extends Error {}
