/** How far a reader got in one partition of one topic of one log. */
export interface Checkpoint {
  readonly logId: string;
  readonly nextOffset: string;
  readonly lastPosition: bigint;
}
