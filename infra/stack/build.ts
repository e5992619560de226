import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { textOf, withLock } from './lock.ts';
import type { Report } from './report.ts';
import { Trouble } from './trouble.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = `${root}dist`;
const stamp = `${dist}/.sources`;
// What the services read at run time from beside their sources lies at the same place in dist.
const alsoNeeded = ['infra/kafka/topics.json'];

// Nest asks for these, and goes on without them.
const absent = [
  ...['@nestjs/microservices', '@nestjs/websockets', '@nestjs/platform-express'],
  ...['@fastify/multipart', '@fastify/view'],
];
// Others may load them before a service does, and see to what goes through them.
const shared = ['pg', 'kafkajs'];
// Loaded only here, and only where something has changed.
const compilers = ['@swc/core', 'esbuild'];

/** What nearly all suites load: jest finds, reads and compiles each file of it anew for every suite, and there are five hundred. */
export const librariesOfTests = ['typebox', 'typebox/value', 'sanitize-html'];

/** What `npm run stet` runs. */
export const operatorsCommand = `${dist}/infra/stet.js`;

/** Builds `dist` from the sources of apps and libs, unless it was built from just these. */
export async function build(report: Report): Promise<void> {
  const sources = globSync('{apps,libs}/*/src/**/*.*', { cwd: root }).filter(
    // Tests and what only they use stay out.
    (file) => !file.endsWith('.spec.ts') && !file.startsWith('libs/testing/'),
  );
  const files = [...sources, ...alsoNeeded.filter((file) => existsSync(root + file))].sort();
  const operators = globSync('infra/{postgres,stack,stet}/**/*.ts', { cwd: root }).sort();
  const wanted = fingerprint([...files, ...operators, '.swcrc', 'package-lock.json']);
  if (textOf(stamp) === wanted) return;
  await withLock(`${root}.stet/build.lock`, 'building', {
    waiting: report.say,
    async work() {
      if (textOf(stamp) === wanted) return;
      await report.step('Building', () => compileAll(files, wanted));
    },
  });
}

function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(root + file))
      .update('\0');
  return hash.digest('hex');
}

/** Into a folder beside, which then takes the place of `dist`: nobody sees half a build. */
async function compileAll(files: readonly string[], wanted: string): Promise<void> {
  const partial = `${dist}.partial`;
  rmSync(partial, { recursive: true, force: true });
  // Loaded only here: an unchanged build must not wait for the compiler.
  const { transformFile } = await import('@swc/core');
  for (const file of files) {
    const to = `${partial}/${file}`;
    mkdirSync(dirname(to), { recursive: true });
    if (!file.endsWith('.ts')) {
      copyFileSync(root + file, to);
      continue;
    }
    const { code, map } = await transformFile(root + file, { root, cwd: root }).catch((error: unknown) => {
      throw new Trouble(`${file} does not compile: ${error instanceof Error ? error.message : String(error)}`);
    });
    const js = to.replace(/\.ts$/, '.js');
    writeFileSync(js, map ? `${code}//# sourceMappingURL=${js.split('/').at(-1) ?? ''}.map\n` : code);
    if (map) writeFileSync(`${js}.map`, map);
  }
  await bundleServices(partial);
  await bundleOperatorsCommand(partial);
  await bundle('The libraries of tests', {
    ...{ entryPoints: Object.fromEntries(librariesOfTests.map((name) => [name, name])), splitting: true },
    ...{ absWorkingDir: root, outdir: `${partial}/libraries` },
  });
  writeFileSync(`${partial}/.sources`, wanted);
  rmSync(dist, { recursive: true, force: true });
  renameSync(partial, dist);
}

/**
 * Each service as one file: to find and read three thousand would be most of its start. Without a map of its lines: with those of all libraries
 * in it, the first stack that somebody looks at would take a second and 70 MB.
 */
async function bundleServices(folder: string): Promise<void> {
  await bundle('The services', {
    ...{ entryPoints: globSync('apps/*/src/main.js', { cwd: folder }), external: [...absent, ...shared] },
    ...{ absWorkingDir: folder, outdir: folder, outbase: folder, allowOverwrite: true },
    plugins: [
      {
        name: 'stet',
        setup(bundling) {
          bundling.onResolve({ filter: /^#/ }, ({ path, importer }) =>
            importer.startsWith(folder) ? { path: `${folder}/libs/${path.slice(1)}/src/index.js` } : undefined,
          );
        },
      },
    ],
  });
  for (const file of globSync('apps/*/src/main.js', { cwd: folder })) lighten(`${folder}/${file}`);
}

/** From its sources, and with everything in it. What lies beside one of them is still looked for there. */
async function bundleOperatorsCommand(folder: string): Promise<void> {
  await bundle("The operator's command", {
    ...{ entryPoints: ['infra/stet/main.ts'], external: [...compilers, 'pg-native'] },
    ...{ absWorkingDir: root, outfile: `${folder}/infra/stet.js`, define: { 'import.meta.url': 'stetHere' } },
    plugins: [
      {
        name: 'stet',
        setup(bundling) {
          bundling.onLoad({ filter: /\/(apps|infra|libs)\/.+\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, 'utf8');
            const here = `const stetHere = new URL('../../${relative(root, path)}', stetBundle).href;`;
            return text.includes('import.meta.url') ? { loader: 'ts', contents: `${here}\n${text}` } : undefined;
          });
        },
      },
    ],
  });
}

async function bundle(what: string, options: BuildOptions): Promise<void> {
  const { build: esbuild } = await import('esbuild');
  await esbuild({
    ...{ bundle: true, logLevel: 'silent', platform: 'node', format: 'esm', target: 'node24', keepNames: true },
    banner: {
      js: "import { createRequire as stetRequire } from 'node:module'; const stetBundle = import.meta.url, require = stetRequire(stetBundle);",
    },
    ...options,
  }).catch((error: unknown) => {
    throw new Trouble(`${what} cannot be bundled: ${error instanceof Error ? error.message : String(error)}`);
  });
}

const naming = '(target, value) => __defProp(';
/**
 * Names are kept by naming each function that is ever made, at each request anew; nearly all have their name already. And one letter beyond
 * Latin-1, of those in the patterns of a library, would double what the whole text takes in memory.
 */
function lighten(file: string): void {
  const bundled = readFileSync(file, 'utf8');
  if (!bundled.includes(naming)) throw new Trouble(`${file} keeps names otherwise than it did.`);
  const unlessNamed = bundled.replace(naming, '(target, value) => target.name === value ? target : __defProp(');
  const unit = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, unlessNamed.replace(/[\u0080-\uffff]/g, unit));
}
