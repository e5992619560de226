import pg from 'pg';
import { type Accepted, type Newsroom, openNewsroom, type Person } from '../newsroom.ts';

type Sender = 'drafting' | 'publication';
/** A running system with people at work in it, and what they do again and again. */
export interface Desk {
  readonly newsroom: Newsroom;
  readonly admin: pg.Client;
  readonly reporter: Person;
  readonly editor: Person;
  readonly duty: Person;
  readonly chief: Person;
  readonly moderator: Person;
  readonly site: Person;
  /** A story of one paragraph (`p1`) and an image (`i1`), approved in version 1. */
  readonly approved: () => Promise<Accepted>;
  readonly published: () => Promise<Accepted>;
  /** The next version, with the paragraph in other words, approved. */
  readonly approvedAgain: (id: string, html?: string) => Promise<Accepted>;
  readonly comment: (articleId: string, more?: object) => Promise<Accepted>;
  readonly stateOf: (service: Sender, id: string) => Promise<unknown>;
  /** Types of the events of a stream, in order. */
  readonly eventsOf: (service: Sender | 'moderation', stream: string) => Promise<string[]>;
  /** What this service says reaches nobody until it is let go: somebody else holds the lease of its relay. */
  readonly hold: (service: Sender) => Promise<void>;
  readonly letGo: (service: Sender) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const story = {
  ...{ desk: 'city', kind: 'story', fields: { slugline: 'bridge', headline: 'Bridge opens', byline: ['R. Iqbal'] } },
  blocks: [
    { id: 'p1', kind: 'paragraph', html: 'It is open.' },
    {
      ...{ id: 'i1', kind: 'image', html: 'Cars <em>cross</em> it.' },
      image: {
        ...{ href: 'https://pictures.example/bridge.jpg', alt: 'A row of cars on a bridge', credit: 'R. Iqbal' },
        ...{ rights: 'Ours, for any use.', width: 1600, height: 900 },
      },
    },
  ],
};
export const article = (id: string, command: string) => `/articles/${id}/${command}`;
export const publication = (id: string, command: string) => `/publications/${id}/${command}`;

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('It did not come to pass.');
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function openDesk(...where: Parameters<typeof openNewsroom>): Promise<Desk> {
  const newsroom = await openNewsroom(...where);
  const admin = new pg.Client({ connectionString: newsroom.stack.adminUrl });
  await admin.connect();
  const [reporter, editor] = [newsroom.as('reporter', 'rana'), newsroom.as('editor', 'edna')];
  const [duty, site] = [newsroom.as('duty-editor', 'dora'), newsroom.as('site')];

  async function approved() {
    const { id } = await reporter.command('drafting', '/articles', story);
    await reporter.command('drafting', article(id, 'submit'));
    await editor.command('drafting', article(id, 'claim'));
    return editor.command('drafting', article(id, 'approve'), { version: 1 });
  }
  return {
    ...{ newsroom, admin, reporter, editor, duty, site, approved },
    chief: newsroom.as('chief', 'carl'),
    moderator: newsroom.as('moderator', 'mo'),
    async published() {
      const { id, position } = await approved();
      return duty.command('publication', publication(id, 'publish'), { version: 1, after: position });
    },
    async approvedAgain(id, html = 'It is open again.') {
      await editor.command('drafting', article(id, 'open-next-version'));
      const at = async () => (await editor.get('drafting', `/articles/${id}`)).body.version;
      const put = [{ id: 'p1', kind: 'paragraph', html }];
      await reporter.command('drafting', article(id, 'revise'), { base: await at(), put });
      const version = await at();
      return editor.command('drafting', article(id, 'approve'), { version });
    },
    async comment(articleId, more = {}) {
      const body = { articleId, reader: { id: 'leo', name: 'Leo' }, text: 'Good to hear.', articleVersion: 1, ...more };
      for (;;) {
        const { status, body: answer } = await site.post('moderation', '/comments', body);
        if (status === 201) return answer as unknown as Accepted;
        if (status !== 503) throw new Error(`The comment was answered ${status}: ${JSON.stringify(answer)}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    async stateOf(service, id) {
      const path = service === 'drafting' ? `/articles/${id}` : `/publications/${id}`;
      return (await editor.get(service, path)).body.state;
    },
    async eventsOf(service, stream) {
      const sql = `select type from ${service}.event where stream = $1 order by version`;
      return (await admin.query<{ type: string }>(sql, [stream])).rows.map(({ type }) => type);
    },
    async hold(service) {
      await admin.query(
        `update ${service}.relay_lease set holder = 'a test', epoch = epoch + 1, expires_at = now() + interval '1 hour'`,
      );
      // A relay looks at its lease every quarter of its ten seconds, and when it loses the connection that wakes it.
      const wakes = `query ilike 'listen stet_${service}' and usename = 'stet_${service}' and datname = current_database()`;
      await until(async () => {
        const sql = `select pg_terminate_backend(pid) from pg_stat_activity where ${wakes}`;
        return (await admin.query(sql)).rowCount === 0;
      });
    },
    async letGo(service) {
      await admin.query(`update ${service}.relay_lease set holder = null, expires_at = '-infinity'`);
    },
    async close() {
      await admin.end();
      await newsroom.close();
    },
  };
}
