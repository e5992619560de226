import { writeFileSync } from 'node:fs';
import { type Issuer, type Person, roles } from './issuer.ts';

// Long enough to be forgotten about; the issuer is for development only.
const thirtyDays = 30 * 24 * 3600;
const desks = ['national', 'city', 'world', 'business', 'sport'];

/** Somebody for each role, by the name of the role, so that a story can be told with them. */
export const people: readonly Person[] = roles.map((role) => ({
  sub: role,
  name: role.charAt(0).toUpperCase() + role.slice(1).replaceAll('-', ' '),
  roles: [role],
  desks,
}));

/** One line for each role that gives a shell its token, ready to paste: `EDITOR=eyJ…`. Also written to `file`, to be sourced. */
export async function tokenLines(token: Issuer['token'], file: string): Promise<string[]> {
  const lines = await Promise.all(
    people.map(async (person) => {
      const variable = person.sub.toUpperCase().replaceAll('-', '_');
      return `${variable}=${await token(person, thirtyDays)}`;
    }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return lines;
}
