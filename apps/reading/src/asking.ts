import { decodePositions, type Position } from '#contracts';
import { Moment, Optional, PositionToken, Problem, QueryNumber, Text } from '#platform';
import type { Answer, Projections, Query, RowFound, Snapshot } from '#projections';

/** What any query takes: the answer is not older than this position. */
export class AfterQuery {
  @Optional() @PositionToken() after?: string;
}
/** What any list takes besides. */
export class ListQuery extends AfterQuery {
  @Optional() @QueryNumber({ min: 1, max: 100 }) limit?: number;
  @Optional() @Text({ max: 500 }) cursor?: string;
}

/** And what a list takes that was otherwise at other times. */
export class MomentQuery extends ListQuery {
  /** As it was at this instant. */
  @Optional() @Moment() at?: string;
}

/** Longer than this nobody waits for an answer to become as new as was asked for. */
const patienceMs = 5000;
/** The services whose logs are read. */
const written = ['drafting', 'publication', 'moderation'];

const badPosition = () => new Problem('bad-position');
/** What a token names, as far as it is one of logs that are read. */
export function positionsOf({ after = '' }: AfterQuery): Position[] {
  const positions = decodePositions(after);
  if (!positions?.every(({ service }) => written.includes(service))) throw badPosition();
  return positions;
}

/**
 * Asks read models for an answer as new as `?after=` demands: refused when that does not come in time, or is a position of another log.
 * All that `work` asks is of one moment.
 */
export async function ask<T>(
  models: Projections,
  names: readonly string[],
  query: AfterQuery,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return answered(await models.read(names, optionsOf(query), work));
}

/** The same for a query of one row, which needs one round trip. */
export async function askRow<R extends object>(
  models: Projections,
  names: readonly string[],
  query: AfterQuery,
  sql: Query,
): Promise<RowFound<R>> {
  return answered(await models.readRow<R>(names, optionsOf(query), sql));
}

const optionsOf = (query: AfterQuery) => ({ after: positionsOf(query), timeoutMs: patienceMs });
function answered<T>(found: Answer<T>): T {
  if (found.reached === 'reached') return found.answer;
  throw found.reached === 'late' ? new Problem('position-not-reached') : badPosition();
}

/** Refuses what would be shown of an article that could not be brought up to date. */
export function refuseParked(parked: ReadonlySet<string>, articleId: string): void {
  if (parked.has(articleId)) throw new Problem('parked');
}
