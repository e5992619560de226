import 'reflect-metadata';
import { runWriteService } from '#platform';
import { DraftingModule } from './drafting.module.ts';
import { onArticleKilled } from './on-article-killed.ts';
import { onCorrectionApproved } from './on-correction-approved.ts';
import { onPublicationDecided } from './on-publication-decided.ts';

await runWriteService({
  name: 'drafting',
  module: DraftingModule,
  title: 'Stet drafting',
  description: 'Articles, from the first word to their approval, and corrections of what is out.',
  reactions: [onPublicationDecided, onCorrectionApproved, onArticleKilled],
});
