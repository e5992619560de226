/** How far one shard of one service's log had been announced. `position` counts from 1; 0 is before everything. */
export interface Position {
  readonly service: string;
  readonly logId: string;
  readonly shard: number;
  readonly position: bigint;
}

const logOf = ({ service, logId }: Position) => `${service}~${logId}`;
const greater = (a: bigint, b: bigint) => (a > b ? a : b);
const byText = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

function shardsOf(positions: readonly Position[]): string {
  const furthest = new Map<number, bigint>();
  for (const { shard, position } of positions) furthest.set(shard, greater(position, furthest.get(shard) ?? 0n));
  const shards = [...furthest].sort(([a], [b]) => a - b);
  return shards.map(([shard, position]) => `~${shard}~${position}`).join('');
}

/**
 * The opaque token of one or several positions: what a command answers names one shard, what a query answers all that it has read. The
 * order does not matter; of two positions in one shard the greater counts.
 */
export function encodePositions(positions: readonly Position[]): string {
  const logs = [...Map.groupBy(positions, logOf)].sort(byText);
  return Buffer.from(logs.map(([log, of]) => log + shardsOf(of)).join('.')).toString('base64url');
}

/** The opaque token that callers carry from a command to a query. */
export const encodePosition = (position: Position): string => encodePositions([position]);

function positionsOf(part: string): Position[] | undefined {
  const { groups } = /^(?<service>[a-z]+)~(?<logId>[0-9a-f-]{36})(?<shards>(?:~\d{1,4}~\d{1,18})+)$/.exec(part) ?? {};
  if (!groups) return undefined;
  const { service = '', logId = '', shards = '' } = groups;
  return [...shards.matchAll(/~(\d+)~(\d+)/g)].map(([, shard, position = '']) => {
    return { service, logId, shard: Number(shard), position: BigInt(position) };
  });
}

/** What a token names; undefined when it is not one of ours. Whether the logs still have those ids is for the reader to say. */
export function decodePositions(token: string): Position[] | undefined {
  if (token === '') return [];
  const parts = Buffer.from(token, 'base64url').toString('utf8').split('.').map(positionsOf);
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** The one position of a command's token; undefined when it is not one of ours, or names several. */
export function decodePosition(token: string): Position | undefined {
  const [position, ...others] = decodePositions(token) ?? [];
  return others.length === 0 ? position : undefined;
}
