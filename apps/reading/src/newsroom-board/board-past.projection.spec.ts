import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { content, events, told, duty, id } from '../samples.ts';
import { boardPast } from './board-past.projection.ts';

let past: Projecting;
beforeAll(async () => {
  past = await projecting(boardPast);
});
afterAll(() => past.close());

const ready = { by: duty, correctionId: id(5), base: 1, content: content(), position: 'p' };
const all = [
  ...[events.started(), events.opened(1), events.claimed(), events.revised(2, content({ headline: 'Shut' }))],
  ...[told('CorrectionReady', ready), told('CorrectionReady', ready)],
];
const [began, opened, claimed, revised, one, two] = all.map(({ time }) => time.replace('Z', '+00:00'));
const draft = { desk: 'city', headline: 'Bridge opens', state: 'draft', spiked: false };
const out = { publication_state: 'cleared', pinned_version: 1 };
const edited = { state: 'editing', editor_id: 'e' };
const shut = { ...edited, ...out, headline: 'Shut', version: 2 };
const moments = [
  { service: 'drafting', happened_at: began, until: opened, lasted: 0, ...draft, publication_state: null },
  { service: 'drafting', happened_at: claimed, until: revised, ...draft, ...edited, ...out },
  { service: 'drafting', happened_at: revised, until: one, ...shut, corrections_waiting: 0 },
  { service: 'publication', happened_at: opened, until: claimed, ...draft, ...out },
  { service: 'publication', happened_at: one, until: two, ...shut, corrections_waiting: 1 },
  { service: 'publication', happened_at: two, until: 'infinity', lasted: 34, ...shut, corrections_waiting: 2 },
];

test('each event goes on from the one before it, of whichever topic, and ends it', async () => {
  await past.given(...all).then({ newsroom_board_moment: moments });
});

test('it is the same when one topic is far ahead of the other', async () => {
  const first = (topic: string) => all.toSorted((a, b) => Number(b.topic === topic) - Number(a.topic === topic));
  await past.given(...first('publication')).then({ newsroom_board_moment: moments });
  await past.given(...first('drafting')).then({ newsroom_board_moment: moments });
});

test('and when both are written at once', async () => {
  const of = (topic: string) => all.filter((event) => event.topic === topic);
  expect(await past.beside(of('drafting'), of('publication'))).toMatchObject({ newsroom_board_moment: moments });
});
