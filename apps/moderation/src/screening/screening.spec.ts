import { describe, expect, test } from '@jest/globals';
import { Rejection } from '#decider';
import { commentId, said, threads } from '../comment/samples.ts';
import { housePolicy } from '../policy/policy.ts';
import { fold, wordingOf } from './folding.ts';
import { insults, salesPitches } from './phrases.ts';
import { reasonOf, screen } from './screening.ts';

const screened = (text: string, mayReject: readonly string[] = []) =>
  screen({ commentId, text, thread: threads.open, wording: said(commentId) }, { mayReject });
/** Each hit as its rule and the words that it points at. */
const hits = (text: string) => screened(text).hits.map(({ rule, from, to }) => [rule, text.slice(from, to)]);

describe('what is screened for', () => {
  test.each([
    ['an honest comment', 'The bridge was overdue. Who pays for it?', []],
    ['an insult', 'You are an idiot, sir.', [['insult', 'idiot']]],
    [
      'several',
      'Idiots! Go to hell.',
      [
        ['insult', 'Idiots'],
        ['insult', 'Go to hell'],
      ],
    ],
    ['words that only contain one', 'Idiotically cretinous? Vermintide. Shut upward.', []],
    ['a sales pitch', 'Work from home — and earn!', [['sales-pitch', 'Work from home — and earn']]],
    ['a link', 'Look: https://example.org/a?b=c now', [['link', 'https://example.org/a?b=c']]],
    [
      'a bare address',
      'At www.example.org or shop.example.com/x!',
      [
        ['link', 'www.example.org'],
        ['link', 'shop.example.com/x!'],
      ],
    ],
    ['a full stop without a blank', 'It fell.Nobody cared.', []],
    ['shouting', 'THIS BRIDGE IS FALLING DOWN now', [['shouting', 'THIS BRIDGE IS FALLING DOWN']]],
    ['abbreviations', 'NATO and UNICEF met OPEC about the bridge that was never built.', []],
    ['one loud word', 'NEVER again!', []],
    ['nothing but what cannot be seen', '\u200b\u2060\u00ad', [['length', '\u200b\u2060\u00ad']]],
    ['emoji alone', '👍🏽👨‍👩‍👧 ❤️', []],
  ])('%s', (_what, text, expected) => {
    expect(hits(text)).toEqual(expected);
  });

  test('what is longer than a comment, by characters and not by units', () => {
    expect(hits('😀'.repeat(2000))).toEqual([]);
    expect(hits(`${'😀'.repeat(2000)}end`)).toEqual([['length', 'end']]);
  });

  test('a repeat of what another comment said first', () => {
    const repeat = { commentId, text: 'Me too.', thread: threads.open, wording: said('another') };
    const { hits } = screen(repeat, { mayReject: ['repeat'] });
    expect(hits).toEqual([{ rule: 'repeat', version: 1, verdict: 'review', from: 0, to: 7 }]);
  });

  test('a thread that is not open keeps it out', () => {
    const attempt = () =>
      screen({ commentId, text: 'x', thread: threads.frozen, wording: said(commentId) }, housePolicy);
    expect(attempt).toThrow(Rejection);
  });
});

describe('disguises', () => {
  test.each([
    ['width', 'ＩＤＩＯＴ'],
    ['style', '𝓲𝓭𝓲𝓸𝓽'],
    ['capitals in style', '𝓘𝓓𝓘𝓞𝓣'],
    ['circles', 'ⓘⓓⓘⓞⓣ'],
    ['small capitals', 'ɪᴅɪᴏᴛ'],
    ['zero width', 'i\u200bd\u200ci\u200do\u2060t'],
    ['soft hyphens', 'id\u00adi\u00adot'],
    ['Cyrillic', 'idіоt'],
    ['Cyrillic capitals', 'IDIОТ'],
    ['Greek', 'idιοτ'],
    ['digits', '1d10t'],
    ['signs', '!d!ot'],
    ['stretched', 'iiidiooooot'],
    ['struck through', 'i̶d̶i̶o̶t̶'],
    ['heaped marks', 'i̴̧d̷̨i̴̡o̸̢ṱ̷'],
    ['invisible direction', '\u202aidiot\u202c'],
    ['all at once', 'Ｉ\u200bD1оοоT'],
  ])('%s is seen through, and pointed at where it stands', (_what, disguised) => {
    for (const [before, after] of [
      ['', ''],
      ['An ', '!'],
      ['愚か者は', 'です'],
      ['«', '» 👍🏽'],
    ] as const) {
      const text = `${before}${disguised}${after}`;
      const [hit, ...others] = screened(text).hits;
      expect([hit?.rule, others]).toEqual(['insult', []]);
      const pointed = text.slice(hit?.from, hit?.to).replaceAll(/[\u202a\u202c]/g, '');
      expect(pointed).toBe(disguised.replaceAll(/[\u202a\u202c]/g, ''));
    }
  });

  test('phrases through any blanks and punctuation', () => {
    expect(hits('GO   to\n\nhell')).toEqual([['insult', 'GO   to\n\nhell']]);
    expect(hits('go, to — hell')).toEqual([['insult', 'go, to — hell']]);
  });

  test.each([
    ['Russian', 'Сор из избы не выносят, а ХОР пел: «Рос»'],
    ['Ukrainian', 'Її їжак їв'],
    ['Greek', 'Ο ιός και το πιάτο· «όχι»'],
    ['Urdu', 'پل بہت دیر سے کھلا، لیکن شکر ہے'],
    ['Hebrew', 'הגשר נפתח באיחור'],
    ['Hindi', 'पुल देर से खुला। धन्यवाद'],
    ['Thai', 'สะพานเปิดช้ามาก 5555'],
    ['Korean', '다리가 늦게 열렸어요 ㅋㅋㅋㅋ'],
    ['Japanese', '橋の開通が遅すぎるｗｗｗｗ'],
    ['Chinese', '桥终于通了！！！'],
    ['Cherokee', 'ᏣᎳᎩᎯ ᎦᏬᏂᎯᏍᏗ ᎣᏏᏲᎢ ᏙᎯᏧᏍ'],
    ['Georgian', 'ხიდი გვიან გაიხსნა'],
    ['Vietnamese', 'Cây cầu mở quá muộn, thật đáng tiếc'],
    ['Turkish', 'Köprü IĞDIR yolunda, İyi'],
    ['Yoruba', 'Ẹ́ ọ̀nà yìí ti pẹ́ jù'],
  ])('%s is nobody in disguise', (_language, text) => {
    expect(hits(text)).toEqual([]);
  });
});

describe('the policy', () => {
  const text = 'Idiots, see www.example.com';

  test('asks for a person unless it lets a rule reject alone', () => {
    expect(screen({ commentId, text, thread: threads.open, wording: said(commentId) }, housePolicy).verdict).toBe(
      'review',
    );
    const strict = screened(text, ['link']);
    expect(strict.verdict).toBe('reject');
    expect(strict.hits.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ['link', 'reject'],
      ['insult', 'review'],
    ]);
    expect(reasonOf(strict)).toBe('commercial');
    expect(reasonOf(screened(text, ['insult']))).toBe('abusive');
  });

  test('a clean comment asks for nothing', () => {
    expect(screened('Well done.', ['link', 'insult'])).toEqual({ verdict: 'publish', hits: [] });
  });
});

test('hits are bounded, however much there is', () => {
  expect(hits('www.a.com '.repeat(150))).toHaveLength(20);
});

test('the lists are folded already, so that each of them can be met', () => {
  for (const phrase of [...insults, ...salesPitches]) {
    expect(wordingOf(fold(phrase))).toBe(phrase);
    expect(hits(`Well, ${phrase}.`).map(([, words]) => words)).toContain(phrase);
  }
});

test('the same words are the same however they are written; other words are not', () => {
  const same = (one: string, other: string) => wordingOf(fold(one)) === wordingOf(fold(other));
  expect(same('So   good!', 'SO\ngood! ')).toBe(true);
  expect(same('sooooo good', 'SOOO good')).toBe(true);
  expect(same('pаypal', 'paypal')).toBe(true);
  expect(same('STRASSE', 'Straße')).toBe(true);
  expect(same('good', 'god')).toBe(false);
  expect(same('сор', 'cop')).toBe(false); // a Russian word that only looks like an English one
  expect(same('10 paid', '70 paid')).toBe(false);
  expect(same('👨‍👩‍👧', '👨‍👩‍👦')).toBe(false);
});
