import { randomUUID } from 'node:crypto';
import { type Figure, held, inTurns, type Scale } from './figures.ts';
import { rate, type Target } from './load.ts';
import type { System } from './system.ts';

export interface Accepted {
  readonly id: string;
  readonly position: string;
}
export const story = JSON.stringify({
  ...{ desk: 'city', kind: 'story', fields: { slugline: 'bench', headline: 'A bench', byline: ['R. Porter'] } },
  blocks: Array.from({ length: 10 }, (_, at) => ({
    ...{ id: `p${at}`, kind: 'paragraph' },
    html: 'A paragraph, of about the length that paragraphs have in the news. '.repeat(4),
  })),
});
/** A command under a key of its own. */
export async function command(target: Target, path: string, body: string): Promise<Accepted> {
  const answered = await target.send(path, body, { 'idempotency-key': randomUUID() });
  return JSON.parse(answered.body) as Accepted;
}

/** What an article goes through until readers have it. Whoever publishes names the approval, as they have to. */
export async function life(system: System): Promise<{ live: () => Promise<number>; close: () => void }> {
  const [reporter, editor] = [await system.as('reporter', 'drafting'), await system.as('editor', 'drafting')];
  const duty = await system.as('duty-editor', 'publication');
  const live = async () => {
    const { id } = await command(reporter, '/articles', story);
    await command(reporter, `/articles/${id}/submit`, '{}');
    await command(editor, `/articles/${id}/claim`, '{}');
    const { position: after } = await command(editor, `/articles/${id}/approve`, '{"version":1}');
    await command(duty, `/publications/${id}/publish`, JSON.stringify({ version: 1, after }));
    return 5;
  };
  const close = () => {
    for (const target of [reporter, editor, duty]) target.close();
  };
  return { live, close };
}

/** Whole lives at 50 clients, each request counted, beside a bare route that inserts the body of each. */
export async function commands(system: System, scale: Scale): Promise<Figure[]> {
  const { live, close } = await life(system);
  const after = { version: 1, after: Buffer.alloc(60).toString('base64url') };
  const bodies = [story, '{}', '{}', '{"version":1}', JSON.stringify(after)];
  const bare = async () => {
    for (const body of bodies) await system.bare.insert.send('/insert', body);
    return bodies.length;
  };
  const measured = await inTurns(scale, {
    bare: () => rate(50, scale.seconds, bare),
    own: () => rate(50, scale.seconds, live),
  });
  close();
  const name = 'commands over HTTP, 50 clients, create … publish; beside a bare route with one INSERT';
  return [{ name, unit: '/s', ...held(measured.own, measured.bare), aims: { ratio: { least: 0.8 } } }];
}
