/** A reading of one variable's text: the value, or a thrown Error that says in words what it must be. */
export type Parse<T> = (text: string) => T;

function must(be: string): never {
  throw new Error(`must be ${be}`);
}

export const text: Parse<string> = (given) => given;

export const whole =
  (least: number, most: number): Parse<number> =>
  (given) => {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    return value >= least && value <= most ? value : must(`a whole number from ${least} to ${most}`);
  };

/** So many bytes, as base64url. */
export const bytes =
  (length: number): Parse<Buffer> =>
  (given) => {
    const value = Buffer.from(given, 'base64url');
    return value.length === length && value.toString('base64url') === given
      ? value
      : must(`${length} bytes as base64url`);
  };

export const port = whole(1, 65_535);

export const oneOf =
  <const T extends string>(...words: readonly T[]): Parse<T> =>
  (given) =>
    words.find((word) => word === given) ?? must(`one of ${words.join(', ')}`);

export const matching =
  (pattern: RegExp, be: string): Parse<string> =>
  (given) =>
    pattern.test(given) ? given : must(be);

function address(given: string, protocols: readonly string[], be: string): string {
  const protocol = URL.canParse(given) ? new URL(given).protocol : '';
  return protocols.includes(protocol) ? given : must(be);
}

export const webAddress: Parse<string> = (given) => address(given, ['http:', 'https:'], 'an http or https address');

export const postgresAddress: Parse<string> = (given) =>
  address(given, ['postgres:', 'postgresql:'], 'a Postgres address: postgres://user:password@host:port/database');

export const brokers: Parse<readonly string[]> = (given) => {
  const list = given.split(',').map((broker) => broker.trim());
  const good = list.every((broker) => /^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker));
  return good ? list : must('a list of brokers: host:port,host:port');
};
