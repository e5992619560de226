import { describe, expect, it } from '@jest/globals';
import { kafkaConnection, readSettings, settings, settingsHelp, settingsTable, SettingsError } from './index.ts';

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
};

describe('settings', () => {
  it('falls back where nothing, or nothing but blanks, was set', () => {
    const read = readSettings({ STET_SHARDS: '', KAFKA_TLS: ' ' }, ['STET_SHARDS', 'KAFKA_TLS', 'DRAFTING_PORT']);
    expect(read).toEqual({ STET_SHARDS: 1, KAFKA_TLS: 'off', DRAFTING_PORT: 4001 });
  });

  it('reads what was set', () => {
    const read = readSettings({ KAFKA_BROKERS: 'a:1, [::1]:9092', STET_SHARDS: '3' }, ['KAFKA_BROKERS', 'STET_SHARDS']);
    expect(read).toEqual({ KAFKA_BROKERS: ['a:1', '[::1]:9092'], STET_SHARDS: 3 });
  });

  it('names every variable that is missing or wrong, at once', () => {
    const faults = faultsOf(() =>
      readSettings({ STET_SHARDS: '0', KAFKA_TLS: 'maybe' }, ['STET_SHARDS', 'KAFKA_TLS', 'DATABASE_URL']),
    );
    expect(faults).toHaveLength(3);
    expect(faults[0]).toMatch(/^STET_SHARDS must be a whole number from 1 to 64, not '0'\.$/);
    expect(faults[1]).toMatch(/^KAFKA_TLS must be one of off, on, not 'maybe'\.$/);
    expect(faults[2]).toMatch(/^DATABASE_URL is not set\./);
  });

  it.each([
    ['DRAFTING_PORT', '65536'],
    ['DRAFTING_PORT', '4001.5'],
    ['DRAFTING_PORT', '0x10'],
    ['KAFKA_BROKERS', 'localhost'],
    ['KAFKA_BROKERS', 'a:1,,b:2'],
    ['OIDC_ISSUER', 'localhost:4000'],
    ['STET_TOPIC_PREFIX', 'Stet.'],
    ['PAPER', 'A\u0000B'],
    ['LOG_LEVEL', 'loud'],
    ['KEYRING_MASTER_KEY', 'short'],
    ['KEYRING_MASTER_KEY', '='.repeat(43)],
  ] as const)('refuses %s=%j', (name, value) => {
    expect(faultsOf(() => readSettings({ [name]: value }, [name]))).toEqual([
      expect.stringMatching(`^${name} must be`),
    ]);
  });

  it('does not show a secret that is wrong', () => {
    const faults = faultsOf(() => readSettings({ DATABASE_URL: 'mysql://me:hunter2@there/db' }, ['DATABASE_URL']));
    expect(faults.join()).toMatch(/^DATABASE_URL must be a Postgres address/);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('leaves out what may be missing, but checks it when it is there', () => {
    expect(readSettings({}, [], ['DATABASE_URL']).DATABASE_URL).toBeUndefined();
    expect(faultsOf(() => readSettings({ DATABASE_URL: 'nowhere' }, [], ['DATABASE_URL']))).toHaveLength(1);
  });

  it('gives every setting a fallback that it accepts itself', () => {
    const names = Object.entries(settings).flatMap(([name, row]) => ('fallback' in row ? [name] : []));
    expect(names.length).toBeGreaterThan(15);
    expect(() => readSettings({}, names as 'PAPER'[])).not.toThrow();
  });

  it('lists every setting in its help and in its table', () => {
    for (const name of Object.keys(settings)) {
      expect(settingsHelp()).toContain(`  ${name} `);
      expect(settingsTable()).toContain(`| \`${name}\` |`);
    }
  });
});

describe('the connection to Kafka', () => {
  const KAFKA_BROKERS = 'a:1';

  it('is in clear and without login by default', () => {
    expect(kafkaConnection({ KAFKA_BROKERS })).toEqual({ brokers: ['a:1'], topicPrefix: 'stet' });
  });

  it('takes TLS and a login', () => {
    const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'me', KAFKA_SASL_PASSWORD: 'secret' };
    expect(kafkaConnection({ KAFKA_BROKERS, KAFKA_TLS: 'on', ...login })).toMatchObject({
      tls: {},
      sasl: { mechanism: 'plain', username: 'me', password: 'secret' },
    });
  });

  it('wants the whole login or none', () => {
    const faults = faultsOf(() => kafkaConnection({ KAFKA_BROKERS, KAFKA_SASL_USERNAME: 'me' }));
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_PASSWORD']);
  });

  it('names KAFKA_TLS_CA when the file is not there', () => {
    const faults = faultsOf(() => kafkaConnection({ KAFKA_BROKERS, KAFKA_TLS: 'on', KAFKA_TLS_CA: '/not/there.pem' }));
    expect(faults).toEqual([expect.stringMatching('^KAFKA_TLS_CA must be a file')]);
  });
});
