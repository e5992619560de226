import { expect, test } from '@jest/globals';
import { prefersText } from './prefers-text.ts';

test.each([
  [undefined, false],
  ['*/*', false],
  ['application/json', false],
  ['text/plain', true],
  ['Text/Plain; charset=utf-8', true],
  ['text/*', true],
  ['text/html, */*;q=0.1', false],
  ['application/json, text/plain', false],
  ['application/json;q=0.5, text/plain;q=0.8', true],
  ['text/plain;q=0', false],
  ['application/json, text/plain, */*', false],
  [',;q=x', false],
])('Accept %s asks for text: %s', (accept, text) => {
  expect(prefersText(accept)).toBe(text);
});
