import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { Trouble } from './trouble.ts';

/** As whom Postgres runs: it refuses to be root. */
export interface Identity {
  readonly kind: 'myself' | 'user namespace' | 'another user';
  readonly as: { uid: number; gid: number } | undefined;
  /** Makes a folder that this identity owns. */
  make(folder: string): void;
  /** Gives it a file. */
  give(file: string): void;
}

const namespace = ['-U', '--map-user=1000', '--map-group=1000'];

/**
 * Ourselves, unless we are root. Then a user namespace in which root's files belong to an ordinary user, which works even below a private folder;
 * and where that is refused, the user `postgres`, who must be able to enter `folders` and own `data`.
 */
export function ordinaryUser(folders: readonly string[], data: string): Identity {
  if (process.getuid?.() !== 0) return asMyself('myself');
  if (spawnSync('unshare', [...namespace, 'true']).status === 0) {
    giveAll(data, 0, 0);
    return asMyself('user namespace');
  }
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  if (!uid || !gid) {
    throw new Trouble(
      'Postgres refuses to run as root, and this machine lets root make no user namespace: start Stet as an ordinary user, or add a user named postgres.',
    );
  }
  const closed = folders.find((folder) => spawnSync('test', ['-x', folder], { uid, gid }).status !== 0);
  if (closed !== undefined) {
    throw new Trouble(
      `Postgres refuses to run as root, and the user postgres cannot enter ${closed}: start Stet as an ordinary user, or allow entering (chmod o+x) that folder and those above it.`,
    );
  }
  const give = (path: string) => {
    chownSync(path, uid, gid);
  };
  const make = (folder: string) => {
    mkdirSync(folder, { mode: 0o700 });
    give(folder);
  };
  giveAll(data, uid, gid);
  return { kind: 'another user', as: { uid, gid }, make, give };
}

/** The machine may have changed its mind about user namespaces since the data were made. */
function giveAll(data: string, uid: number, gid: number): void {
  if (existsSync(data) && statSync(data).uid !== uid) spawnSync('chown', ['-R', `${uid}:${gid}`, data]);
}

function asMyself(kind: 'myself' | 'user namespace'): Identity {
  return {
    kind,
    as: undefined,
    make: (folder) => {
      mkdirSync(folder, { mode: 0o700 });
    },
    give: () => undefined,
  };
}

/** How to run `command` as that identity. `unshare` becomes the command, so the pid stays the same. */
export function runAs(identity: Identity, command: string, args: readonly string[]) {
  const { as } = identity;
  return identity.kind === 'user namespace'
    ? { command: 'unshare', args: [...namespace, command, ...args], as }
    : { command, args, as };
}
