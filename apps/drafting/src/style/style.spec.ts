import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Content, plainText, type StyleEvent, type StyleRule } from '#contracts';
import { type Actor, Rejection } from '#decider';
import { type Asked, given, rightsIn } from '#testing';
import { article } from '../article/article.ts';
import { ask, chief, content, duty, editor, flow, lawyer, paragraph, picture, reporter } from '../article/samples.ts';
import { english } from './english.ts';
import { styleHits } from './matching.ts';
import { rulesOf, type Style, style, type StyleCommand } from './style.ts';

const rule = (find: string[], more: Partial<StyleRule> = {}): StyleRule => ({
  ...{ rule: 'r', find, instead: [], why: 'So.', level: 'hint', ...more },
});
const set = (of: StyleRule, actor: Actor = editor) => ask('set-rule', { language: 'en', rule: of }, actor);
const drop = (name: string) => ask('drop-rule', { language: 'en', rule: name }, editor);
const by = { id: 'edna', name: 'edna' };
const told = (of: StyleRule): StyleEvent => ({ type: 'StyleRuleSet', data: { by, language: 'en', rule: of } });
const dropped = (name: string): StyleEvent => ({ type: 'StyleRuleDropped', data: { by, language: 'en', rule: name } });
const namesIn = (events: StyleEvent[]) =>
  rulesOf('en', given(style, events).state).map((one) => `${one.rule} ${one.version}`);

test('who may change house style', () => {
  const asked: Asked<Style, StyleCommand, StyleEvent> = {
    people: { r: reporter, e: editor, l: lawyer, d: duty, c: chief },
    commands: (actor) => ({
      'set-rule': set(rule(['amid']), actor),
      'drop-rule': ask('drop-rule', { language: 'en', rule: 'use' }, actor),
    }),
    states: { kept: [told(rule(['while']))] },
  };
  const { tried, listed, misfits } = rightsIn(style, asked);
  expect(`\n${tried}`).toBe(`
           kept
set-rule   ec
drop-rule  ec`);
  expect([listed, misfits]).toEqual([tried, []]);
});

test('editors add to what Stet comes with, change it and drop it; each rule knows the change that made it', () => {
  expect(namesIn([])).toContain('use 0');
  const events = [told(rule(['amid'])), told(rule(['utilise'], { rule: 'use' })), dropped('r')];
  expect(namesIn(events.slice(0, 2))).toEqual(expect.arrayContaining(['r 1', 'use 2']));
  expect(namesIn(events)).not.toContain('r 1');
  expect(namesIn([dropped('use')])).not.toContain('use 0');
  given(style, events)
    .when(set(rule(['amid'])))
    .then(told(rule(['amid'])));
  given(style, events.slice(0, 1))
    .when(set(rule(['amid'])))
    .then();
  given(style, events).when(drop('r')).then();
  given(style, events).when(drop('nonsense')).thenRejected('unknown-rule');
});

test('what could not be looked for in one go is no rule', () => {
  const refused = (of: StyleRule, language = 'en') =>
    given(style, [])
      .when(ask('set-rule', { language, rule: of }, editor))
      .thenRejected.bind(null);
  refused(rule(['a*b*c']))('style-rule-invalid');
  refused(rule([' ']))('style-rule-invalid');
  refused(rule(['a b c d e f g h i j k']))('style-rule-invalid');
  refused(rule(['x']), '../..')('unknown-language');
  const costly = (at: number) =>
    rule(
      Array.from({ length: 40 }, (_, word) => `a${at}b${word}*`),
      { rule: `r${at}` },
    );
  const events = [0, 1, 2, 3].map((at) => told(costly(at)));
  given(style, events)
    .when(set(costly(5)))
    .thenRejected('style-too-large');
});

const hits = (html: string, of: StyleRule) =>
  styleHits({ ...content, blocks: [paragraph('p1', html)] }, [{ ...of, version: 3 }]);
const found = (html: string, ...find: string[]) => hits(html, rule(find)).map(({ text }) => text);

test('whole words in any case, across tags; a star is the rest of a word, a hash a number; in quotes, characters as they stand', () => {
  expect(found('We Utilise it; reutilised, utilise.', 'utilise')).toEqual(['Utilise', 'utilise']);
  expect(found('Utilises utilising', 'utilis*')).toEqual(['Utilises', 'utilising']);
  expect(found('Watergate, gate', '*gate')).toEqual(['Watergate', 'gate']);
  expect(found('less than 5,000 people; less than some people', 'less than # people')).toEqual([
    'less than 5,000 people',
  ]);
  expect(found('in <em>or</em>der\u00a0to. In order. To', 'in order to')).toEqual(['in order\u00a0to']);
  expect(found('the editor’s and the editor', "editor's")).toEqual(['editor’s']);
  expect(found('One.  Two -- three', '"  "', '"--"')).toEqual(['  ', '--']);
  expect(found('A &amp; B', '"&"', 'amp')).toEqual(['&']);
  expect(found('prior to that, prior', 'prior', 'prior to')).toEqual(['prior to', 'prior']);
});

test('a hit says where, by which rule in which version, and what to write; quotes are the words of others', () => {
  const of = rule(['in order to'], { instead: ['to'], why: 'Shorter.' });
  const html = 'It <a href="http://in.example/order">is</a>: In <em>order</em> to go.';
  const [hit] = hits(html, of);
  expect(hit).toMatchObject({ rule: 'r', version: 3, level: 'hint', block: 'p1', instead: ['To'], why: 'Shorter.' });
  expect(html.slice(hit?.from, hit?.to)).toBe('In <em>order</em> to');
  const quote: Content = { ...content, blocks: [{ ...paragraph('q1', 'In order to.'), kind: 'quote' }] };
  expect(styleHits(quote, [{ ...of, version: 3 }])).toEqual([]);
  const headed = styleHits({ ...content, headline: 'A <b in order to' }, [{ ...of, version: 3 }]);
  expect(headed).toMatchObject([{ field: 'headline', from: 5, to: 16 }]);
  const { image = { alt: '', credit: '', rights: '' } } = picture;
  const said = {
    ...picture,
    html: '<em>In</em> order to.',
    image: { ...image, alt: 'Cars in order to', credit: 'In order to' },
  };
  expect(styleHits({ ...content, blocks: [said] }, [{ ...of, version: 3 }])).toMatchObject([
    { block: 'i1', from: 4, to: 20 },
    { block: 'i1', field: 'alt', from: 5, to: 16 },
  ]);
});

test('hits never stand against an approval unless their rule says so', () => {
  const claimed = [flow.started, flow.submitted, flow.claimed];
  const asking = (level: StyleRule['level'], confirm: string[] = []) => {
    const rules = [{ ...rule(['traffic'], { level }), version: 1 }];
    const of = { ...ask('approve', { version: 1, confirm }, editor), given: { style: { rules, version: 7 } } };
    return given(article, claimed).when(of);
  };
  asking('hint').then(flow.approved);
  const gate = { gate: 'style-r', block: 'p2', text: '“Traffic”: So.' };
  expect(asking('error', ['style-r']).thenRejected('gates-not-passed').details.gates).toEqual([
    { ...gate, severity: 'error' },
  ]);
  expect(asking('warning').thenRejected('gates-not-passed').details.gates).toEqual([{ ...gate, severity: 'warning' }]);
  asking('warning', ['style-r']).then({ ...flow.approved, data: { ...flow.approved.data, confirmed: [gate] } });
});

test('what Stet comes with can all be set as it is, has names of its own, and finds what it says', () => {
  expect(new Set(english.map((one) => one.rule)).size).toBe(english.length);
  for (const one of english) {
    expect(one.level).toBe('hint');
    given(style, [dropped(one.rule)])
      .when(set(one))
      .then(told(one));
    for (const find of one.find) {
      const shown = /^"(.+)"$/.exec(find)?.[1];
      const text = shown === undefined ? find.replace('#', '12') : `So${shown}`;
      expect([find, hits(text, one).length]).not.toEqual([find, 0]);
    }
  }
});

test('any rules on any text: places are within it, and what is there reads as was found', () => {
  const word = fc.constantFrom('a', 'b*', '*c', '#', 'the', 'x-y', "it's", 'é');
  const find = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
    fc.constant('"  "'),
    fc.string().map((text) => `"${text}."`),
  );
  const html = fc
    .array(
      fc.constantFrom(
        'a ',
        'bc',
        '<em>',
        '</em>',
        '&amp;',
        '&lt;',
        ' ',
        '12 ',
        'the',
        'it’s',
        '.',
        '🌉',
        'x-y',
        '<a href="http://a.example">',
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(find, { minLength: 1, maxLength: 8 }), html, (finds, text) => {
      for (const { block, from, to, text: shown } of hits(text, rule(finds))) {
        if (block === undefined) continue;
        expect(from < to && to <= text.length).toBe(true);
        expect(plainText(text.slice(from, to))).toBe(shown);
      }
    }),
  );
});

test('the longest of texts and the most of rules take their time once', () => {
  const rules = Array.from({ length: 450 }, (_, at) => ({
    ...rule([`the the the the the the the the the w${at}`], { rule: `r${at}` }),
    version: 1,
  }));
  const wild = Array.from({ length: 200 }, (_, at) => ({ ...rule([`t*${at}`], { rule: `w${at}` }), version: 1 }));
  const text = (length: number) => ({ ...content, blocks: [paragraph('p1', 'the '.repeat(length))] });
  const taken = (length: number) => {
    // Of this thread alone: whatever else the machine does takes none of it.
    const before = process.threadCpuUsage();
    styleHits(text(length), [...rules, ...wild]);
    return process.threadCpuUsage(before).user;
  };
  const least = (length: number) => Math.min(taken(length), taken(length), taken(length));
  // Eight times the text is to take about eight times as long; the square of it would be 64.
  expect(least(8000) / least(1000)).toBeLessThan(24);
});

test('refusals are Rejections', () => {
  expect(() => style.decide(set(rule(['**'])), style.initial)).toThrow(Rejection);
});
