import { expect, test } from '@jest/globals';
import { saysDeclined, telling } from './wording.ts';

test('of a description, what says who somebody is, in each language; one that is not known has the words of all', () => {
  const empty = [
    ['en', 'one of the sources who was unnamed'],
    ['de', 'eine anonyme Quelle'],
    ['fr-CA', 'une source d’une personne'],
    ['ES', 'fuente confidencial'],
    ['pl', 'une source, eine Quelle, a source'],
  ] as const;
  for (const [language, speaker] of empty) expect([language, ...telling(speaker, language)]).toEqual([language]);
  expect(telling('eine Quelle im Ministerium', 'de')).toEqual(['im', 'ministerium']);
  // In French it says nothing.
  expect(telling('a UN source', 'en')).toEqual(['un']);
});

test('that somebody said nothing, in each language, however the words for them are bent', () => {
  const says = (language: string, speaker: string, html: string) =>
    saysDeclined(html, telling(speaker, language), language);
  const declined = [
    ['en', 'a harbour officer', 'The harbour officer could not be reached. It is open.'],
    ['de', 'ein hoher Beamter', 'Der hohe Beamte lehnte einen Kommentar ab.'],
    ['de', 'ein Beamter', 'Die Beamten wollten sich dazu nicht <em>äußern</em>.'],
    ['fr', 'un haut responsable', 'Le haut responsable n’a pas souhaité s’exprimer.'],
    ['fr', 'une conseillère', 'La conseillère a refusé de commenter.'],
    ['es', 'un alto funcionario', 'El alto funcionario se negó a hacer comentarios.'],
    ['es', 'una asesora', 'Las asesoras no quisieron pronunciarse.'],
    ['pl', 'un haut responsable', 'Le haut responsable a refusé de répondre.'],
  ] as const;
  for (const [language, speaker, html] of declined) expect([html, says(language, speaker, html)]).toEqual([html, true]);
  expect(says('de', 'ein Beamter', 'Der Bürgermeister lehnte einen Kommentar ab. Ein Beamter nicht.')).toBe(false);
  expect(says('de', 'ein Beamter', 'Der Beamte lehnte den Plan ab.')).toBe(false);
  expect(says('en', 'a harbour officer', 'A harbour official declined to comment.')).toBe(false);
});
