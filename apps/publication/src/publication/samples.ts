import type { Block, Content, PublicationEvent } from '#contracts';
import type { Actor } from '#decider';
import { reaction } from './reactions.ts';

/** People, texts and events that the tests of publications speak of. */
export const id = '01890000-0000-7000-8000-000000000001';
export const correctionId = '01890000-0000-7000-8000-0000000000c1';
const somebody = (name: string, role: string, ...desks: string[]): Actor => ({ id: name, name, roles: [role], desks });
export const duty = somebody('dora', 'duty-editor');
export const editor = somebody('edna', 'editor', 'city');
export const otherDesk = somebody('olga', 'editor', 'sport');
export const chief = somebody('carl', 'chief');
export const lawyer = somebody('lea', 'legal');
export const reporter = somebody('rana', 'reporter');
export const machine = somebody('machine', reaction);
export const now = '2026-01-01T23:59:59.999999Z';
export const position = 'p';

export const paragraph = (block: string, html: string): Block => ({
  ...{ id: block, kind: 'paragraph', html },
  attributions: [],
});
export const content: Content = {
  ...{ slugline: 'bridge-reopens', headline: 'Bridge reopens', standfirst: 'After ten years.' },
  ...{ byline: ['Rana Iqbal'], dateline: 'HARBOUR', section: 'city', language: 'en', urgency: 4, keywords: ['bridge'] },
  blocks: [paragraph('p1', 'The bridge is open.'), paragraph('p2', 'Traffic flows.')],
};
/** The sample text with one block in other words. */
export const reworded = (block: string, html: string, text = content): Content => ({
  ...text,
  blocks: text.blocks.map((old) => (old.id === block ? paragraph(block, html) : old)),
});

export const by = ({ id: person, name }: Actor) => ({ articleId: id, by: { id: person, name } });
export const ask = <T extends string, D>(type: T, data: D, actor: Actor) => ({
  ...{ type, data, actor, now },
  id: '01890000-0000-7000-8000-00000000c0de',
});

type Told<T> = Extract<PublicationEvent, { type: T }>['data'];
export const told = <T extends PublicationEvent['type'], D extends Omit<Told<T>, 'articleId' | 'by'>>(
  type: T,
  actor: Actor,
  data: D,
) => ({ type, data: { ...by(actor), ...data } });

const cleared = (version: number, text: Content) => ({ version, desk: 'city', kind: 'story', content: text });
const edition = { paper: 'The Harbour Post', date: '2026-01-01' };
export const path = '/city/bridge-reopens-000000000001';
/** What happens to most stories. */
export const events = {
  opened: told('PublicationOpened', editor, { ...cleared(1, content), position }),
  waiting: (version: number, text: Content) => told('VersionWaiting', editor, { ...cleared(version, text), position }),
  renewed: (version: number, text: Content) =>
    told('ClearanceRenewed', editor, { ...cleared(version, text), position }),
  taken: (version: number, text: Content) => told('VersionTaken', duty, cleared(version, text)),
  ready: (text: Content, of = correctionId) =>
    told('CorrectionReady', editor, { correctionId: of, base: 1, content: text, position }),
  published: told('ArticlePublished', duty, {
    ...{ version: 1, content, path, edition, firstAt: now },
    ...{ item: 1, at: now },
  }),
  scheduled: (number = 1, due = '2026-01-02T06:00:00.000000Z') =>
    told('PublicationScheduled', duty, {
      ...{ version: 1, schedule: number, due, zone: 'Europe/Berlin', late: 'ask' },
      edition: { paper: 'The Harbour Post', date: '2026-01-02' },
    }),
  updateScheduled: (number = 1, version = 2, more: object = {}) =>
    told('UpdateScheduled', duty, {
      ...{ version, schedule: number, due: '2026-01-02T06:00:00.000000Z', zone: 'Europe/Berlin', late: 'ask' },
      ...{ nothingWasWrong: true, ...more },
    }),
  unpublished: (item: number) => told('ArticleUnpublished', duty, { reason: 'Rights.', item, at: now }),
  held: (item: number, state: 'held' | 'kill-asked' = 'held', actor = duty) =>
    told('ArticleHeld', actor, { reason: 'In doubt.', state, item, at: now }),
  released: (item: number) => told('HoldReleased', duty, { reason: 'It is right.', item, at: now }),
  stopped: told('PublicationStopped', editor, { version: 1, why: 'Wrong.', stops: 1, from: 'publication' }),
  killAsked: (item: number, actor = editor) =>
    told('KillAsked', actor, {
      ...{ reason: 'Untrue.', byChiefOrLegal: actor !== editor && actor !== duty },
      ...{ item, at: now },
    }),
  killDeclined: (state: string, item: number) =>
    told('KillDeclined', chief, { reason: 'It is true.', state, item, at: now }),
  killed: (item: number) =>
    told('ArticleKilled', chief, { reason: 'Untrue.', askedBy: { id: 'edna', name: 'edna' }, item, at: now }),
};
/** What drafting sends. */
export const heard = {
  approval: (version: number, text = content, knownStops = 0) =>
    ask('receive-approval', { ...by(editor), position, ...cleared(version, text), knownStops }, machine),
  stop: (version = 1, more: object = {}) =>
    ask('receive-stop', { ...by(editor), position, version, why: 'Wrong.', ...more }, machine),
  correction: (text: Content, ancestor = content, of = correctionId) =>
    ask(
      'receive-correction',
      { ...by(editor), position, correctionId: of, base: 1, version: 2, content: text, ancestor },
      machine,
    ),
};
export const publish = (version = 1, edition: object = {}) =>
  ask('publish', { version, paper: 'The Harbour Post', edition }, duty);
/** What a timer asks for, under the number that it was set with. */
export const dueAt = (at: string, number = 1) => ({
  ...ask('come-due', { schedule: number }, { ...machine, roles: ['timer'] }),
  now: at,
});
export const schedule = (more: object = {}) =>
  ask(
    'schedule',
    {
      ...{
        version: 1,
        due: '2026-01-02T06:00:00.000000Z',
        day: '2026-01-02',
        zone: 'Europe/Berlin',
        late: 'ask' as const,
        paper: 'The Harbour Post',
      },
      ...more,
    },
    duty,
  );
