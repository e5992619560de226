import { escaped } from './page.ts';

export interface Block {
  readonly id: string;
  readonly kind: 'paragraph' | 'subheading' | 'quote';
  readonly html: string;
  readonly attributions: readonly Attribution[];
}
export interface Attribution {
  readonly speaker: string;
  readonly kind: 'person' | 'statement';
  readonly terms: 'on-record' | 'anonymous';
}

/** Longer than this, in characters, a line without a full stop is a sentence that lacks one. */
const longestSubheading = 60;
const opensQuote = /^["“„‟«»‹›「『‘]/u;
const endsSentence = /[\p{STerm}…:;,][\p{Pf}\p{Pi}\p{Pe}"']*$/u;

/**
 * The lines of a body as blocks, one each. The file does not say what a line is, so it is guessed: one that begins with a quotation
 * mark is a quote; a short one without final punctuation, with something below it, is a sub-heading; all others are paragraphs, and
 * all of them are when otherwise none would be. A wrong guess changes no word of the line.
 */
export function blocksOf(body: readonly string[]): Block[] {
  const kinds = body.map((line, index) => kindOf(line, index === body.length - 1));
  const someParagraph = kinds.includes('paragraph');
  return body.map((line, index) => {
    const kind = (someParagraph ? kinds[index] : undefined) ?? 'paragraph';
    return {
      id: `line-${index + 1}`,
      kind,
      html: escaped(line),
      attributions: kind === 'quote' ? attributionsOf(line) : [],
    };
  });
}

function kindOf(line: string, isLast: boolean): Block['kind'] {
  if (opensQuote.test(line)) return 'quote';
  const isShort = Array.from(line).length <= longestSubheading;
  return isShort && !isLast && !endsSentence.test(line) ? 'subheading' : 'paragraph';
}

const saidBy = /[”"»] said ([^,]{2,200}?)(?:, .*| on (?:the )?condition of anonymity| after .*| on \w+day)?\.$/u;

/** Who is quoted, where an English line says so after the closing mark: `,” said a military official on condition of anonymity.` */
function attributionsOf(line: string): Attribution[] {
  const speaker = saidBy.exec(line)?.[1];
  if (speaker === undefined) return [];
  const kind = /\bstatement\b/.test(speaker) ? 'statement' : 'person';
  return [{ speaker, kind, terms: line.includes('condition of anonymity') ? 'anonymous' : 'on-record' }];
}
