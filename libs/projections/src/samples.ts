import pg from 'pg';
import type { Incoming, PartitionBatch } from '#messaging';
import type { Projection } from './projection.ts';

interface Told {
  readonly desk: string;
  readonly headline: string;
}
/** A read model of the tests: stories with their comments, and how busy each desk is, whatever the partition. */
export const stories: Projection = {
  name: 'stories',
  version: 1,
  topics: ['drafting', 'moderation'],
  ddl: `create table story (
          id text primary key, headline text check (headline <> 'poison'), state text, updated timestamptz, comments int);
        create table desk (name text primary key, saves int not null default 0, praised boolean)`,
  tables: { story: ['id'], desk: ['name'] },
  on: {
    Saved: ({ key, data, time }, rows) => {
      const { desk, headline } = data as Told;
      rows.set('story', { id: key }, { headline, updated: time });
      rows.add('desk', { name: desk }, { saves: 1 });
    },
    Approved: ({ key }, rows) => {
      rows.set('story', { id: key }, { state: 'approved' });
    },
    Commented: ({ key }, rows) => {
      rows.add('story', { id: key }, { comments: 1 });
    },
    Praised: ({ data }, rows) => {
      rows.set('desk', { name: (data as Told).desk }, { praised: true });
    },
    Unfoldable: () => {
      throw new Error('nobody can fold this');
    },
  },
};
/** A second one, of one of the topics. */
export const saves: Projection = {
  name: 'saves',
  version: 1,
  topics: ['drafting'],
  ddl: 'create table save (id text, at bigint, headline text, primary key (id, at))',
  tables: { save: ['id', 'at'] },
  on: {
    Saved: ({ key, position, data }, rows) => {
      rows.set('save', { id: key, at: String(position) }, { headline: (data as Told).headline });
    },
  },
};

/** A connection pool as the running of projections opens it. */
export function poolFor(connectionString: string, max = 4): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, pipeline: true, options: '-c search_path=reading' });
  pool.on('error', () => undefined); // The database is dropped while the connection is still saying good-bye.
  return pool;
}

const checkpointOf = ({ logId, offset, position }: Incoming) => ({
  logId,
  nextOffset: String(BigInt(offset) + 1n),
  lastPosition: position,
});

/** A batch as a consumer hands it over: messages of one partition, after `before`. */
export function batchOf(messages: readonly Incoming[], before?: Incoming): PartitionBatch {
  const [first] = messages;
  const last = messages.at(-1);
  if (!first || !last) throw new Error('A batch is never empty.');
  return {
    ...{ topic: first.topic, partition: first.partition, messages },
    ...{ from: before && checkpointOf(before), to: checkpointOf(last), heartbeat: () => Promise.resolve() },
  };
}
