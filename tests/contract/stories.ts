import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { ModerationModule } from '../../apps/moderation/src/moderation.module.ts';
import { PublicationModule } from '../../apps/publication/src/publication.module.ts';
import { Paper } from '../../apps/publication/src/publication/paper.ts';
import { tellDrafting } from './drafting.story.ts';
import { tellModeration } from './moderation.story.ts';
import { tellPublication } from './publication.story.ts';
import type { Story } from './teller.ts';

/** Every service that decides. */
export const stories: readonly Story[] = [
  { name: 'drafting', module: DraftingModule, tell: tellDrafting },
  {
    ...{ name: 'publication', module: PublicationModule, tell: tellPublication },
    provide: [{ provide: Paper, useValue: new Paper('The Harbour Post') }],
  },
  { name: 'moderation', module: ModerationModule, tell: tellModeration },
];
