import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.ts';
import { lastLine, runTool } from './processes.ts';
import type { Report } from './report.ts';
import { Trouble } from './trouble.ts';

const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));
/** Belongs to the checkout, not to a data folder: every stack started from here runs the same jars. */
const cache = fileURLToPath(new URL('../../.stet/kafka', import.meta.url));
const leastJava = 17;
const leastMaven = '3.6.3';

/** The `java` to run, once it is known to be there and new enough. */
export async function findJava(): Promise<string> {
  const home = process.env.JAVA_HOME;
  const java = home ? `${home}/bin/java` : 'java';
  const { code, said } = await runTool(java, ['-version']);
  const advice = `install a JDK ${leastJava} or newer and put it on the PATH (or in JAVA_HOME)`;
  if (code !== 0) throw new Trouble(`Java is missing${home ? ` in JAVA_HOME (${home})` : ''}: ${advice}.`);
  const [, version = ''] = /version "([^"]+)"/.exec(said) ?? [];
  const major = Number(version.replace(/^1\./, '').split(/[.+-]/)[0]);
  if (!(major >= leastJava)) throw new Trouble(`Java ${version || 'of an unknown version'} is too old: ${advice}.`);
  return java;
}

async function requireMaven(): Promise<void> {
  const { code, said } = await runTool('mvn', ['-v']);
  const advice = `install Maven ${leastMaven} or newer and put it on the PATH; it fetches Kafka once`;
  if (code !== 0) throw new Trouble(`Maven is missing: ${advice}.`);
  const [, version] = /Apache Maven (\d+\.\d+\.\d+)/.exec(said) ?? [];
  if (version && version.localeCompare(leastMaven, 'en', { numeric: true }) < 0) {
    throw new Trouble(`Maven ${version} is too old: ${advice}.`);
  }
}

/** The folder of the broker's jars; Maven fetches them the first time, and again when pom.xml has changed. */
export async function kafkaJars(report: Report, logs: string): Promise<string> {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const jars = `${cache}/jars-${version}`;
  if (existsSync(jars)) return jars;
  await withLock(`${cache}/lock`, 'fetching Kafka', {
    waiting: report.say,
    async work() {
      if (existsSync(jars)) return;
      await requireMaven();
      await report.step('Fetching Kafka through Maven', (progress) => fetchJars(jars, `${logs}/maven.log`, progress));
    },
  });
  return jars;
}

async function fetchJars(jars: string, log: string, progress: (soFar: string) => void): Promise<void> {
  const partial = `${jars}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
  let files = 0;
  const { code, said } = await runTool('mvn', ['-B', '-f', pom, ...goal], {
    heard(text) {
      files += text.split('Downloaded from').length - 1;
      progress(`${files} files`);
    },
  });
  writeFileSync(log, said);
  if (code !== 0) throw whyMavenFailed(said, log);
  renameSync(partial, jars);
}

const unreachable =
  /Could not transfer|Unknown host|Temporary failure in name resolution|Connection (refused|timed out)/;

function whyMavenFailed(said: string, log: string): Trouble {
  if (said.includes('No space left on device')) {
    return new Trouble('The disk is full: Maven could not store the jars of Kafka. Free some space and start again.');
  }
  if (unreachable.test(said)) {
    return new Trouble(
      `Maven cannot reach its repository: check the network, or the proxy and mirror in ~/.m2/settings.xml, and start again (all it said: ${log}).`,
    );
  }
  return new Trouble(`Maven could not fetch Kafka (all it said: ${log}): ${lastLine(said)}`);
}
