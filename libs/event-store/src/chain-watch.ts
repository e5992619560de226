import type pg from 'pg';
import { chainColumns, type ChainRow, type Head, heads, link } from './verify.ts';

/** Rows checked of a shard in one look; what is more waits for the next. */
const atOnce = 5000;

/**
 * Checks the chain of each shard as it grows: that what stood last still stands, and that all that came since follows from it. What was there
 * before the first look, only `verify` checks.
 */
export class ChainWatch {
  private readonly stood = new Map<number, Pick<Head, 'position' | 'hash'>>();
  private readonly broken = new Map<number, bigint>();

  constructor(private readonly pool: pg.Pool) {}

  /** The shards that do not hold, and the first position of each that was seen not to; once and for all. */
  get brokenAt(): ReadonlyMap<number, bigint> {
    return this.broken;
  }

  /** Checks what came since the last look. Answers the shards that were found broken by this one. */
  async look(): Promise<readonly Pick<Head, 'shard' | 'position'>[]> {
    const found: Pick<Head, 'shard' | 'position'>[] = [];
    for (const head of await heads(this.pool)) {
      const { shard } = head;
      const last = this.stood.get(shard);
      if (this.broken.has(shard)) continue;
      const next = last ? await this.follow(head, last) : head;
      if (typeof next === 'bigint') {
        this.broken.set(shard, next);
        found.push({ shard, position: next });
      } else this.stood.set(shard, next);
    }
    return found;
  }

  /** How far it holds from `last` on; or the position that does not. */
  private async follow(head: Head, last: Pick<Head, 'position' | 'hash'>) {
    const { rows } = await this.pool.query<ChainRow>(
      `select ${chainColumns} from event where shard = $1 and position >= $2 and position <= $3 order by position limit ${atOnce}`,
      [head.shard, String(last.position), String(head.position)],
    );
    let { position } = last;
    let hash: Buffer = Buffer.from(last.hash, 'hex');
    // Before its first event a shard has a hash, and no row.
    const first = position === 0n ? undefined : rows.shift();
    if (position > 0n && !first?.hash.equals(hash)) return position;
    for (const row of rows) {
      position += 1n;
      hash = link(hash, row);
      if (BigInt(row.position) !== position || !hash.equals(row.hash)) return position;
    }
    const isWhole = position === head.position || rows.length >= atOnce - 1;
    return isWhole ? { position, hash: hash.toString('hex') } : position + 1n;
  }
}
