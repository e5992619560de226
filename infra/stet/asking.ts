import { readFileSync } from 'node:fs';
import { readSettings } from '#settings';
import type { Service } from '../postgres/migrate.ts';
import { stackSettings } from '../stack/settings.ts';
import { Trouble } from '../stack/trouble.ts';
import { Wrong } from './command.ts';
import { type Ground, Unreachable } from './ground.ts';

const answersWithinMs = 30_000;

/** The operator's token: that of the settings, else the one that `npm start` wrote down. */
function tokenOf({ env, home }: Ground): string {
  const { STET_TOKEN: given } = readSettings(env, [], ['STET_TOKEN']);
  if (given !== undefined) return given;
  try {
    const [, kept] = /^OPERATOR=(.+)$/m.exec(readFileSync(`${home}/tokens.env`, 'utf8')) ?? [];
    if (kept !== undefined) return kept;
  } catch {
    // Then there is none.
  }
  throw new Trouble(`Set STET_TOKEN to a token of an operator: there is none in ${home}/tokens.env.`);
}

function addressOf({ env }: Ground, service: Service): string {
  const { SERVICES_AT: pattern } = readSettings(env, ['SERVICES_AT']);
  return pattern.replace('{service}', service).replace('{port}', String(stackSettings(env).ports[service]));
}

async function fetched(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(answersWithinMs) });
  } catch (error) {
    throw new Unreachable(`${url} does not answer.`, { cause: error });
  }
}

/** Asks a service; with a body it is told to do something. Throws what it refuses: Wrong when there is nothing by that name or number. */
export async function ask<T>(ground: Ground, service: Service, path: string, body?: object): Promise<T> {
  const url = `${addressOf(ground, service)}${path}`;
  const headers = { authorization: `Bearer ${tokenOf(ground)}`, 'content-type': 'application/json' };
  const response = await fetched(
    url,
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  const said = `${service} answered ${response.status}: ${text.slice(0, 500)}`;
  throw response.status === 404 || response.status === 400 ? new Wrong(said) : new Unreachable(said);
}
