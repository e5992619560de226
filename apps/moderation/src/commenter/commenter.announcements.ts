import { type CommenterEvent, contractOf } from '#contracts';
import { type Commenter, commenter } from './commenter.ts';

/** The commenter as the log knows them. They write below many articles, and so are in an order of their own. */
export const commenterLog = {
  category: 'commenter',
  decider: commenter,
  partitionKey: ({ id }: Commenter) => id,
  announce: (_event: CommenterEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
};
