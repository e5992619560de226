import type pg from 'pg';
import type { Position } from '#contracts';

/** How far people have looked: of each shard, the position up to which they have seen what is theirs. */
export class SeenMarks {
  constructor(private readonly pool: pg.Pool) {}

  /** A mark only goes forward. */
  async mark(person: string, positions: readonly Position[]): Promise<void> {
    await this.pool.query(
      `insert into seen_mark as mark select $1, * from unnest($2::text[], $3::int[], $4::bigint[])
       on conflict (person, topic, shard) do update set position = greatest(mark.position, excluded.position)`,
      [
        ...[person, positions.map(({ service }) => service), positions.map(({ shard }) => shard)],
        positions.map(({ position }) => String(position)),
      ],
    );
  }
}
