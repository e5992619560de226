import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from '../stack/trouble.ts';
import { pageLines } from './reading.ts';
import type { Approved } from './drafting.ts';
import type { Person } from './person.ts';
import type { Scene } from './scene.ts';
import { excerpt } from './telling.ts';

// Half a minute together.
const mostTries = 300;
const pauseMs = 100;

const addition = ' [A sentence was missing here.]';
const note = 'The last paragraph lacked a sentence.';

/** A correction in a line of its own: written by the editor, read and approved by the chief, sent out by the duty editor. */
export async function correct(scene: Scene, article: Approved): Promise<string> {
  const { editor, chief, dutyEditor } = scene.cast;
  const { chapter, tell } = scene.teller;
  const { articleId } = article;
  chapter('Something was missing: a correction');
  const last = article.blocks.at(-1);
  if (!last) throw new Trouble('A page without a body has nothing to correct.');
  await heardOf(editor, articleId);
  const opened = await editor.command('drafting', '/corrections', { articleId });
  const path = `/corrections/${opened.id}`;
  tell(editor.called, 'opens a correction of what is out', opened.state);
  await editor.command('drafting', `${path}/revise`, { base: 1, put: [{ ...last, html: `${last.html}${addition}` }] });
  tell(editor.called, `adds to ${last.id}:${addition}`, 'version 2');
  await chief.command('drafting', `${path}/read-back`, { version: 2, blocks: [last.id] });
  tell(chief.called, `reads ${last.id} back`);
  if (article.blocks.some(({ attributions }) => attributions.some(({ terms }) => terms === 'anonymous'))) {
    const check = { version: 2, answer: 'public-mention', correctionId: opened.id };
    await editor.command('drafting', `/articles/${articleId}/source-check`, check);
    tell(editor.called, 'answers that it does not give away who is not named');
  }
  const approved = await chief.command('drafting', `${path}/approve`, { version: 2 });
  tell(chief.called, 'approves it', approved.state);
  const sent = await dutyEditor.command('publication', `/publications/${articleId}/correct`, {
    ...{ correctionId: opened.id, note, after: approved.position },
  });
  tell(dutyEditor.called, `sends it out, with a note to readers: ${note}`, sent.state);
  await showCorrected(scene, articleId, sent.position);
  return sent.position;
}

/** Drafting learns from Kafka that it is out; what is not out cannot be corrected. It has had all the time of the comments for that. */
async function heardOf(editor: Person, articleId: string): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const { body } = await editor.ask('drafting', `/articles/${articleId}`);
    if ((body.publication as { state: string }).state === 'published') return;
    await sleep(pauseMs);
  }
  throw new Trouble('Drafting has not heard that the article is out.');
}

async function showCorrected(scene: Scene, articleId: string, after: string): Promise<void> {
  const { tell, show } = scene.teller;
  const lines = await pageLines(scene, articleId, after);
  const place = lines.findIndex((line) => line.endsWith(addition));
  const noted = lines.find((line) => line.startsWith('Correction') && line.includes(note));
  if (place < 0 || noted === undefined) throw new Trouble('The page does not show the correction.');
  tell('the page', 'shows it at once:');
  show(`line ${place + 1}:  ${excerpt(lines[place] ?? '', 'end')}`, noted);
}
