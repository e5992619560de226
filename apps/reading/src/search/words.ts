/** Scripts that put no blanks between words. */
const scripts = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const unspaced = new RegExp(`[${scripts.map((name) => `\\p{Script_Extensions=${name}}`).join('')}]+`, 'gu');
/** Knows the words of those scripts from dictionaries, whatever the language. */
const words = new Intl.Segmenter('und', { granularity: 'word' });
/** Between words where the text has nothing: a control character, which no text has. Postgres parts words there. */
export const seam = '\u001f';
const letter = /[\p{L}\p{N}]/u;

/**
 * A text whose words can be told apart, also in Japanese, Chinese and Thai. Another release of Node may cut otherwise: then the
 * recorded rows differ, and what is made of it needs a new version.
 */
export const cut = (text: string): string =>
  text.replace(unspaced, (run: string, at: number) => {
    const [before, after] = [text.at(at - 1) ?? '', text.at(at + run.length) ?? ''];
    const inside = [...words.segment(run)].map(({ segment }) => segment).join(seam);
    return `${at > 0 && letter.test(before) ? seam : ''}${inside}${letter.test(after) ? seam : ''}`;
  });
