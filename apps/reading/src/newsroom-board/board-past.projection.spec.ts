import { afterAll, beforeAll, test } from '@jest/globals';
import { type Projecting, projecting } from '#testing';
import { content, events, told, duty, id } from '../samples.ts';
import { boardPast } from './board-past.projection.ts';

let past: Projecting;
beforeAll(async () => {
  past = await projecting(boardPast);
});
afterAll(() => past.close());

test('each event of a topic goes on from the one before it of that topic, and ends it', async () => {
  const ready = { by: duty, correctionId: id(5), base: 1, content: content(), position: 'p' };
  const all = [
    ...[events.started(), events.opened(1), events.claimed(), events.revised(2, content({ headline: 'Shut' }))],
    ...[told('CorrectionReady', ready), told('CorrectionReady', ready)],
  ];
  const [began, opened, claimed, revised, one, two] = all.map(({ time }) => time.replace('Z', '+00:00'));
  const draft = { desk: 'city', headline: 'Bridge opens' };
  await past.given(...all).then({
    newsroom_board_moment: [
      { service: 'drafting', happened_at: began, until: claimed, was: { ...draft, state: 'draft' } },
      { happened_at: claimed, until: revised, was: { ...draft, state: 'editing', editor_id: 'e' } },
      { happened_at: revised, until: 'infinity', was: { state: 'editing', headline: 'Shut', version: 2 } },
      { service: 'publication', happened_at: opened, until: one, was: { publication_state: 'cleared' } },
      { until: two, was: { publication_state: 'cleared', corrections_waiting: 1 } },
      { until: 'infinity', was: { publication_state: 'cleared', corrections_waiting: 2 } },
    ],
  });
});
