import { expect, test } from '@jest/globals';
import { cut, seam } from './words.ts';

const parts = (text: string) => cut(text).split(seam);

test('a text without blanks between its words is cut into them', () => {
  expect(parts('東京都庁に行きました')).toEqual(['東京', '都庁', 'に', '行き', 'ま', 'した']);
  expect(parts('我们在北京大学学习中文')).toEqual(['我们', '在', '北京', '大学', '学习', '中文']);
  expect(parts('ฉันรักภาษาไทยมาก')).toEqual(['ฉัน', 'รัก', 'ภาษา', 'ไทย', 'มาก']);
  expect(parts('トートバッグ')).toEqual(['トートバッグ']);
});

test('one with blanks is left as it is, and nothing but seams comes into any', () => {
  const mixed = 'The bridge of 東京都庁, 2026年 – "Straße", -大阪城 and ไทย.';
  expect(parts('The bridge is open – Straße, Москва, هنا.')).toHaveLength(1);
  expect(parts('2026年')).toEqual(['2026', '年']);
  expect(cut(mixed)).toContain(' -大阪');
  expect(cut(mixed).replaceAll(seam, '')).toBe(mixed);
});
