import { basename, extname } from 'node:path';
import type { Cast } from './cast.ts';
import type { Page } from './page.ts';
import type { Teller } from './telling.ts';

/** What every chapter needs. */
export interface Scene {
  readonly page: Page;
  readonly head: Head;
  readonly cast: Cast;
  readonly teller: Teller;
}

/** What stands above a page and is not in its file. */
export interface Head {
  readonly slugline: string;
  readonly headline: string;
  readonly byline: string;
  /** BCP 47; `und` where it is not known. */
  readonly language: string;
}

/** The headline is made of the file's name; the byline is always the same. */
export function headOf(file: string, { body }: Page): Head {
  const name = basename(file, extname(file)).replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ');
  const [slugline = ''] = /^.{0,100}/u.exec(name.trim() === '' ? 'page' : name) ?? [];
  const words = slugline.replaceAll(/[-_]+/g, ' ').trim() || slugline;
  return {
    slugline,
    headline: words.charAt(0).toUpperCase() + words.slice(1),
    byline: 'By Stet’s Reporter',
    language: isEnglish(body.join(' ')) ? 'en' : 'und',
  };
}

/** A guess from one of its commonest words: nothing in the file says it. */
const isEnglish = (text: string) => /\bthe\b/i.test(text);
