import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Alone, openAlone, type Reply } from '../services/alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { lintFaults } from './lint.ts';
import { tellOperations } from './operations.story.ts';
import { stories } from './stories.ts';
import type { Teller } from './teller.ts';

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

describe.each(stories)('the OpenAPI document of $name', ({ tell, ...parts }) => {
  let service: Alone;
  let api: ApiDocument;
  beforeAll(async () => {
    service = await openAlone(parts);
    api = await ApiDocument.of(service.url);
  });
  afterAll(() => service.close());

  test('is well formed, by rules that are not ours', async () => {
    expect(await lintFaults(service.url)).toEqual([]);
  });

  test('shows for every operation what it takes and what it answers, as its schemas say', () => {
    expect(api.operations.length).toBeGreaterThan(5);
    expect(api.operations.flatMap((operation) => api.exampleFaults(operation))).toEqual([]);
  });

  test('holds: a story in its examples is taken, answered as documented, and leaves no operation out', async () => {
    const played = new Set<string>();
    function told(operation: Operation, reply: Reply): Reply['body'] {
      expect([nameOf(operation), reply.status < 300 ? 'taken' : reply.body]).toEqual([nameOf(operation), 'taken']);
      expect(api.answerFaults(operation, reply)).toEqual([]);
      played.add(nameOf(operation));
      return reply.body;
    }
    const teller: Teller = {
      async play(who, address, change) {
        const operation = api.operation('post', address);
        const body = { ...(api.bodyExample(operation) as object), ...change };
        return told(operation, await service.call(who, address, body));
      },
      look: async (who, address) => told(api.operation('get', address), await service.call(who, address)),
    };
    await tell(service, teller);
    await tellOperations(service, teller);
    expect(api.operations.map(nameOf).filter((one) => !played.has(one))).toEqual([]);
  });
});
