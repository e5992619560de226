import { encodePosition } from '#contracts';
import { type Incoming, type Reaction, type Step, step } from '#messaging';
import { articleLog } from './article/article.announcements.ts';
import { hear, type HeardType, heardTypes } from './article/heard.ts';

const record = (type: HeardType, { key, data, logId, partition: shard, position }: Incoming): Step[] => {
  const known = { ...hear(type, data), position: encodePosition({ service: 'publication', logId, shard, position }) };
  return [step(articleLog, key, { type: 'record-publication', data: known })];
};

/** Drafting keeps what publication did with an article. With it, a spike that came too late is taken back, and a kill ends the work. */
export const onPublicationDecided: Reaction = {
  name: 'on-publication-decided',
  topic: 'publication',
  // Nothing of publication's can be refused: it acts on articles that drafting sent there.
  on: Object.fromEntries(heardTypes.map((type) => [type, (message: Incoming) => record(type, message)])),
};
