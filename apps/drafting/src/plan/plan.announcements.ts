import { contractOf, type PlanEvent } from '#contracts';
import { type Plan, plan } from './plan.ts';

/** Plans as the log knows them. Every event leaves on drafting's own topic as it is; none is for outsiders. */
export const planLog = {
  category: 'plan',
  decider: plan,
  partitionKey: ({ id }: Plan) => id,
  announce: (_event: PlanEvent) => ({ internal: 'payload' as const }),
  versionOf: (type: string) => contractOf(type).version,
};
