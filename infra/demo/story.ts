import { comment } from './commenting.ts';
import { correct } from './correcting.ts';
import { draft } from './drafting.ts';
import { readFromOutside } from './outside.ts';
import { publish } from './publishing.ts';
import { showAndCompare } from './reading.ts';
import { rebuild } from './rebuilding.ts';
import type { Scene } from './scene.ts';
import type { System } from './system.ts';

/** The whole of it, chapter by chapter. Throws when a promise is not kept. */
export async function tellStory(scene: Scene, { kafka }: Pick<System, 'kafka'>): Promise<void> {
  const article = await publish(scene, await draft(scene));
  const { articleId } = article;
  const decided = await comment(scene, article);
  await showAndCompare(scene, articleId, decided);
  const corrected = await correct(scene, article);
  scene.teller.chapter(`What another team has received of it, with kafkajs alone, from ${kafka.topicPrefix}.feed`);
  const outside = await readFromOutside(kafka, { articleId, until: 2 });
  scene.teller.tell(`process ${outside.pid}`, 'reads the feed from its start:');
  scene.teller.show(...outside.lines);
  await rebuild(scene, [decided, corrected]);
}
