import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { events, id, plans, told } from '../../apps/reading/src/samples.ts';
import { type Heard, listen } from './listening.ts';
import { allOf, itemsOf, newArticle, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

describe('notifications', () => {
  const at = '2026-03-01T10:00:00.000000Z';
  const kindsOf = async (after: string, role: string, query = '') =>
    itemsOf(await reading.after(after, role, `/notifications${query}`)).map(({ kind, by }) => [
      kind,
      (by as { id: string }).id,
    ]);
  const person = (name: string) => ({ by: { id: name, name } });

  test('tell each what was said to them and what became of their work, not what they did themselves', async () => {
    const one = newArticle();
    const [carol, dan] = [person('chief'), person('duty-editor')];
    const after = await reading.send(
      events.started({ ...one, ...person('reporter') }),
      events.claimed({ ...one, ...person('editor') }),
      events.claimed({ ...one, ...carol }),
      told('NoteAdded', {
        ...{
          ...one,
          ...carol,
          noteId: one.articleId,
          at,
          note: 'Look!',
          blocking: false,
          mentions: ['duty-editor', 'chief'],
        },
      }),
      told('LegalCheckRequested', { ...one, ...carol, at, reason: 'She may sue.' }),
      told('ArticleReturned', { ...one, ...dan, note: 'Why?' }),
      events.claimed({ ...one, ...person('editor') }),
      told('ArticleSpiked', { ...one, ...dan, reason: 'Not ours.' }),
    );
    expect(await kindsOf(after, 'reporter')).toEqual([
      ...[
        ['spiked', 'duty-editor'],
        ['claimed', 'editor'],
        ['returned', 'duty-editor'],
      ],
      ...[
        ['claimed', 'chief'],
        ['claimed', 'editor'],
      ],
    ]);
    // Who had it in hand when something happened is told, and nobody who has it before or after.
    expect(await kindsOf(after, 'editor')).toEqual([
      ['spiked', 'duty-editor'],
      ['claimed', 'chief'],
    ]);
    expect(await kindsOf(after, 'chief')).toEqual([['returned', 'duty-editor']]);
    expect(await kindsOf(after, 'duty-editor')).toEqual([['mentioned', 'chief']]);
    expect(await kindsOf(after, 'legal')).toEqual([['legal-check-asked', 'chief']]);
    expect(await kindsOf(after, 'reporter', '?kind=returned')).toEqual([['returned', 'duty-editor']]);
    const [mention] = itemsOf(await reading.call('duty-editor', '/notifications'));
    expect(mention).toMatchObject({ said: 'Look!', headline: 'Bridge opens', about: { block: null }, seen: false });
  });

  test('tell all who write an article, and of coverages whoever is asked and whoever has asked', async () => {
    const one = newArticle();
    const { by: to } = person('duty-editor');
    const after = await reading.send(
      events.started({ ...one, ...person('reporter') }),
      told('ArticleAssigned', { ...one, ...person('chief'), to }),
      told('ArticleReturned', { ...one, ...person('chief'), note: 'Why?' }),
      told('CoWriterAdded', { ...one, ...person('chief'), writer: person('legal').by }),
      told('DeadlineMissed', { ...one, ...person('timer'), deadline: at }),
      told('ArticleUnassigned', { ...one, ...person('chief') }),
      told('ArticleReturned', { ...one, ...person('chief'), note: 'Again?' }),
      plans.told('CoverageAssigned', { ...person('chief'), to }),
      plans.told('CoverageDeclined', { ...person('duty-editor'), reason: 'Ill.' }),
    );
    const latest = async (role: string, limit: number) =>
      (await kindsOf(after, role, `?limit=${limit}`)).map(([kind]) => kind);
    const assigned = ['coverage-assigned', 'unassigned', 'deadline-missed', 'returned', 'assigned'];
    expect(await latest('duty-editor', 5)).toEqual(assigned);
    expect(await latest('legal', 3)).toEqual(['returned', 'deadline-missed', 'co-writer-added']);
    expect(await latest('reporter', 3)).toEqual(['returned', 'deadline-missed', 'returned']);
    expect(await latest('chief', 1)).toEqual(['coverage-declined']);
    const [coverage] = itemsOf(await reading.call('chief', '/notifications?kind=coverage-declined'));
    const about = { planId: id(50), coverageId: id(51) };
    expect(coverage).toMatchObject({ articleId: null, headline: '', said: 'Ill.', about });
  });

  test('are seen as far as their reader says, and come page by page', async () => {
    const one = newArticle();
    const note = (number: number) =>
      told('NoteAdded', {
        ...{ ...one, ...person('chief'), noteId: one.articleId, at, note: `No. ${number}` },
        ...{ blocking: false, mentions: ['auditor'] },
      });
    const before = await reading.send(events.started(one), note(1), note(2), note(3));
    const first = await reading.after(before, 'auditor', '/notifications?limit=1');
    expect(first.body).toMatchObject({ items: [{ said: 'No. 3', seen: false }], unseen: 3 });
    const position = first.headers.get('stet-position') ?? '';
    const after = await reading.send(note(4));
    await reading.after(after, 'auditor', '/notifications');
    expect((await reading.call('auditor', '/notifications/seen', { body: { position } })).body).toEqual({ unseen: 1 });
    // An old mark takes nothing back.
    await reading.call('auditor', '/notifications/seen', { body: { position: before } });
    const all = (await allOf(reading, 'auditor', '/notifications?limit=2')) as { said: string; seen: boolean }[];
    expect(all.map(({ said, seen }) => [said, seen])).toEqual([
      ['No. 4', false],
      ...['No. 3', 'No. 2', 'No. 1'].map((said) => [said, true]),
    ]);
    expect(itemsOf(await reading.call('auditor', '/notifications?seen=no'))).toHaveLength(1);
    expect((await reading.call('auditor', '/notifications/seen', { body: { position: 'nonsense' } })).status).toBe(400);
  });

  test('are told as they come, in each role and part, and go on after the last that was received', async () => {
    const one = newArticle();
    const note = (number: number, to: string) =>
      told('NoteAdded', {
        ...{ ...one, ...person('chief'), noteId: one.articleId, at, note: `No. ${number}` },
        ...{ blocking: false, mentions: [to] },
      });
    await reading.after(await reading.send(events.started({ ...one, ...person('legal') })), 'legal', '/notifications');
    const token = await reading.issuer.token({ sub: 'legal', name: 'legal', roles: ['legal'], desks: [] });
    const url = `${reading.url}/notifications/events`;
    const said = (heard: readonly Heard[]) => heard.map(({ data }) => [data.kind, data.said]);
    const first = listen(url, token, ['notification']);
    while (first.connected() === 0) await new Promise((done) => setTimeout(done, 5));
    await reading.send(note(1, 'legal'), note(2, 'somebody'), note(3, 'legal'));
    const heard = await first.of('notification', 2);
    first.close();
    expect(said(heard)).toEqual([
      ['mentioned', 'No. 1'],
      ['mentioned', 'No. 3'],
    ]);
    await reading.send(
      note(4, 'somebody'),
      told('CoWriterAdded', { ...one, ...person('chief'), writer: person('auditor').by }),
      events.claimed({ ...one, ...person('chief') }),
      told('LegalCheckRequested', { ...one, ...person('chief'), at, reason: 'She may sue.' }),
    );
    const second = listen(url, token, ['notification'], heard[0]?.id);
    await second.of('notification', 3);
    await reading.send(note(5, 'legal'));
    expect(said(await second.of('notification', 4))).toEqual([
      ['mentioned', 'No. 3'],
      ['claimed', ''],
      ['legal-check-asked', 'She may sue.'],
      ['mentioned', 'No. 5'],
    ]);
    second.close();
  });
});
