import { type Block, type Content, type Edition, plainText } from '#contracts';

/** Said above the comments of every article. */
export const houseRule = [
  'Comments are moderated and generally will be posted if they are on-topic and not abusive.',
  'For more information, please see our Comments FAQ',
] as const;

const lineEnd = /\s*\n\s*/;
/** What is one thing is one line. */
const oneLine = (text: string): string => (text.includes('\n') ? text.split(lineEnd).join(' ') : text);

/** A block is one line, whatever line breaks its HTML has; a list has one line for each item; of an image, what is printed below it. */
const linesOf = ({ kind, html, image }: Block): string[] => {
  const text = plainText(html);
  if (image)
    return [[text, image.credit && `(${image.credit})`].filter(Boolean).map(oneLine).join(' ')].filter(Boolean);
  return kind === 'list' ? text.split(lineEnd).filter((item) => item !== '') : [oneLine(text)];
};

/** What stands above the text: headline, standfirst, byline, dateline, each only if there is one. */
export const headOf = ({ headline, standfirst, byline, dateline }: Content): string =>
  [headline, standfirst, ...byline, dateline]
    .filter((line) => line !== '')
    .map(oneLine)
    .join('\n');

export const bodyOf = ({ blocks }: Content): string => blocks.flatMap(linesOf).join('\n');

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const suffixes: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** `2011-07-15` as a newspaper writes it: `July 15th, 2011`. */
export function spokenDate(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return `${months[month - 1] ?? ''} ${day}${suffixes[ordinals.select(day)] ?? ''}, ${year}`;
}

export const publishedIn = ({ paper, date }: Edition): string => `Published in ${paper}, ${spokenDate(date)}.`;

/** Everything that a page in plain text is made of. */
export interface PlainPage {
  readonly head: string;
  readonly body: string;
  readonly publishedIn: string;
  readonly corrections: readonly { readonly class: string; readonly number: number; readonly note: string }[];
  readonly comments: readonly string[];
}

/** The page as a reader would copy it out: head, body, where and when it appeared, corrections, comments. Ends in a line feed. */
export function plainPage({ head, body, publishedIn: appeared, corrections, comments }: PlainPage): string {
  const lines = [
    ...[head, body].filter((part) => part !== ''),
    appeared,
    ...corrections.map(
      ({ class: of, number, note }) => `${of === 'REFILE' ? 'Amended' : `Correction ${number}`}: ${oneLine(note)}`,
    ),
    `COMMENTS (${comments.length})`,
    ...houseRule,
    ...comments.map(oneLine),
  ];
  return `${lines.join('\n')}\n`;
}
