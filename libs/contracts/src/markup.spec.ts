import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanBlock, cleanHtml as cleaned, plainText, webAddress } from './markup.ts';

test('emphasis and links stay, the rest goes', () => {
  const kept = 'He <em>said</em> <strong>so</strong>: <a href="https://paper.example/1">here</a>';
  expect(cleaned(kept)).toBe(kept);
  expect(cleaned('<p onclick="x()">A<br>B<script>alert(1)</script></p>')).toBe('AB');
  expect(cleaned('<a href="javascript:alert(1)" style="x">A</a>')).toBe('<a>A</a>');
  expect(cleaned('<a href="//elsewhere.example">A</a>')).toBe('<a>A</a>');
  expect(cleaned('<img src=x onerror=alert(1)>A')).toBe('A');
  expect([cleaned('R&D'), cleaned('6 > 5')]).toEqual(['R&amp;D', '6 &gt; 5']);
});

test('words keep every character, quotes and lines among them', () => {
  expect(cleaned('"It’s 5 &lt; 6," R&amp;D said.\nنص 👩‍👩‍👧')).toBe('"It’s 5 &lt; 6," R&amp;D said.\nنص 👩‍👩‍👧');
});

const pieces = [
  '<em>',
  '</em>',
  '<a href="http://x.example">',
  '</a>',
  '<',
  '>',
  '&',
  '&lt;',
  '&amp;lt;',
  '<script>',
  '<!--',
  '"',
  'word ',
  '\n',
];
test('what has no mark-up is as it was, and the library agrees', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const plain = text.replaceAll(/[<>&]/g, '');
      expect(cleaned(plain)).toBe(plain);
      // Behind a tag everything is taken apart.
      expect(cleaned(`${plain}<b>`)).toBe(plain);
    }),
  );
});

test('cleaning again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const once = cleaned(parts.join(''));
      expect(cleaned(once)).toBe(once);
    }),
  );
});

test('an address is one on the web that is reached by https, as browsers write it', () => {
  expect(webAddress('https://Paper.example/a b.jpg')).toBeUndefined();
  expect(webAddress('HTTPS://Paper.example')).toBe('https://paper.example/');
  expect(webAddress('https://paper.example/پل"<.jpg?a=1&b=2#c')).toBe(
    'https://paper.example/%D9%BE%D9%84%22%3C.jpg?a=1&b=2#c',
  );
  const others = [
    'http://paper.example/',
    '//paper.example/',
    '/1.jpg',
    'data:image/png;base64,AA',
    'blob:https://a/1',
  ];
  const hidden = [
    'javascript:x()',
    ' https://paper.example/',
    'https:paper.example',
    'https:\\\\paper.example',
    'https://',
  ];
  for (const text of [
    ...others,
    ...hidden,
    'https://me:secret@paper.example/',
    'https://paper.example@else.example/',
    '',
  ])
    expect([text, webAddress(text)]).toEqual([text, undefined]);
});

test('of an image that the log holds and nobody may send, the address goes', () => {
  const image = { alt: 'A bridge', credit: 'A', rights: 'Ours.' };
  const block = { id: 'i', kind: 'image' as const, html: 'Open<br>', attributions: [] };
  const shown = (href: string) => cleanBlock({ ...block, image: { href, ...image } });
  expect(shown('javascript:x()')).toEqual({ ...block, html: 'Open', image });
  expect(shown('https://paper.example/1.jpg')).toMatchObject({
    image: { href: 'https://paper.example/1.jpg', ...image },
  });
});

const signs = fc.constantFrom(
  '<em>',
  '</em>',
  '<',
  '>',
  '&',
  '&lt;',
  '&amp;',
  '"',
  "'",
  '\n',
  '\u0000',
  '🌉',
  ' ',
  'a',
);

test('what has neither tags nor entities reads the same whether or not it is taken apart', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(signs).map((all) => all.join('')),
      ),
      (html) => {
        // A tag before it has it taken apart.
        expect(plainText(html)).toBe(plainText(`<em></em>${html}`));
      },
    ),
    { numRuns: 1000 },
  );
});
