import type { Mutant } from './list.ts';

/** What becomes of it when Kafka has lost something. */
export const losingMutants: readonly Mutant[] = [
  {
    ...{ promise: 'lost: a reader finds what was sent again', file: 'libs/messaging/src/partition.ts' },
    ...{ test: 'tests/kafka/lost', find: "isAnywhere ? '0' : (checkpoint?.nextOffset ?? '0')" },
    replace: "checkpoint?.nextOffset ?? '0'",
  },
  {
    ...{ promise: 'lost: a reader goes on when it comes', file: 'libs/messaging/src/partition.ts' },
    ...{ test: 'tests/kafka/lost', find: 'if (!this.watching) return;' },
    replace: 'return;',
  },
  {
    ...{ promise: 'lost: what a topic had is sent again', file: 'libs/messaging/src/sending.ts' },
    ...{ test: 'tests/services/relay', find: 'if (anew) throw new TopicMadeAnew(anew.topic, shard);' },
    replace: '',
  },
  {
    ...{ promise: 'lost: also where nothing comes any more', file: 'libs/messaging/src/relay.ts' },
    ...{ test: 'tests/services/relay', find: 'await this.beginAgainWhereEmpty();' },
    replace: '',
  },
  {
    ...{ promise: 'lost: the newest items are written again', file: 'libs/messaging/src/follower.ts' },
    ...{ test: 'tests/kafka/follower', find: "if (!batch.from || sent?.baseOffset !== '0') continue;" },
    replace: 'if (sent) continue;',
  },
  {
    ...{ promise: 'lost: what was sent again is no hole', file: 'apps/reading/src/holes/topics.ts' },
    ...{ test: 'tests/e2e/holes', find: 'previous === 0n)) this.begun.add' },
    replace: 'previous < 0n)) this.begun.add',
  },
];
