import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clean } from './markup.ts';
import { paragraph } from './samples.ts';

const cleaned = (html: string) => clean(paragraph('p', html)).html;

test('emphasis and links stay, the rest goes', () => {
  const kept = 'He <em>said</em> <strong>so</strong>: <a href="https://paper.example/1">here</a>';
  expect(cleaned(kept)).toBe(kept);
  expect(cleaned('<p onclick="x()">A<br>B<script>alert(1)</script></p>')).toBe('AB');
  expect(cleaned('<a href="javascript:alert(1)" style="x">A</a>')).toBe('<a>A</a>');
  expect(cleaned('<a href="//elsewhere.example">A</a>')).toBe('<a>A</a>');
  expect(cleaned('<img src=x onerror=alert(1)>A')).toBe('A');
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
test('cleaning again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const once = cleaned(parts.join(''));
      expect(cleaned(once)).toBe(once);
    }),
  );
});
