import { contractOf } from '#contracts';
import { style } from './style.ts';

/** House style as the log knows it, a stream for each language. Nothing of it leaves the service. */
export const styleLog = {
  category: 'style',
  decider: style,
  partitionKey: () => 'styles',
  announce: () => ({}),
  versionOf: (type: string) => contractOf(type).version,
};
