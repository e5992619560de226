import { lifted } from '#contracts';
import { MasterKey } from '#keyring';
import type { Broker } from '#messaging';
import { Parking } from '#parking';
import { type Ground, NotReady, openKafka } from '#platform';
import { type Projection, Projections, startProjections } from '#projections';
import { readSettings } from '#settings';
import { Checker } from './holes/checker.ts';
import { readModels } from './read-models.ts';

/** Opens everything that this service asks: its read models, kept up to date from Kafka. */
export async function openReadModels(ground: Ground) {
  const { env, operations } = ground;
  const read = readSettings(env, ['DATABASE_URL', 'STET_SHARDS', 'KEYRING_MASTER_KEY']);
  const { DATABASE_URL: connectionString, STET_SHARDS: shards } = read;
  const broker = await openKafka(ground, 'reading', shards);
  const projections = opening(new MasterKey(read.KEYRING_MASTER_KEY));
  const models = await startProjections({ broker, connectionString, projections });
  operations.onStop('read models', () => models.stop());
  operations.ready('postgres', () => models.parkedKeys());
  operations.ready('read models', () => {
    const stopped = models.stopped().map(({ topic, partition, reason }) => `${topic}/${partition} ${reason}`);
    return stopped.length > 0 ? Promise.reject(new NotReady(stopped.join('; '))) : Promise.resolve(models.lag());
  });
  operations.gauge('stet_projection_lag_messages', 'Messages not yet applied.', () => models.lag().messages);
  operations.gauge('stet_projection_lag_seconds', 'For how long they have not been level.', () => models.lag().seconds);
  operations.gauge('stet_projection_parked_keys', 'Keys set aside for an operator.', () => models.parkedKeys());
  operations.gauge('stet_projection_stopped_partitions', 'Partitions read no further.', () => models.stopped().length);
  const checker = check(ground, models, broker);
  return [
    { provide: Checker, useValue: checker },
    { provide: Projections, useValue: models },
    { provide: Parking, useValue: models.parking },
  ];
}

/** Looks for what did not come to where it should be, all the time. */
function check({ operations }: Ground, models: Projections, broker: Broker): Checker {
  const checker = new Checker(models, broker).start();
  operations.onStop('checker', () => checker.stop());
  const holes = () => checker.holes.filter(({ why }) => why !== 'parked').length;
  operations.gauge('stet_publication_holes', 'Events that did not come to where they should be.', holes);
  operations.gauge('stet_publication_checked_seconds', 'Since everything was last looked at.', () => checker.age);
  operations.gauge('stet_publication_round_seconds', 'What a look at all that is old takes.', () => checker.round);
  return checker;
}

/** The read models: those that show what is personal get it opened, the others as it came; each in the newest version. */
export const opening = (master: MasterKey): Projection[] =>
  readModels.map((model) => ({
    ...model,
    open: async (client, events, generation) => {
      const opened = (model.personal ? await master.open(client, events) : events).map(lifted);
      return model.open ? model.open(client, opened, generation) : opened;
    },
  }));
