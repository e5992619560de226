/** Folded already: lower case, single blanks. A blank stands for any blanks and punctuation, a letter also for itself stretched. */
export const insults = [
  ...['idiot', 'idiots', 'idiotic', 'moron', 'morons', 'moronic', 'imbecile', 'imbeciles', 'halfwit', 'halfwits'],
  ...['dimwit', 'dimwits', 'cretin', 'cretins', 'scumbag', 'scumbags', 'lowlife', 'lowlifes', 'vermin', 'degenerates'],
  ...[
    'piece of garbage',
    'piece of trash',
    'waste of oxygen',
    'waste of space',
    'sick in the head',
    'shame on your mother',
  ],
  ...['shut your mouth', 'shut up', 'drop dead', 'go to hell', 'rot in hell', 'kill yourself', 'hope you die'],
  ...[
    'crawl back',
    'go back to your country',
    'you people are animals',
    'too stupid to',
    'you are stupid',
    'you are pathetic',
  ],
];
export const salesPitches = [
  ...['work from home and earn', 'earn money from home', 'make money fast', 'make money online', 'get rich quick'],
  ...[
    'double your money',
    'guaranteed profit',
    'guaranteed returns',
    'risk free investment',
    'free crypto',
    'forex signals',
  ],
  ...['buy now', 'buy followers', 'cheap followers', 'discount code', 'promo code', 'limited offer', 'special offer'],
  ...[
    'click here',
    'click the link',
    'visit my channel',
    'subscribe to my channel',
    'follow my page',
    'check out my page',
  ],
  ...[
    'message me on whatsapp',
    'contact me on telegram',
    'whatsapp me',
    'miracle cure',
    'lose weight fast',
    'online casino',
  ],
];

/** A run of one letter as it is written, or stretched to three and more. */
const stretchable = (run: string, letter: string) =>
  run.length === 1 ? `${letter}(?:${letter}{2,})?` : `${letter}{${run.length},}`;

/** Finds any of these phrases in a folded text, as whole words. Each try begins at the start of a word, so it stays fast on any text. */
export function patternOf(phrases: readonly string[]): RegExp {
  const one = (phrase: string) =>
    phrase
      .split(' ')
      .map((word) => word.replaceAll(/(\p{L})\1*/gu, stretchable))
      .join('[\\s\\p{P}]{1,5}');
  return new RegExp(String.raw`(?<!\p{Script=Latin})(?:${phrases.map(one).join('|')})(?!\p{Script=Latin})`, 'gu');
}
