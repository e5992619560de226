import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inOrder, type Projecting, projecting } from '#testing';
import { Rows } from './projection.ts';
import { stories } from './samples.ts';

let model: Projecting;
beforeAll(async () => {
  model = await projecting(stories);
});
afterAll(() => model.close());

describe('a projection', () => {
  test('says which columns of which rows change, and the rest stays as it was', async () => {
    await model
      .given(
        ...inOrder([
          { type: 'Commented', key: 'a', topic: 'moderation' },
          { type: 'Saved', key: 'a', data: { desk: 'city', headline: 'one' } },
          { type: 'Approved', key: 'a' },
          { type: 'Commented', key: 'a', topic: 'moderation' },
          { type: 'Saved', key: 'b', data: { desk: 'city', headline: 'two' } },
          { type: 'Saved', key: 'a', data: { desk: 'world', headline: 'three' } },
          { type: 'NobodyFoldsThis', key: 'a' },
        ]),
      )
      .then({
        story: [
          { id: 'a', headline: 'three', state: 'approved', comments: 2, updated: '2026-03-01T08:00:00+00:00' },
          { id: 'b', headline: 'two', state: null, comments: null },
        ],
        desk: [
          { name: 'city', saves: 2 },
          { name: 'world', saves: 1 },
        ],
      });
  });

  test('may name a row by any of its columns first', async () => {
    await model.given(...inOrder([{ type: 'Approved', key: 'x' }])).then({ story: [{ id: 'x', comments: null }] });
  });

  test('writes no table that it does not own', () => {
    expect(() => {
      new Rows(stories).set('user', { id: 'a' }, {});
    }).toThrow('stories owns no table user');
  });
});
