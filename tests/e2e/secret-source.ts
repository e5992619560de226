import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStore } from '#event-store';
import { pointingAt, stet } from '../operator/command.ts';
import { linesIn } from '../operator/kept.ts';
import { article, type Desk, publication, story, until } from './desk.ts';
import { type Mark, tracesInFiles, tracesInTables } from './traces.ts';

/** What nobody may find who was not told; and what everybody may, which shows that the searches find. */
const planted = ['Zyxtolland', 'zyxdetails', 'zyxwhy', 'zyxlook', 'zyxretract', 'Zyxhidden'] as const;
const [name, details, why, looked, retracted, other] = planted;
const printed = 'an officer of the zyxharbour';
/** Where these have to be found as long as there is a key. */
export const placesOfPrinted = ['drafting.event', 'data/kafka/**', 'data/postgres/**', 'drafting.ndjson.gz'] as const;
export const placesOfKey = ['vault.source_key', 'data/postgres/**', 'vault.ndjson.gz'] as const;
const services = ['drafting', 'publication', 'moderation', 'reading'] as const;

export interface Secret {
  readonly sourceId: string;
  readonly articleId: string;
  /** What people were refused with, who had the names in what they sent. */
  readonly refusals: readonly string[];
  /** The wrapped key, as files have it. */
  readonly key: Buffer;
}

/** Somebody is quoted without a name, in what is published; looked up, and in the end retracted. */
export async function playSecret(desk: Desk): Promise<Secret> {
  const { reporter, editor, duty, newsroom } = desk;
  const body = { desk: 'city', description: printed, why, identity: { names: [`Mira ${name}`], details } };
  const { id: sourceId } = await reporter.command('drafting', '/sources', body);
  await editor.command('drafting', `/sources/${sourceId}/verify`);
  const attributions = [{ speaker: printed, kind: 'person', terms: 'anonymous' }];
  const quote = { id: 'q1', kind: 'quote', html: '“It is not safe.”', attributions };
  const { id } = await reporter.command('drafting', '/articles', { ...story, blocks: [...story.blocks, quote] });
  await reporter.command('drafting', article(id, 'attribute'), { block: 'q1', speaker: printed, sourceId });
  await reporter.command('drafting', article(id, 'submit'));
  await editor.command('drafting', article(id, 'claim'));
  await editor.command('drafting', article(id, 'source-check'), { version: 1, answer: 'public-mention' });
  const { position } = await editor.command('drafting', article(id, 'approve'), { version: 1 });
  await duty.command('publication', publication(id, 'publish'), { version: 1, after: position });
  await editor.command('drafting', `/sources/${sourceId}/look`, { reason: looked });
  await editor.command('drafting', `/sources/${sourceId}/retract`, { reason: retracted });
  await until(async () => (await desk.site.get('reading', `/articles/${id}/page`)).status === 200);
  const refusals = [
    reporter.post('drafting', '/sources', { ...body, identity: { names: name, details: [details] } }),
    reporter.post('drafting', '/sources', { ...body, [other]: other }),
    newsroom.as('legal').post('drafting', '/sources', body),
    newsroom.as('chief').post('drafting', `/sources/${sourceId}/look`, { reason: looked }),
    editor.post('drafting', `/sources/${sourceId}/retract`, { reason: { [other]: retracted } }),
    reporter.post('drafting', `/sources/${other}/look`, { reason: looked }),
  ];
  const { rows } = await desk.admin.query<{ key: Buffer }>('select key from vault.source_key where id = $1', [
    sourceId,
  ]);
  return {
    ...{ sourceId, articleId: id, key: rows[0]?.key ?? Buffer.alloc(0) },
    refusals: (await Promise.all(refusals)).map(({ status, body: said }) => {
      if (status < 400) throw new Error(`It was answered ${status}.`);
      // A field that is not known may be named; it is what the caller wrote in its place.
      return JSON.stringify(said).replaceAll(`/${other}`, '');
    }),
  };
}

/** Where the name of a source stands in an archive made now, by file. */
async function tracesInArchive({ newsroom: { stack } }: Desk, texts: readonly string[]): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'stet-secret-'));
  try {
    const { code, error } = await stet(pointingAt(stack), 'export', join(home, 'archive'));
    if (code !== 0) throw new Error(error);
    const folder = join(home, 'archive');
    const files = readdirSync(folder).filter((file) => file.endsWith('.gz'));
    return files.filter((file) => linesIn(folder, file).some((line) => texts.some((text) => line.includes(text))));
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Every place in which these stand: tables, files of Postgres and Kafka, logs, anchors, metrics, answers, and an archive. */
async function tracesOf(desk: Desk, secret: Secret, texts: readonly string[]): Promise<string[]> {
  const { stack } = desk.newsroom;
  const marks: Mark[] = texts.map((text) => ({ text, bytes: Buffer.from(text) }));
  const has = (said: string) => texts.some((text) => said.includes(text));
  await desk.admin.query('checkpoint');
  const metrics = await Promise.all(services.map(async (of) => (await fetch(`${stack.urls[of]}/metrics`)).text()));
  return [
    ...(await tracesInTables(desk.admin, texts)),
    ...['data/kafka/**', 'data/postgres/**', 'logs/**', 'anchors/**'].filter(
      (pattern) => tracesInFiles(stack.home.path, pattern, marks).length > 0,
    ),
    ...(metrics.some(has) ? ['metrics'] : []),
    ...(secret.refusals.some(has) ? ['answers'] : []),
    ...(await tracesInArchive(desk, texts)),
  ];
}
export const tracesOfSecret = (desk: Desk, secret: Secret) => tracesOf(desk, secret, planted);
export const tracesOfPrinted = (desk: Desk, secret: Secret) => tracesOf(desk, secret, [printed]);

/** Where its key stands: its table, files of the database, the archive. */
export async function tracesOfKey(desk: Desk, { key }: Secret): Promise<string[]> {
  await desk.admin.query('checkpoint');
  const inFiles = tracesInFiles(desk.newsroom.stack.home.path, 'data/postgres/**', [{ text: 'the key', bytes: key }]);
  const hex = key.toString('hex');
  return [
    ...(await tracesInTables(desk.admin, [hex])),
    ...(inFiles.length > 0 ? ['data/postgres/**'] : []),
    ...(await tracesInArchive(desk, [hex])),
  ];
}

/** What there is of it for those who may know of it: how it stands and what used it, and each of its events. */
export async function historyOf({ newsroom, eventsOf }: Desk, { sourceId }: Secret) {
  const auditor = newsroom.as('auditor');
  const { body } = await auditor.get('drafting', `/sources/${sourceId}`);
  const { body: uses } = await auditor.get('drafting', `/sources/${sourceId}/uses`);
  const { description, registeredBy, verifiedBy, seen, retracted: isRetracted, articles } = body;
  const looks = (seen as object[]).length;
  return {
    ...{ description, registeredBy, verifiedBy, looks, isRetracted, articles, uses: uses.items },
    events: (await eventsOf('drafting', `source-${sourceId}`)).filter((type) => type !== 'SourceKeyDestroyed'),
  };
}

export async function destroyKey({ newsroom }: Desk, { sourceId }: Secret): Promise<void> {
  await newsroom.as('privacy-officer', 'pia').command('drafting', `/sources/${sourceId}/destroy-key`);
}
export async function chainOf({ newsroom }: Desk) {
  const drafting = await EventStore.open({ connectionString: newsroom.stack.adminUrl, service: 'drafting' });
  const verdict = await drafting.verify();
  await drafting.close();
  return verdict;
}
