import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireSpace } from '../../infra/stack/home.ts';
import { explain } from '../../infra/stack/trouble.ts';
import { type Checkout, checkout, pathWith } from './checkout.ts';

const java17 = `echo 'openjdk version "17.0.15" 2025-04-15' >&2`;
const maven3 = 'echo "Apache Maven 3.8.7"';

describe('npm start says in one line what is wrong and what to do', () => {
  let bare: Checkout;
  beforeAll(async () => {
    bare = await checkout({ jars: false });
  });
  afterAll(() => {
    bare.remove();
  });

  async function lastLine(env: Record<string, string>): Promise<string> {
    const start = bare.start(env);
    expect(await start.exit).toBe(1);
    expect(bare.recorded()).toEqual([]);
    return start.said().trimEnd().split('\n').at(-1) ?? '';
  }

  it.each([
    ['Java is missing', {}, /^Java is missing: install a JDK 17 or newer/],
    [
      'Java is too old',
      { java: `echo 'openjdk version "11.0.2" 2019-01-15' >&2` },
      /^Java 11\.0\.2 is too old: install/,
    ],
    ['Java is ancient', { java: `echo 'java version "1.8.0_402"' >&2` }, /^Java 1\.8\.0_402 is too old: install/],
    ['Maven is missing', { java: java17 }, /^Maven is missing: install Maven 3\.6\.3 or newer/],
    ['Maven is too old', { java: java17, mvn: 'echo "Apache Maven 3.3.9"' }, /^Maven 3\.3\.9 is too old: install/],
    [
      'the repository cannot be reached',
      {
        java: java17,
        mvn: `case "$*" in -v) ${maven3};; *) echo "Could not transfer artifact x: Unknown host"; exit 1;; esac`,
      },
      /^Maven cannot reach its repository: check the network/,
    ],
    [
      'the disk is full while fetching',
      { java: java17, mvn: `case "$*" in -v) ${maven3};; *) echo "No space left on device"; exit 1;; esac` },
      /^The disk is full: Maven/,
    ],
  ])('when %s', async (_what, scripts, line) => {
    expect(await lastLine({ PATH: pathWith(bare, scripts) })).toMatch(line);
  });

  it('when a port is taken: which, by whom, and the variable that moves it', async () => {
    const server = createServer();
    const port = bare.firstPort + 1;
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    try {
      expect(await lastLine({})).toMatch(
        new RegExp(`^Port ${port} \\(drafting\\) is taken by \\S+ \\(process ${process.pid}\\): .*DRAFTING_PORT`),
      );
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('when the data were made by a newer version', async () => {
    const home = `${bare.path}/newer`;
    mkdirSync(`${home}/data`, { recursive: true });
    writeFileSync(`${home}/data/format`, '99');
    expect(await lastLine({ STET_HOME: home })).toMatch(/made by a newer version of Stet \(format 99, .*STET_HOME/);
  });

  it('when its token issuer would run in production', async () => {
    expect(await lastLine({ NODE_ENV: 'production' })).toMatch(
      /^The development issuer .*NODE_ENV=production.*OIDC_ISSUER/,
    );
  });

  it('when a setting is wrong: the variable', async () => {
    expect(await lastLine({ KAFKA_PORT: 'ninety' })).toMatch(/KAFKA_PORT/);
  });

  it('when the disk is full', () => {
    expect(() => {
      requireSpace(tmpdir(), 1e12);
    }).toThrow(/^The disk is full: .*STET_HOME/);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(explain(full)).toMatch(/^The disk is full .*STET_HOME/);
  });
});

it('npm start -- --help lists the settings', async () => {
  const bare = await checkout({ jars: false });
  const start = bare.start({}, ['--help']);
  expect(await start.exit).toBe(0);
  for (const variable of ['DATABASE_URL', 'KAFKA_BROKERS', 'STET_HOME', 'READING_PORT']) {
    expect(start.said()).toContain(variable);
  }
  bare.remove();
});
