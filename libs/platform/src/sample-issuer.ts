import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A real issuer on a real port, for tests: discovery, keys, and tokens of every kind, good and bad. */
export class SampleIssuer {
  private constructor(
    private readonly server: Server,
    private readonly keys: Readonly<Record<string, Pair>>,
    readonly url: string,
  ) {}

  static async start(): Promise<SampleIssuer> {
    const keys = {
      RS256: await generateKeyPair('RS256'),
      ES256: await generateKeyPair('ES256'),
      EdDSA: await generateKeyPair('EdDSA'),
    };
    const published = await Promise.all(
      Object.entries(keys).map(async ([alg, { publicKey }]) => ({
        ...(await exportJWK(publicKey)),
        kid: alg,
        alg,
        use: 'sig',
      })),
    );
    const server = createServer(({ url }, response) => {
      const documents: Readonly<Record<string, object>> = {
        '/.well-known/openid-configuration': { issuer: address(server), jwks_uri: `${address(server)}/keys` },
        '/keys': { keys: published },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(documents[url ?? ''] ?? {}));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new SampleIssuer(server, keys, address(server));
  }

  /** A token as this issuer gives them out, changed as told; its key may be another's. */
  async token(claims: Record<string, unknown> = {}, alg = 'ES256', key = this.keys[alg]?.privateKey): Promise<string> {
    if (!key) throw new Error(`There is no key for ${alg}.`);
    const now = Math.floor(Date.now() / 1000);
    const usual = {
      iss: this.url,
      aud: 'stet',
      sub: 'ada',
      name: 'Ada',
      roles: ['editor'],
      desks: ['city'],
      exp: now + 300,
    };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid: alg }).sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
