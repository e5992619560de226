import type { ArticleEvent, Block, Content, PublicationEvent } from '#contracts';
import type { Actor } from '#decider';
import { person } from './editing.ts';
import { hear, type HeardType } from './heard.ts';
import { reaction } from './reactions.ts';

/** People, texts and events that the tests of articles and corrections speak of. */
export const id = '01890000-0000-7000-8000-000000000001';
const somebody = (name: string, role: string, ...desks: string[]): Actor => ({ id: name, name, roles: [role], desks });
export const reporter = somebody('rana', 'reporter');
export const editor = somebody('edna', 'editor', 'city');
export const second = somebody('emil', 'editor', 'city');
export const otherDesk = somebody('olga', 'editor', 'sport');
export const chief = somebody('carl', 'chief');
export const lawyer = somebody('lea', 'legal');
export const duty = somebody('dora', 'duty-editor');
export const machine = somebody('machine', reaction);
export const timer = somebody('timer', 'timer');

export const paragraph = (block: string, html: string): Block => ({
  id: block,
  kind: 'paragraph',
  html,
  attributions: [],
});
/** An image of which all is said. */
export const picture: Block = {
  ...paragraph('i1', 'Cars cross the bridge.'),
  kind: 'image',
  image: {
    ...{ href: 'https://pictures.example/bridge.jpg', alt: 'A row of cars', credit: 'Rana Iqbal', rights: 'Ours.' },
    ...{ width: 1600, height: 900 },
  },
};
export const content: Content = {
  slugline: 'bridge-reopens',
  headline: 'Bridge reopens',
  standfirst: '',
  byline: ['Rana Iqbal'],
  dateline: 'HARBOUR',
  section: 'city',
  language: 'en',
  urgency: 4,
  keywords: ['bridge'],
  blocks: [paragraph('p1', 'The bridge is open.'), paragraph('p2', 'Traffic flows.')],
};

export const by = (actor: Actor) => ({ articleId: id, by: person(actor) });
export const ask = <T extends string, D>(type: T, data: D, actor: Actor) => ({
  ...{ type, data, actor },
  now: '2026-01-01T00:00:00.000000Z',
  id: '01890000-0000-7000-8000-00000000c0de',
});

type Told<T> = Extract<ArticleEvent, { type: T }>['data'];
export const told = <T extends ArticleEvent['type'], D extends Omit<Told<T>, 'articleId' | 'by'>>(
  type: T,
  actor: Actor,
  data: D,
) => ({
  type,
  data: { ...by(actor), ...data },
});
const start = { articleId: id, desk: 'city', kind: 'story', content } as const;
export const flow = {
  start,
  started: told('ArticleStarted', reporter, { desk: 'city', kind: 'story', version: 1, content }),
  submitted: told('ArticleSubmitted', reporter, { version: 1 }),
  claimed: told('ArticleClaimed', editor, { reason: '' }),
  approved: told('ArticleApproved', editor, { version: 1, desk: 'city', kind: 'story', content, knownStops: 0 }),
  /** The sample text with one block in other words. */
  revised: (block: string, html: string, version = 2, actor = editor) =>
    told('ArticleRevised', actor, {
      ...{ version, base: version - 1, changed: [block] },
      content: { ...content, blocks: content.blocks.map((old) => (old.id === block ? paragraph(block, html) : old)) },
    }),
};
export const recorded = (event: string, state: string, rest: Partial<Told<'PublicationRecorded'>> = {}) =>
  told('PublicationRecorded', duty, { event, state, version: 0, stops: 0, position: 'p', ...rest });
/** What drafting is told when publication has done this. */
export const heard = <T extends HeardType>(
  type: T,
  data: Omit<Extract<PublicationEvent, { type: T }>['data'], 'articleId' | 'by'>,
) => ask('record-publication', { ...hear(type, { ...by(duty), ...data }), position: 'p' }, machine);
