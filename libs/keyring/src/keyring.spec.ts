import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Keyring, MasterKey, Vault } from './index.ts';

const masterKey = Buffer.alloc(32, 7);
const place = { stream: 'comment-1', partitionKey: 'article-1' };
let database: TestDatabase;
let keyring: Keyring;
const opened: Keyring[] = [];
const open = async () => {
  const one = await Keyring.open({ connectionString: database.urls.moderation, masterKey });
  opened.push(one);
  return one;
};
const clients: pg.Client[] = [];
async function client(connectionString: string): Promise<pg.Client> {
  const one = new pg.Client({ connectionString });
  clients.push(one);
  await one.connect();
  return one;
}

beforeAll(async () => {
  database = await createTestDatabase();
  keyring = await open();
});
afterEach(() => Promise.all(clients.splice(0).map((one) => one.end())));
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await database.drop();
});

const someone = () => randomUUID();
/** A comment of theirs, as a decider makes it. */
const said = (person: string, more: object = {}) => ({
  ...{ id: randomUUID(), type: 'CommentSubmitted', version: 2 },
  data: { by: { id: person, name: 'Reader' }, reader: { name: 'Amna Quill' }, text: 'xqzwv', revision: 1, ...more },
});
async function sealed(event: ReturnType<typeof said>, by = keyring, at = place) {
  await by.meet(event.data.by.id, { request: '' });
  const [data] = await by.seal([{ ...event, ...at }]);
  return { ...event, data };
}

const persons = ['house', 'person', 'holding', 'alias'];
/** Tables of keys as their own role copies them away: their rows as JSON. */
async function dump(url: string, tables: readonly string[]): Promise<Map<string, string>> {
  const from = await client(url);
  const dumped = new Map<string, string>();
  for (const table of tables) {
    const text = `select coalesce(json_agg(t), '[]')::text as rows from ${table} t`;
    dumped.set(table, (await from.query<{ rows: string }>(text)).rows[0]?.rows ?? '');
  }
  return dumped;
}
async function restore(dumped: ReadonlyMap<string, string>, url: string): Promise<void> {
  const to = await client(url);
  for (const [table, rows] of dumped)
    await to.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [rows]);
}

describe('what is sealed', () => {
  test('is opened to what it was, in the same process and in another', async () => {
    const event = said(someone(), { reader: { name: 'Amna “Ò” 👍', email: 'a@b.example' } });
    const kept = await sealed(event);
    expect(JSON.stringify(kept)).not.toMatch(/Amna|a@b|xqzwv/);
    expect(kept.data).toMatchObject({ by: event.data.by, revision: 1 });
    expect(await keyring.open([kept])).toEqual([event]);
    expect(await (await open()).open([kept])).toEqual([event]);
  });

  test('never looks the same twice', async () => {
    const event = said(someone());
    expect((await sealed(event)).data).not.toEqual((await sealed(event)).data);
  });

  test('is bound to its event, its field and its person', async () => {
    const [event, other] = [said(someone()), said(someone())];
    const kept = await sealed(event);
    const data = kept.data as { text: string; reader: { name: string } };
    await sealed(other);
    const moved = [
      { ...kept, id: randomUUID() },
      { ...kept, data: { ...data, text: data.reader.name } },
      { ...kept, data: { ...data, by: other.data.by } },
      {
        ...kept,
        data: { ...data, text: `${data.text.slice(0, 30)}${data.text[30] === 'A' ? 'B' : 'A'}${data.text.slice(31)}` },
      },
    ];
    for (const one of moved) await expect(keyring.open([one])).rejects.toThrow();
  });

  test('leaves events of before it was sealed, and of other kinds, as they are', async () => {
    const old = { ...said('r-17'), version: 1 };
    const other = { ...said('r-17'), type: 'CommentApproved', version: 1 };
    const unheard = { ...said('r-17'), type: 'CommentSung', version: 1 };
    expect(await keyring.open([old, other, unheard])).toEqual([old, other, unheard]);
    expect((await keyring.seal([{ ...other, ...place }]))[0]).toBe(other.data);
  });
});

describe('a key', () => {
  test('is one, however many processes ask for it first and at once', async () => {
    const [person, others] = [someone(), await Promise.all([open(), open(), open()])];
    const made = await Promise.all([...others, ...others].map((one) => sealed(said(person), one)));
    const texts = (await keyring.open(made)).map(({ data }) => (data as { text: string }).text);
    expect(texts).toEqual(made.map(() => 'xqzwv'));
  });

  test('that was destroyed opens nothing, seals nothing, and never comes back', async () => {
    const [person, other] = [someone(), someone()];
    const kept = await sealed(said(person));
    const theirs = await sealed(said(other));
    const second = await open();
    expect((await second.meet(person, { request: 'body' }))?.fingerprint).toHaveLength(64);
    await keyring.destroy(person);
    for (const one of [keyring, second]) {
      expect(await one.open([kept, theirs])).toMatchObject([
        { data: { by: { id: person }, reader: { name: '' }, text: '', revision: 1 } },
        { data: { text: 'xqzwv' } },
      ]);
      await expect(sealed(said(person), one)).rejects.toMatchObject({ code: 'person-erased' });
      await expect(one.seal([said(other), said(person)].map((event) => ({ ...event, ...place })))).rejects.toThrow();
      expect(await one.meet(person, { request: 'body', said: ['a'] })).toBeUndefined();
      expect(await one.standing(person)).toBe('erased');
    }
    await keyring.destroy(person);
    expect([await keyring.standing(other), await keyring.standing(someone())]).toEqual(['known', undefined]);
  });

  test('is not destroyed under a transaction that has read it, and is gone for the next', async () => {
    const person = someone();
    const kept = await sealed(said(person));
    const [reader, master] = [await client(database.urls.reading), new MasterKey(masterKey)];
    await reader.query('begin');
    expect(await master.open(reader, [kept])).toMatchObject([{ data: { text: 'xqzwv' } }]);
    let done = false;
    const destroyed = keyring.destroy(person).then(() => (done = true));
    const admin = await client(database.adminUrl);
    const waits = async () =>
      (
        await admin.query(
          "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
        )
      ).rowCount;
    while ((await waits()) === 0) await new Promise((later) => setTimeout(later, 10));
    expect(done).toBe(false);
    await reader.query('commit');
    await destroyed;
    expect(await master.open(reader, [kept])).toMatchObject([{ data: { text: '' } }]);
  });

  test('that was destroyed leaves a dump of before unreadable, unless keys and master key are there as they were then', async () => {
    const [person, source, name] = [someone(), someone(), 'Mira Tolland'];
    const vault = new Vault({ connectionString: database.urls.drafting, masterKey });
    const [event, identity] = [await sealed(said(person)), (await vault.take(source))?.seal('identity', name) ?? ''];
    // The logs of then hold these; their keys are dumped apart from them.
    const dumped = JSON.stringify([event, identity]);
    const keys = {
      ofPersons: await dump(database.urls.keyring, persons),
      ofSources: await dump(database.urls.vault, ['source_key']),
    };
    const found = async (of: Keyring, from: Vault) => {
      const [then, sealedName] = JSON.parse(dumped) as [typeof event, string];
      const [opened] = await of.open([then]);
      const key = (await from.keys([source])).get(source);
      return [(opened?.data as { text?: string }).text, key?.open('identity', sealedName)];
    };
    expect(await found(keyring, vault)).toEqual(['xqzwv', name]);
    await keyring.destroy(person);
    await vault.destroy(source);
    expect(dumped).not.toMatch(/xqzwv|Tolland/);
    expect(await found(keyring, vault)).toEqual(['', undefined]);
    const elsewhere = await createTestDatabase();
    const at = (key: Buffer) => ({ connectionString: elsewhere.urls.moderation, masterKey: key });
    const another = new Vault({ ...at(masterKey), connectionString: elsewhere.urls.drafting });
    const fresh = await Keyring.open(at(masterKey));
    expect(await found(fresh, another)).toEqual(['', undefined]);
    await fresh.close();
    await (await client(elsewhere.adminUrl)).query('truncate keyring.house');
    await restore(keys.ofPersons, elsewhere.urls.keyring);
    await restore(keys.ofSources, elsewhere.urls.vault);
    await expect(Keyring.open(at(Buffer.alloc(32, 8)))).rejects.toThrow('KEYRING_MASTER_KEY is not the key');
    const locked = new Vault({ connectionString: elsewhere.urls.drafting, masterKey: Buffer.alloc(32, 8) });
    await expect(locked.keys([source])).rejects.toThrow();
    // So a dump of the keys has to be gone when they are: with the master key it is all that it takes.
    const restored = await Keyring.open(at(masterKey));
    expect(await found(restored, another)).toEqual(['xqzwv', name]);
    await Promise.all([restored, another, locked, vault].map((one) => one.close()));
    await Promise.all(clients.splice(0).map((one) => one.end()));
    await elsewhere.drop();
  });

  test('is known by what it has sealed', async () => {
    const person = someone();
    await keyring.meet(person, { request: 'nothing yet' });
    expect(await keyring.holdings(person)).toEqual([]);
    for (const stream of ['comment-2', 'comment-1', 'comment-2'])
      await sealed(said(person), keyring, { stream, partitionKey: 'article-1' });
    expect(await keyring.holdings(person)).toEqual([
      { stream: 'comment-1', partitionKey: 'article-1' },
      { stream: 'comment-2', partitionKey: 'article-1' },
    ]);
  });
});

describe('what was said', () => {
  test('has one name while somebody who said it is there, and another after that', async () => {
    const [first, second, later] = [someone(), someone(), someone()];
    const words = ['article', randomUUID()];
    const nameFor = async (person: string) => (await keyring.meet(person, { request: '', said: words }))?.alias;
    const names = await Promise.all([first, second, first].map(nameFor));
    expect(names[0]).toMatch(/^[\da-f-]{36}$/);
    expect(new Set(names).size).toBe(1);
    await keyring.destroy(first);
    expect(await nameFor(second)).toBe(names[0]);
    await keyring.destroy(second);
    expect(await nameFor(later)).not.toBe(names[0]);
  });

  test('and a pseudonym are the same in each process, and others under another keyring', async () => {
    const pseudonym = keyring.pseudonym('r-17');
    expect((await open()).pseudonym('r-17')).toBe(pseudonym);
    expect(keyring.pseudonym('r-18')).not.toBe(pseudonym);
    const elsewhere = await createTestDatabase();
    const another = await Keyring.open({ connectionString: elsewhere.urls.moderation, masterKey });
    expect(another.pseudonym('r-17')).not.toBe(pseudonym);
    await another.close();
    await elsewhere.drop();
  });
});

describe('who may', () => {
  test('a service that has no business with it sees nothing of it, and reading reads keys alone', async () => {
    const [drafting, reading, moderation] = await Promise.all([
      client(database.urls.drafting),
      client(database.urls.reading),
      client(database.urls.moderation),
    ]);
    const denied = (one: pg.Client, sql: string) => expect(one.query(sql)).rejects.toMatchObject({ code: '42501' });
    for (const one of [drafting, reading, moderation]) await denied(one, 'select from keyring.person');
    for (const one of [drafting, reading]) await denied(one, 'select keyring.destroy(gen_random_uuid())');
    await denied(drafting, `select keyring.keys('{}')`);
    await reading.query(`select keyring.keys('{}')`);
    await (await client(database.urls.keyring)).query('select from keyring.person');
  });

  test('its own role can copy it away and back, and what was sealed is opened there', async () => {
    const kept = await sealed(said(someone()));
    const elsewhere = await createTestDatabase();
    await restore(await dump(database.urls.keyring, persons), elsewhere.urls.keyring);
    const restored = await Keyring.open({ connectionString: elsewhere.urls.moderation, masterKey });
    expect(await restored.open([kept])).toMatchObject([{ data: { text: 'xqzwv' } }]);
    await Promise.all([restored.close(), ...clients.splice(0).map((one) => one.end())]);
    await elsewhere.drop();
  });

  test('another master key is refused when the keyring is opened', async () => {
    const other = { connectionString: database.urls.moderation, masterKey: Buffer.alloc(32, 8) };
    await expect(Keyring.open(other)).rejects.toThrow('KEYRING_MASTER_KEY is not the key');
    const { rows } = await (
      await client(database.adminUrl)
    ).query<{ key: Buffer }>('select key from keyring.person limit 1');
    expect(() => new MasterKey(Buffer.alloc(32, 7)).unwrap(someone(), rows[0]?.key ?? Buffer.alloc(60))).toThrow();
  });
});
