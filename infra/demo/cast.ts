import type { Service } from '../postgres/migrate.ts';
import { Trouble } from '../stack/trouble.ts';
import { Person } from './person.ts';

/** Everybody who has a part. */
export interface Cast {
  readonly reporter: Person;
  readonly editor: Person;
  readonly dutyEditor: Person;
  readonly moderator: Person;
  readonly chief: Person;
  readonly operator: Person;
  /** The paper's site, which speaks for its readers. */
  readonly site: Person;
}

export interface Doors {
  readonly urls: Readonly<Record<Service, string>>;
  readonly issuerUrl: string;
}

export const desk = 'city';

/** Gets each of them a token from the development issuer. */
export async function assemble({ urls, issuerUrl }: Doors): Promise<Cast> {
  const person = async (role: string, name: string) => {
    const sub = `demo-${role}`;
    const token = await tokenFrom(issuerUrl, { sub, name: name || role, roles: [role], desks: [desk] });
    return new Person(name === '' ? `the ${role}` : `${name}, ${role}`, token, urls);
  };
  return {
    reporter: await person('reporter', 'Rosa'),
    editor: await person('editor', 'Edgar'),
    dutyEditor: await person('duty-editor', 'Dina'),
    moderator: await person('moderator', 'Milo'),
    chief: await person('chief', 'Carla'),
    operator: await person('operator', 'Otto'),
    site: await person('site', ''),
  };
}

async function tokenFrom(issuerUrl: string, whom: object): Promise<string> {
  const response = await fetch(`${issuerUrl}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(whom),
  });
  if (!response.ok) throw new Trouble(`${issuerUrl} gives no tokens: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

const names = ['Amina', 'Ben', 'Chiyo', 'Dario', 'Elif', 'Farid', 'Greta', 'Hugo', 'Irini', 'Jun', 'Kofi', 'Lena'];

/** The reader who writes the comment of this number: everybody writes once. */
export const reader = (number: number): { id: string; name: string } => ({
  id: `demo-reader-${number}`,
  name: names[(number - 1) % names.length] ?? 'Anonymous',
});
