import { plainText } from '#contracts';

/** How a language speaks of somebody whom it does not name. */
interface Wording {
  /** Words that say nothing of who somebody is. */
  readonly empty: string;
  /** That somebody said nothing. */
  readonly declined: RegExp;
  /** What a word may end in without being another. */
  readonly ending: RegExp;
}
const never = /(?!)/;
const wordings: Readonly<Record<string, Wording>> = {
  en: {
    empty:
      'a an the one of some another who whom that is was unnamed anonymous confidential source sources person people somebody someone insider insiders',
    declined:
      /\b(?:declin|refus)(?:e|es|ed|ing) (?:to comment|comment|to be interviewed)|\b(?:would|could|did) not (?:comment|respond|reply|be reached)|\bunavailable for comment/i,
    ending: never,
  },
  de: {
    empty:
      'ein eine einer eines einem einen der die das des dem den von aus ist war anonyme anonymer anonymen ungenannte ungenannter vertrauliche vertraulicher quelle quellen person personen jemand insider insidern informant informanten',
    declined:
      /lehnte.* (?:kommentar|stellungnahme|interview|äußern)|(?:wollt|mocht|möcht)en? sich.* nicht.* äußern|äußerten? sich.* nicht|kein\w* (?:kommentar|stellungnahme|angaben)|nicht (?:zu erreichen|erreichbar)|(?:reagiert|antwortet)en? nicht|verweigert.* (?:kommentar|stellungnahme|auskunft)/iu,
    ending: /(?:e[mnrs]?|n|s)$/,
  },
  fr: {
    empty:
      'un une des du de la le les l d qui que est était anonyme anonymes confidentielle source sources personne personnes quelqu on informateur informateurs initié initiés',
    declined:
      /refusé (?:de (?:commenter|répondre|s.exprimer)|(?:à )?tout commentaire)|n.\S+ pas (?:souhaité|voulu) (?:commenter|répondre|s.exprimer|faire de commentaire)|n.\S+ pas (?:répondu|pu être joint|fait de commentaire)|décliné.* commentaire|injoignable/iu,
    ending: /(?:es?|s)$/,
  },
  es: {
    empty:
      'un una unos unas el la los las de del que es era anónima anónimas anónimo anónimos confidencial fuente fuentes persona personas alguien informante informantes',
    declined:
      /(?:declin|rehus)(?:ó|aron) (?:comentar|hacer comentarios|declarar|responder)|(?:negó|negaron) a (?:comentar|hacer comentarios|declarar|responder)|no quis(?:o|ieron) (?:comentar|hacer comentarios|declarar|responder|pronunciarse)|no (?:respond(?:ió|ieron)|pud(?:o|ieron) ser (?:localizad|contactad))|no estuv(?:o|ieron) disponibles?/iu,
    ending: /(?:[aeo]s?|s)$/,
  },
};

/** Those that count for a text: of a language that is not known, all. */
const wordingsFor = (tag: string): readonly Wording[] => {
  const known = wordings[tag.split('-')[0]?.toLowerCase() ?? ''];
  return known ? [known] : Object.values(wordings);
};

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .match(/\p{L}+/gu) ?? [];

/** The words of a description that say something of who it is. */
export function telling(speaker: string, language: string): string[] {
  const empty = new Set(wordingsFor(language).flatMap((wording) => wording.empty.split(' ')));
  return wordsOf(speaker).filter((word) => !empty.has(word));
}

/** Whether a sentence of a block says that whoever is described in these words said nothing. */
export function saysDeclined(html: string, description: readonly string[], language: string): boolean {
  const sentences = plainText(html).split(/(?<=[.!?…]["”’)]*)\s+/u);
  return wordingsFor(language).some(({ declined, ending }) => {
    const stem = (word: string) => word.replace(ending, '');
    return sentences.some((sentence) => {
      if (!declined.test(sentence)) return false;
      const said = new Set(wordsOf(sentence).map(stem));
      return description.every((word) => said.has(stem(word)));
    });
  });
}
