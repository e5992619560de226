import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { houseRule, readPage, writePage } from '../../infra/demo/page.ts';
import { isAlive, type Recorded } from '../../infra/stack/processes.ts';
import { freePorts } from '../../infra/stack/stack.ts';
import { type Newsroom, openNewsroom } from '../newsroom.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const story = ['../shared/stories/', '../../shared/stories/']
  .map((folder) => `${root}${folder}anti-terror-cooperation.txt`)
  .find((file) => existsSync(file));
const folder = mkdtempSync(`${tmpdir()}/stet-demo-`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Environment = Record<string, string>;
const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
const names = ['ISSUER', 'DRAFTING', 'PUBLICATION', 'MODERATION', 'READING', 'POSTGRES', 'KAFKA'];
/** Ports and a home of its own. */
async function elsewhere(home: string): Promise<Environment> {
  const first = await freePorts(names.length + 1);
  const ports = names.map((name, at) => [`${name}_PORT`, String(first + at)] as const);
  return { STET_HOME: `${folder}/${home}`, ...Object.fromEntries(ports) };
}

interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}
/** `npm run demo -- FILE`, as a process of its own. */
function demo(env: Environment, ...args: string[]): Promise<Told> {
  const quiet = '--disable-warning=ExperimentalWarning';
  const child = spawn(process.execPath, [quiet, 'infra/demo.ts', ...args], {
    cwd: root,
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { out: '', complaint: '' };
  child.stdout.on('data', (bytes: Buffer) => (told.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (told.complaint += bytes.toString()));
  return new Promise((done) => {
    child.once('close', (code) => {
      done({ ...told, code });
    });
  });
}

/** The lines of the page as the demo printed them. */
const printed = (out: string): string[] =>
  out.split('\n').flatMap((line) => (line.startsWith('  | ') ? [line.slice(4)] : []));
const written = (name: string, text: string): string => {
  writeFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
};

function expectWhole({ code, out, complaint }: Told, file: string): void {
  expect(complaint).toBe('');
  expect(code).toBe(0);
  const lines = writePage(readPage(readFileSync(file))).split('\n');
  expect(printed(out).slice(2)).toEqual(lines);
  for (const said of [
    ...[
      'refused: 409 block-conflict',
      'refused: 403 four-eyes',
      '→ PublicationOpened',
      'rejected, abusive',
      'rejected, commercial',
    ],
    ...['rejected, language', 'rejected, duplicate', 'screening had marked: insult “IDIOT”', 'Correction 1: '],
    ...['ItemReleased.v2, item 1, usable', 'ItemCorrected.v2, item 2, usable', 'the same digests'],
  ])
    expect(out).toContain(said);
}

describe('through a system that runs already', () => {
  let env: Environment;
  let newsroom: Newsroom;
  beforeAll(async () => {
    const here = await elsewhere('running');
    newsroom = await openNewsroom(here);
    const STET_TOPIC_PREFIX = newsroom.topic('').slice(0, -1);
    env = { ...here, KAFKA_BROKERS: newsroom.stack.brokers, STET_TOPIC_PREFIX };
  }, 180_000);
  afterAll(() => newsroom.close());

  const told = async (file: string) => {
    const answer = await demo(env, file);
    expectWhole(answer, file);
    expect(answer.out).toContain('Stet is running already');
    return answer;
  };

  test.each(readdirSync(`${root}infra/demo/pages`))(
    'the page %s that comes with Stet comes back line for line',
    async (name) => {
      await told(`${root}infra/demo/pages/${name}`);
    },
    120_000,
  );

  test('so do 120 comments, among them some that screening marks', async () => {
    const comments = Array.from({ length: 120 }, (_, number) => `No. ${number}: <b>“${number} & up”</b> 🙂`);
    // What people write: the same twice, a link, capitals, an insult in a quotation, blanks at the end.
    Object.assign(comments, {
      ...{
        20: comments[19],
        40: 'https://example.org/?a=1&b=2',
        60: 'WHAT A VERY GOOD BRIDGE',
        80: 'Not an idiot. ',
      },
    });
    const page = {
      body: ['\u00a0One line, &amp; no more. '],
      paper: 'The Courier, London',
      date: '2024-02-29',
      comments,
    };
    const { out } = await told(written('many.txt', writePage(page).replaceAll('\n', '\r\n')));
    expect(out).toContain('COMMENTS (120)');
  }, 300_000);

  test('the system is still there afterwards', async () => {
    expect((await fetch(`${newsroom.stack.urls.reading}/health/ready`)).status).toBe(200);
  });
});

const notThere = story === undefined ? ' (LEFT OUT: no ../shared/stories beside this checkout)' : '';
(story === undefined ? test.skip : test)(
  `a system that it has to start is stopped afterwards; a real page comes back line for line${notThere}`,
  async () => {
    const env = await elsewhere('started');
    const file = story ?? '';
    const answer = await demo(env, file);
    expectWhole(answer, file);
    expect(answer.out).toMatch(
      /Starting Postgres[^]*The story took [\d.]+ s[^]*Stopping postgres[^]*With starting and stopping Stet it took/,
    );
    expect(recorded(env)).toEqual([]);
  },
  240_000,
);

const recorded = (env: Environment): Recorded[] => {
  const run = `${env.STET_HOME ?? ''}/run`;
  const files = existsSync(run) ? readdirSync(run) : [];
  return files.map((file) => JSON.parse(readFileSync(`${run}/${file}`, 'utf8')) as Recorded).filter(isAlive);
};

test('a malformed file is refused by the number of its line, and nothing is started', async () => {
  const env = await elsewhere('never');
  const file = written('bad.txt', `One.\nPublished in A, July 32nd, 2011.\nCOMMENTS (0)\n${houseRule.join('\n')}`);
  expect(await demo(env, file)).toEqual({
    ...{ code: 1, out: '', complaint: `${file}, line 2: July 2011 has no day 32.\n` },
  });
  const missing = await demo(env, `${folder}/nowhere.txt`);
  expect(missing).toEqual({ code: 1, out: '', complaint: `${folder}/nowhere.txt cannot be read (ENOENT).\n` });
  expect(existsSync(env.STET_HOME ?? '')).toBe(false);
});

test('it says how it is used, and refuses what it does not know', async () => {
  const env = await elsewhere('never');
  expect((await demo(env, '--help')).out).toContain('npm run demo -- FILE');
  expect(await demo(env, '--fast')).toMatchObject({ code: 1, out: '' });
  const foreign = await demo({ ...env, OIDC_ISSUER: 'https://login.example' });
  expect(foreign.code).toBe(1);
  expect(foreign.complaint).toContain('OIDC_ISSUER');
  expect(existsSync(env.STET_HOME ?? '')).toBe(false);
});
