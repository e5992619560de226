import { expect, test } from '@jest/globals';
import { atEachStep, campaign, storyOf } from './campaign.ts';
import { steps } from './steps.ts';

test('people lose nothing and are told nothing that is not so, at whichever step a process dies', async () => {
  const outcome = await campaign({ seed: 1, siege: atEachStep, clients: 2, restMs: 300, say: () => undefined });
  expect(storyOf(outcome)).toContain('nothing lost, doubled, reordered or invented');
  expect(outcome.struck).toHaveLength(Object.keys(steps).length);
  expect(outcome.leftOut).toEqual([]);
}, 600_000);
