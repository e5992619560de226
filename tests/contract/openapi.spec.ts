import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { type Alone, openAlone, type Reply } from '../services/alone.ts';
import { ApiDocument, type Operation } from './api-document.ts';
import { tellDrafting } from './drafting.story.ts';
import { lintFaults } from './lint.ts';

let drafting: Alone;
let api: ApiDocument;
beforeAll(async () => {
  drafting = await openAlone({ name: 'drafting', module: DraftingModule });
  api = await ApiDocument.of(drafting.url);
});
afterAll(() => drafting.close());

const played = new Set<string>();
const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

function told(operation: Operation, reply: Reply): Reply['body'] {
  expect([nameOf(operation), reply.status < 300 ? 'taken' : reply.body]).toEqual([nameOf(operation), 'taken']);
  expect(api.answerFaults(operation, reply)).toEqual([]);
  played.add(nameOf(operation));
  return reply.body;
}
async function play(who: string, address: string, change?: object) {
  const operation = api.operation('post', address);
  return told(operation, await drafting.call(who, address, { ...(api.bodyExample(operation) as object), ...change }));
}
async function look(who: string, address: string) {
  return told(api.operation('get', address), await drafting.call(who, address));
}

test('the document is well formed, by rules that are not ours', async () => {
  expect(await lintFaults(drafting.url)).toEqual([]);
});

test('every operation shows what it takes and what it answers, as its schemas say', () => {
  expect(api.operations.length).toBeGreaterThan(10);
  expect(api.operations.flatMap((operation) => api.exampleFaults(operation))).toEqual([]);
});

test('a story told in the examples is taken, each answer is as documented, and no operation is left out', async () => {
  await tellDrafting(drafting, { play, look });
  expect(api.operations.map(nameOf).filter((name) => !played.has(name))).toEqual([]);
});

test('every refusal of it is as documented', async () => {
  const { id } = (await play('reporter', '/articles')) as { id: string };
  const article = `/articles/${id}`;
  const refused = [
    await drafting.call('reporter', `${article}/recall`, {}),
    await drafting.call('auditor', `${article}/submit`, {}),
    await drafting.call('reporter', `${article}/revise`, { base: 0, extra: 1 }),
    await drafting.call('reporter', `${article}/revise`, { base: 9 }),
    await drafting.call('reporter', `${article}/submit`, {}, { 'if-match': '"9"' }),
    await drafting.call('reporter', `/articles/${id.replace(/^./, 'z')}/submit`, {}),
  ];
  const statuses = [409, 403, 400, 422, 412, 400];
  expect(refused.map(({ status }) => status)).toEqual(statuses);
  const commands = ['recall', 'submit', 'revise', 'revise', 'submit', 'submit'];
  const faults = refused.flatMap((reply, at) =>
    api.answerFaults(api.operation('post', `${article}/${commands[at] ?? ''}`), reply),
  );
  expect(faults).toEqual([]);
});
