import 'reflect-metadata';
import { runWriteService } from '#platform';
import { ModerationModule } from './moderation.module.ts';
import { onArticlePublished } from './on-article-published.ts';
import { onCommenterErased } from './on-commenter-erased.ts';
import { onThreadClosed } from './on-thread-closed.ts';

await runWriteService({
  name: 'moderation',
  module: ModerationModule,
  title: 'Stet moderation',
  description:
    "What readers write below an article, and what a person decides about it. A thread follows its article's publication.",
  personal: true,
  reactions: [onArticlePublished, onThreadClosed, onCommenterErased],
});
