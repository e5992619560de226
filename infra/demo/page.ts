import { Trouble } from '../stack/trouble.ts';
import { readDate, writtenDate } from './dates.ts';

/** A newspaper page as its reader would copy it out, without headline and byline. */
export interface Page {
  /** The text, a line for each paragraph, sub-heading or quote. */
  readonly body: readonly string[];
  readonly paper: string;
  /** As in `2011-07-15`. */
  readonly date: string;
  /** In the order of the page, a line each. */
  readonly comments: readonly string[];
}

/** Said above the comments of every page. */
export const houseRule = [
  'Comments are moderated and generally will be posted if they are on-topic and not abusive.',
  'For more information, please see our Comments FAQ',
] as const;

/** What a page may hold at most: as much as the services take. */
export const limits = {
  /** A text has so many blocks. */
  lines: 1000,
  /** Characters of a line of the body, with `&`, `<` and `>` counted as they are escaped. */
  line: 20_000,
  /** Bytes of the whole body; a request is 1 MiB at most, and a block is more than its text. */
  body: 800_000,
  /** Characters of a comment. */
  comment: 10_000,
  /** Characters of a paper's name. */
  paper: 200,
} as const;

/** Why a file is no page, and which line of it shows that. */
export class PageError extends Trouble {
  readonly line: number;

  constructor(line: number, what: string) {
    super(`line ${line}: ${what}`);
    this.line = line;
  }
}

/** The page as text: lines end in a line feed, except the last. */
export function writePage({ body, paper, date, comments }: Page): string {
  return [...body, publishedIn(paper, date), `COMMENTS (${comments.length})`, ...houseRule, ...comments].join('\n');
}

const publishedIn = (paper: string, date: string) => `Published in ${paper}, ${writtenDate(date)}.`;

/**
 * Reads a page. What it is made of is lines: whether they end in LF or CRLF, whether the last one ends at all, and a byte order
 * mark at the start are no part of it. Throws a PageError for the first line that does not fit.
 */
export function readPage(bytes: Uint8Array): Page {
  const lines = linesOf(bytes);
  lines.forEach(checkLine);
  const at = placeOfCount(lines);
  const body = lines.slice(0, at - 1);
  const comments = lines.slice(at + 1 + houseRule.length);
  const page = { body, ...readPublished(lines[at - 1] ?? '', at), comments };
  houseRule.forEach((rule, offset) => {
    const line = at + 1 + offset;
    if (lines[line] !== rule) throw new PageError(line + 1, `here the house rule must say: ${rule}`);
  });
  const said = Number(counted.exec(lines[at] ?? '')?.[1]);
  if (said !== comments.length) {
    throw new PageError(at + 1, `it says COMMENTS (${said}), but ${linesFollow(comments.length)} the house rule.`);
  }
  checkBody(body);
  comments.forEach((comment, index) => {
    checkLength(comment, limits.comment, at + 2 + houseRule.length + index);
  });
  return page;
}

const linesFollow = (count: number) => (count === 1 ? 'one line follows' : `${count} lines follow`);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function linesOf(bytes: Uint8Array): string[] {
  // One character a byte, so that a line that is no UTF-8 can be named.
  const raw = Buffer.from(bytes).toString('latin1').split('\n');
  if (raw.at(-1) === '') raw.pop();
  if (raw.length === 0) throw new PageError(1, 'the file is empty.');
  return raw.map((line, index) => {
    const text = decoded(Buffer.from(line, 'latin1'), index + 1).replace(/\r$/, '');
    return index === 0 ? text.replace(/^\u{FEFF}/u, '') : text;
  });
}

function decoded(bytes: Uint8Array, line: number): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new PageError(line, 'it is not UTF-8.');
  }
}

function checkLine(line: string, index: number): void {
  if (line.trim() === '') throw new PageError(index + 1, 'it is empty; a page has no empty lines.');
  const control = /(?!\t)\p{Cc}/u.exec(line)?.[0];
  if (control === undefined) return;
  const code = (control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new PageError(index + 1, `it has the control character U+${code}.`);
}

const counted = /^COMMENTS \((0|[1-9]\d{0,5})\)$/;
const opening = 'Published in ';
const form = 'Published in PAPER, MONTH DAY, YEAR.';

/** Where COMMENTS (n) stands, right below a line that begins with Published in. A body may hold lines that look like one of the two. */
function placeOfCount(lines: readonly string[]): number {
  const below = (index: number) => lines[index - 1]?.startsWith(opening) ?? false;
  const at = lines.findIndex((line, index) => counted.test(line) && below(index));
  if (at === 1) throw new PageError(1, 'the page has no body: its text comes before this line.');
  if (at > 1) return at;
  const almost = lines.findIndex((line, index) => line.startsWith('COMMENTS') && below(index));
  if (almost >= 0) throw new PageError(almost + 1, 'here must be COMMENTS (n), with the number of comments for n.');
  const alone = lines.findIndex((line) => counted.test(line));
  if (alone >= 0) throw new PageError(alone + 1, `above it must be a line like this: ${form}`);
  const published = lines.findLastIndex((line) => line.startsWith(opening));
  if (published >= 0)
    throw new PageError(published + 2, 'here must be COMMENTS (n), with the number of comments for n.');
  throw new PageError(lines.length + 1, `the page ends without the line ${form}`);
}

function readPublished(line: string, number: number): { paper: string; date: string } {
  const [, paper, spoken] = /^Published in (.+), (\S+ \S+ \d+)\.$/u.exec(line) ?? [];
  if (paper === undefined || spoken === undefined) throw new PageError(number, `it must be like this: ${form}`);
  if (paper.includes('\t')) throw new PageError(number, 'the name of a paper has no tabs.');
  checkLength(paper, limits.paper, number);
  const date = readDate(spoken);
  if ('wrong' in date) throw new PageError(number, date.wrong);
  return { paper, date: date.iso };
}

function checkLength(text: string, most: number, line: number): void {
  const length = Array.from(text).length;
  if (length > most) throw new PageError(line, `it is too long: ${length} characters, where ${most} may be.`);
}

function checkBody(body: readonly string[]): void {
  let bytes = 0;
  body.forEach((line, index) => {
    if (index >= limits.lines)
      throw new PageError(index + 1, `the body is too long: it has more than ${limits.lines} lines.`);
    const html = escaped(line);
    checkLength(html, limits.line, index + 1);
    bytes += Buffer.byteLength(html);
    if (bytes > limits.body)
      throw new PageError(index + 1, `the body is too long: it has more than ${limits.body} bytes.`);
  });
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A line of plain text as the HTML that reads the same. */
export const escaped = (line: string): string => line.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);

/** The other way round. */
export const unescaped = (html: string): string =>
  Object.entries(entities).reduceRight((text, [sign, entity]) => text.replaceAll(entity, sign), html);
