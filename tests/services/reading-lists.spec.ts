import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { block, content, duty, editor, events, told } from '../../apps/reading/src/samples.ts';
import { allOf, itemsOf, newArticle, newComment, openReading, type Reading } from './reading-alone.ts';

let reading: Reading;
beforeAll(async () => {
  reading = await openReading();
});
afterAll(() => reading.close());

describe('the newsroom board', () => {
  const desk = 'board-desk';
  const law = { step: 'law', by: 'legal' };
  const text = (headline: string) => content({ headline });
  const at = '2026-03-01T07:05:00.000000Z';
  const task = { by: duty, taskId: 't1', at, task: 'retracted-source', version: 1, out: false, blocks: ['p1'] };

  test('has every article with both its lives, what changed last first', async () => {
    const [one, two] = [newArticle(), newArticle()];
    const after = await reading.send(
      events.started({ ...one, desk }),
      events.started({ ...two, desk, content: text('Second') }),
      events.claimed(one),
      events.approved(1, content(), one),
      events.opened(1, content(), one),
      events.published(content(), one),
      told('TaskOpened', { ...two, ...task }),
      events.claimed(two),
      told('ApprovalStepsTaken', { ...two, by: editor, steps: [law], applied: { desk: 1 }, awaits: law }),
    );
    const board = await reading.after(after, 'reporter', `/board?desk=${desk}`);
    expect(board.body.parked).toBe(0);
    expect(itemsOf(board)).toEqual([
      {
        ...{ articleId: two.articleId, desk, stage: '', kind: 'story', state: 'editing' },
        ...{ slugline: 'bridge', headline: 'Second' },
        ...{ section: 'city', urgency: 4, version: 1, approved: null, writer: 'R. Porter', editor, awaits: law },
        ...{ deadline: null, secondLook: null, tasks: 1, legal: null, corrections: [] },
        ...{ notForPublication: false, next: ['legal'] },
        publication: {
          state: 'none',
          pinned: null,
          waiting: null,
          out: null,
          corrections: 0,
          scheduled: null,
          drift: null,
        },
        ...{ updatedAt: expect.stringMatching(/000001Z$/) as unknown, parked: false, assignee: null },
      },
      {
        ...{ articleId: one.articleId, desk, stage: '', kind: 'story', state: 'approved', slugline: 'bridge' },
        ...{ headline: 'Bridge opens', section: 'city', urgency: 4, version: 1, approved: 1, writer: 'R. Porter' },
        ...{ tasks: 0, legal: null, corrections: [], notForPublication: false, next: [] },
        ...{
          ...{ assignee: null, editor: null, awaits: null, deadline: null, secondLook: null },
          publication: {
            state: 'published',
            pinned: 1,
            waiting: null,
            out: 1,
            corrections: 0,
            scheduled: null,
            drift: null,
          },
        },
        ...{ updatedAt: expect.stringMatching(/000001Z$/) as unknown, parked: false },
      },
    ]);
  });

  test('can be asked for a state, for what is out, and for who has it in hand', async () => {
    const found = async (query: string) =>
      itemsOf(await reading.call('chief', `/board?desk=${desk}&${query}`)).map(({ headline }) => headline);
    for (const query of ['state=editing', 'awaits=legal']) expect(await found(query)).toEqual(['Second']);
    expect(await found('publication=published')).toEqual(['Bridge opens']);
    expect(await found('publication=none')).toEqual(['Second']);
    expect(await found(`editor=${editor.id}`)).toEqual(['Second']);
    expect(await found('state=spiked')).toEqual([]);
  });

  test('comes page by page, each article once', async () => {
    const headlines = Array.from({ length: 7 }, (_, number) => `No. ${number}`);
    const after = await reading.send(
      ...headlines.map((headline) => events.started({ ...newArticle(), desk: 'paged', content: text(headline) })),
    );
    expect((await reading.after(after, 'editor', '/board')).status).toBe(200);
    const all = await allOf(reading, 'editor', '/board?desk=paged&limit=3');
    expect(all.map((item) => (item as { headline: string }).headline)).toEqual(headlines.toReversed());
  });
});

describe('the history of an article', () => {
  test('tells who did what in all services, and what each save changed', async () => {
    const of = newArticle();
    const next = content({ headline: 'Bridge shut', blocks: [block('p1', 'It is shut.'), block('p2', 'Again.')] });
    const after = await reading.send(
      events.started(of),
      events.revised(2, next, of),
      events.claimed(of),
      events.approved(2, next, of),
      events.opened(2, next, of),
      events.published(next, { ...of, version: 2 }),
      events.thread('ThreadOpened', of),
    );
    const history = await reading.after(after, 'auditor', `/articles/${of.articleId}/history`);
    const entries = itemsOf(history);
    expect(entries.map(({ service, type, by }) => [service, type, (by as { name: string }).name])).toEqual([
      ['drafting', 'ArticleStarted', 'R. Porter'],
      ['drafting', 'ArticleRevised', 'R. Porter'],
      ['drafting', 'ArticleClaimed', 'E. Ditor'],
      ['drafting', 'ArticleApproved', 'E. Ditor'],
      ['publication', 'PublicationOpened', 'E. Ditor'],
      ['publication', 'ArticlePublished', 'D. Uty'],
      ['moderation', 'ThreadOpened', 'D. Uty'],
    ]);
    const difference = {
      from: 1,
      fields: [
        {
          field: 'headline',
          words: [
            { kind: 'same', text: 'Bridge ' },
            { kind: 'removed', text: 'opens' },
            { kind: 'added', text: 'shut' },
          ],
        },
      ],
      blocks: [
        {
          block: 'p1',
          change: 'changed',
          words: [
            { kind: 'same', text: 'It is ' },
            { kind: 'removed', text: 'open' },
            { kind: 'added', text: 'shut' },
            { kind: 'same', text: '.' },
          ],
        },
        { block: 'p2', change: 'added', words: [{ kind: 'added', text: 'Again.' }] },
      ],
    };
    expect(entries[0]).toMatchObject({ version: 1, correction: null, difference: null });
    expect(entries[1]).toMatchObject({ version: 2, correction: null, difference });
    expect(entries[3]).toMatchObject({ version: null, difference: null, details: { version: 2 } });
    const compared = await reading.call('editor', `/articles/${of.articleId}/difference?from=1&to=2`);
    expect(compared.body).toEqual(difference);
    const backwards = await reading.call('editor', `/articles/${of.articleId}/difference?from=2&to=1`);
    expect(backwards.body).toMatchObject({ from: 2, blocks: [{ block: 'p1' }, { block: 'p2', change: 'removed' }] });
    const nothing = await reading.call('editor', `/articles/${of.articleId}/difference?from=1&to=3`);
    expect(nothing).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const some = await reading.call('editor', `/articles/${of.articleId}/history?service=publication`);
    expect(itemsOf(some).map(({ type }) => type)).toEqual(['PublicationOpened', 'ArticlePublished']);
    const paged = await allOf(reading, 'editor', `/articles/${of.articleId}/history?limit=2`);
    expect(paged).toEqual(entries);
  });

  test('a revision after a discarded version is compared with what stood there, not with what was discarded', async () => {
    const of = newArticle();
    const text = (html: string) => content({ blocks: [block('p1', html)] });
    const after = await reading.send(
      events.started({ ...of, content: text('One') }),
      events.revised(2, text('Two'), of),
      told('NextVersionDiscarded', { ...of, by: editor, version: 1, content: text('One') }),
      events.revised(3, text('One more'), of),
    );
    const entries = itemsOf(await reading.after(after, 'editor', `/articles/${of.articleId}/history`));
    expect(entries[2]).toMatchObject({ version: 1, difference: { from: 2 } });
    expect(entries[3]).toMatchObject({
      version: 3,
      difference: {
        from: 1,
        blocks: [
          {
            words: [
              { kind: 'same', text: 'One' },
              { kind: 'added', text: ' more' },
            ],
          },
        ],
      },
    });
  });

  test('of an article that nobody started there is none', async () => {
    const unknown = await reading.call('editor', `/articles/${newArticle().articleId}/history`);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('the moderation queue', () => {
  test('has what nobody has decided, oldest first, with what screening found', async () => {
    const of = newArticle();
    const [one, two, three] = [newComment(), newComment(), newComment()];
    const screening = { verdict: 'review', hits: [{ rule: 'links', version: 1, verdict: 'review', from: 4, to: 9 }] };
    const after = await reading.send(
      events.published(content(), of),
      events.thread('ThreadOpened', of),
      events.submitted(one, 'First', of),
      events.submitted(two, 'See x.org', { ...of, screening }),
      events.submitted(three, 'Third', of),
      events.let(one, of),
    );
    const path = `/queues/pending?articleId=${of.articleId}`;
    const queue = await reading.after(after, 'moderator', path);
    expect(itemsOf(queue)).toMatchObject([{ commentId: two }, { commentId: three }]);
    expect(itemsOf(queue)[0]).toEqual({
      ...{ commentId: two, articleId: of.articleId, headline: 'Bridge opens', slugline: 'bridge', revision: 1 },
      ...{ author: { id: 'u', name: 'Amna' }, text: 'See x.org', articleVersion: 1, screening },
      ...{ submittedAt: expect.stringMatching(/000001Z$/) as unknown, parked: false },
    });
    expect(await allOf(reading, 'moderator', `${path}&limit=1`)).toEqual(itemsOf(queue));
    const frozen = await reading.send(events.thread('ThreadFrozen', of));
    expect(itemsOf(await reading.after(frozen, 'moderator', path))).toEqual([]);
    const restored = await reading.send(events.thread('ThreadRestored', of), events.rejected(two, of));
    expect(itemsOf(await reading.after(restored, 'moderator', path))).toMatchObject([{ commentId: three }]);
  });
});

describe('the publication log', () => {
  test('has what readers could see change, newest first', async () => {
    const of = newArticle();
    const after = await reading.send(
      events.published(content(), of),
      events.corrected(1, content({ headline: 'Bridge shut' }), of),
      events.held(of),
      events.released(of),
      events.unpublished(of),
      events.killAsked(of),
      events.killed(of),
    );
    const path = `/publication-log?articleId=${of.articleId}`;
    const log = await reading.after(after, 'duty-editor', path);
    expect(itemsOf(log).map(({ action, headline, reason }) => [action, headline, reason])).toEqual([
      ['killed', 'Bridge shut', 'Libel'],
      ['kill-asked', 'Bridge shut', 'Libel'],
      ['unpublished', 'Bridge shut', 'Why'],
      ['released', 'Bridge shut', 'It is right'],
      ['held', 'Bridge shut', 'In doubt'],
      ['corrected', 'Bridge shut', 'It was shut.'],
      ['published', 'Bridge opens', null],
    ]);
    expect(itemsOf(log)[6]).toEqual({
      ...{ articleId: of.articleId, position: expect.stringMatching(/^\d+$/) as unknown, action: 'published' },
      ...{ at: expect.stringMatching(/000001Z$/) as unknown, by: duty, item: 1, headline: 'Bridge opens' },
      ...{
        slugline: 'bridge',
        version: 1,
        path: 'city/bridge-opens',
        edition: { paper: 'The Daily', date: '2026-03-01' },
      },
      ...{ correction: null, reason: null, askedBy: null, parked: false },
    });
    expect(itemsOf(log)[0]).toMatchObject({ by: duty, askedBy: 'E. Ditor' });
    expect(await allOf(reading, 'chief', `${path}&limit=2`)).toEqual(itemsOf(log));
    expect(itemsOf(await reading.call('chief', `${path}&action=corrected`))).toHaveLength(1);
  });
});
