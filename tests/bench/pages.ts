import { command } from './commands.ts';
import { type Figure, held, inTurns, type Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { each, rate, type Target } from './load.ts';
import { approve } from './seeding.ts';
import type { System } from './system.ts';

/** A page of comments, as the service is asked for it; and where it begins, as its SQL is. */
interface PageOfThread {
  readonly path: string;
  readonly place: string;
}

/** Comments that stand, by as many readers. */
export async function comment(system: System, articleId: string, count: number): Promise<void> {
  const [site, moderator] = [await system.as('site', 'moderation'), await system.as('moderator', 'moderation')];
  await each(50, Array(count).keys(), async (at) => {
    const body = { articleId, reader: { id: `r${at}`, name: 'R. Eader' }, articleVersion: 1 };
    const text = `Comment number ${at}: of some length, as they are, and in words of its own.`;
    const { id } = await command(site, '/comments', JSON.stringify({ ...body, text }));
    await command(moderator, `/comments/${id}/approve`, '{"revision":1}');
  });
  site.close();
  moderator.close();
}

export async function publish(system: System, ids: readonly string[]): Promise<void> {
  await untilLevel(system);
  const duty = await system.as('duty-editor', 'publication');
  await each(50, ids, (id) => command(duty, `/publications/${id}/publish`, '{"version":1}'));
  duty.close();
  await untilLevel(system);
}

/** All pages of a thread, by following the links. */
async function pagesOf(site: Target, id: string): Promise<PageOfThread[]> {
  const found: PageOfThread[] = [];
  let next: PageOfThread | undefined = { path: `/articles/${id}/page`, place: '0' };
  while (next) {
    found.push(next);
    const { headers } = await site.send(next.path);
    const cursor: string | undefined = /[?&]cursor=([^&>]+)/.exec(String(headers.link))?.[1];
    const [place = ''] =
      cursor === undefined ? [] : (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[]);
    next = cursor === undefined ? undefined : { path: `/articles/${id}/page?cursor=${cursor}`, place };
  }
  return found;
}

/** At 50 clients, each beside a bare node:http route with the very SQL. */
export async function pages(system: System, scale: Scale, told: (soFar: string) => void): Promise<Figure[]> {
  told('writing articles and comments');
  const articles = await approve(await system.log('drafting'), Math.ceil(1000 * scale.share));
  const [plain = '', hot = ''] = articles;
  const comments = Math.ceil(3656 * scale.share);
  await publish(system, [plain, hot]);
  await comment(system, plain, 50);
  await comment(system, hot, comments);
  await untilLevel(system, told);
  const [site, editor] = [await system.as('site', 'reading'), await system.as('editor', 'reading')];
  const thread = await pagesOf(site, hot);
  told('measuring');
  const asking = (ask: (turn: number) => Promise<unknown>) => () =>
    rate(50, scale.seconds, async (worker, turn) => {
      await ask(worker + turn);
      return 1;
    });
  const inThread = (ask: (page: PageOfThread) => Promise<unknown>) =>
    asking((turn) => ask(thread[turn % thread.length] ?? { path: '', place: '' }));
  const { select } = system.bare;
  const measured = await inTurns(scale, {
    page: asking(() => site.send(`/articles/${plain}/page`)),
    barePage: asking(() => select.send(`/page/${plain}/0`)),
    thread: inThread(({ path }) => site.send(path)),
    bareThread: inThread(({ place }) => select.send(`/page/${hot}/${place}`)),
    board: asking(() => editor.send('/board')),
    bareBoard: asking(() => select.send('/board')),
  });
  site.close();
  editor.close();
  const row = (name: string, figures: ReturnType<typeof held>): Figure => ({
    ...{ name: `${name}; beside node:http with the same SQL`, unit: '/s', ...figures, aims: { ratio: { least: 0.7 } } },
  });
  return [
    row('article page, with 50 comments', held(measured.page, measured.barePage)),
    row(
      `hot thread of ${comments.toLocaleString('en')} comments, in pages of 50`,
      held(measured.thread, measured.bareThread),
    ),
    row(`board of ${articles.length.toLocaleString('en')} articles`, held(measured.board, measured.bareBoard)),
  ];
}
