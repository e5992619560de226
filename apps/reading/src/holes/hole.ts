/** An event that should have passed on to somewhere and is not there as it should be. */
export interface Hole {
  /**
   * `missing`: whoever had to take it has gone past it; `differs`: what is there is something else; `late`: nobody has come that far yet,
   * for longer than a few seconds; `ahead`: a reader stands past the end; `parked`: an operator knows of it, and it is no hole.
   */
  readonly why: 'missing' | 'differs' | 'late' | 'ahead' | 'parked';
  /** Where: `topic feed`, `reactions of publication`, `article_page`. */
  readonly where: string;
  /** In which log it stands. */
  readonly service: string;
  readonly shard: number;
  readonly position: string;
  /** The article that it is about; empty where that is not known. */
  readonly article: string;
  readonly type: string;
  readonly detail: string;
}
export const nameOf = ({ where, service, shard, position }: Hole): string =>
  [where, service, shard, position].join(' ');

/** An event as its log announces it. */
export interface Announced {
  readonly shard: number;
  readonly position: string;
  readonly stream: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
}
export type Ask = <R extends object>(text: string, values?: readonly unknown[]) => Promise<R[]>;

export const holeOf = (
  why: Hole['why'],
  { shard, position, key, type }: Omit<Announced, 'stream' | 'id'>,
  at: Pick<Hole, 'where' | 'service' | 'detail'>,
): Hole => ({ why, where: at.where, service: at.service, shard, position, article: key, type, detail: at.detail });
