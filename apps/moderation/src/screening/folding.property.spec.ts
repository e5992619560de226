import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commentId, said, threads } from '../comment/samples.ts';
import { housePolicy } from '../policy/policy.ts';
import { fold, wordingOf } from './folding.ts';
import { insults } from './phrases.ts';
import { screen } from './screening.ts';

const screened = (text: string) =>
  screen({ commentId, text, thread: threads.open, wording: said(commentId) }, housePolicy).hits;
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('iIdDоοtТ1!. \n\u200b\u0336\u0301ｉ𝓲👩‍👧क्षﷺßΣςİ가각')),
    maxLength: 60,
  }),
);

test('whatever is written, folding keeps a place for each unit, in order, and cuts no character apart', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = fold(text);
      expect(folded.spans).toHaveLength(folded.text.length);
      let before = 0;
      for (const { from, to } of folded.spans) {
        expect([from >= before, from < to, to <= text.length]).toEqual([true, true, true]);
        expect(text.slice(from, to).isWellFormed()).toBe(true);
        before = from;
      }
    }),
  );
});

test('whatever is written, each hit points into it, at whole characters, and the text stays as it was', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { from, to } of screened(text)) {
        expect([from >= 0, from < to, to <= text.length]).toEqual([true, true, true]);
        for (const part of [text.slice(0, from), text.slice(from, to), text.slice(to)])
          expect(part.isWellFormed()).toBe(true);
      }
    }),
  );
});

test('words that were folded stay as they are, and one more invisible character makes no difference', () => {
  const invisible = fc.constantFrom('\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad');
  fc.assert(
    fc.property(anyText, fc.nat(), invisible, (text, at, hidden) => {
      const letters = Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment);
      const place = at % (letters.length + 1);
      const hiding = [...letters.slice(0, place), hidden, ...letters.slice(place)].join('');
      expect(wordingOf(fold(hiding))).toBe(wordingOf(fold(text)));
    }),
  );
});

/** One letter of a word as a troll may write it. */
const disguises = (letter: string): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constant(letter), weight: 3 },
    fc.constant(letter.toUpperCase()),
    fc.constant(String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)), // full width
    fc.constant(`${letter}\u200b`),
    fc.constant(`${letter}\u0336`), // struck through
    fc.constantFrom(...(lookLike[letter] ?? [letter])),
  );
const lookLike: Readonly<Record<string, readonly string[]>> = {
  a: ['а', 'α', 'ᴀ'],
  c: ['с', 'С', 'ᴄ'],
  e: ['е', 'Е', 'ε'],
  i: ['і', 'ɪ', 'ι'],
  m: ['м', 'М', 'ᴍ'],
  o: ['о', 'О', 'ο'],
  s: ['ѕ', 'Ѕ'],
  t: ['т', 'Т', 'τ'],
};
const disguised = fc.constantFrom(...insults.filter((phrase) => !phrase.includes(' '))).chain((word) =>
  fc
    .tuple(fc.tuple(...Array.from(word, disguises)), fc.nat(word.length - 1), fc.nat(3))
    // One letter stays Latin: a word all in another script is that script's.
    .map(([letters, at, more]) => {
      const kept = word[at] ?? '';
      const stretched = more > 1 && !word.includes(kept + kept) ? kept.repeat(more + 1) : kept;
      return letters.with(at, stretched).join('');
    }),
);
const around = fc.constantFrom('', ' ', '. ', ' 橋は', ' Да, ', ' 👩‍👧 ', '\n', ' (');

test('a banned word is found in any disguise, and exactly the disguise is pointed at', () => {
  fc.assert(
    fc.property(around, disguised, around, (before, word, after) => {
      const text = `${before}${word}${after.replace(/^(?=[\p{L}\p{M}])/u, ' ')}`;
      const insult = screened(text).filter(({ rule }) => rule === 'insult');
      expect(insult.map(({ from, to }) => text.slice(from, to).replaceAll('\u200b', ''))).toEqual([
        word.replaceAll('\u200b', ''),
      ]);
    }),
  );
});

const scripts = [
  ...['абвгдежзийклмнопрстуфхцчшщъыьэюя', 'αβγδεζηθικλμνξοπρστυφχψως', 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'],
  ...[
    'אבגדהוזחטיכלמנסעפצקרשת',
    'कखगघचछजझटठडढणतथदधनपफबभमािीुू्',
    'ᏣᎳᎩᎦᏬᏂᎯᏍᏗᎣᏏᏲ',
    '가나다라마바사',
    'กขคงจฉชซญฎฏิีุู',
    '橋終於通了開',
  ],
];
test('words of another script are neither insults nor shouting, whatever letters they have', () => {
  const word = fc
    .constantFrom(...scripts)
    .chain((letters) => fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 1, maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      expect(screened(`${words.join(' ')} 👍`)).toEqual([]);
    }),
  );
});
