import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../../infra/stack/stack.ts';

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The settings by which the operator's command finds a stack. */
export const pointingAt = ({ adminUrl, brokers, home }: Stack) => ({
  ...{ DATABASE_URL: adminUrl, KAFKA_BROKERS: brokers, STET_HOME: home.path },
});

/** Runs `npm run stet -- …` as its script does. */
export function stet(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Said> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'infra/stet.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  let [out, error] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  child.stderr.on('data', (text: Buffer) => (error += text.toString('utf8')));
  return new Promise((done) =>
    child.once('close', (code) => {
      done({ code, out, error });
    }),
  );
}
