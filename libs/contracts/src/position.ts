/** How far one shard of one service's log had been announced. `position` counts from 1; 0 is before everything. */
export interface Position {
  readonly service: string;
  readonly logId: string;
  readonly shard: number;
  readonly position: bigint;
}

/** The opaque token that callers carry from a command to a query. */
export function encodePosition({ service, logId, shard, position }: Position): string {
  return Buffer.from([service, logId, shard, position].join('~')).toString('base64url');
}

/** undefined when it is not a token of ours. Whether the log still has that id is for the reader to say. */
export function decodePosition(token: string): Position | undefined {
  const found = /^([a-z]+)~([0-9a-f-]{36})~(\d{1,4})~(\d{1,18})$/.exec(
    Buffer.from(token, 'base64url').toString('utf8'),
  );
  if (!found) return undefined;
  const [, service = '', logId = '', shard = '', position = ''] = found;
  return { service, logId, shard: Number(shard), position: BigInt(position) };
}
