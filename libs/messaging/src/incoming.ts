/** A message as its readers see it. Positions are those of the sender's log in the shard that the partition carries. */
export interface Incoming {
  /** Without the prefix: `drafting`, `publication`, `moderation`, `feed`. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  /** ISO 8601, UTC, microseconds: when the sender recorded it. */
  readonly time: string;
  readonly position: bigint;
  /** The message before it on this topic in this partition; 0 when it is the first. */
  readonly previousPosition: bigint;
  readonly logId: string;
  readonly subject: string;
  readonly sequence: number;
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** How far a reader got in one partition of one topic of one log. */
export interface Checkpoint {
  readonly logId: string;
  readonly nextOffset: string;
  readonly lastPosition: bigint;
}
