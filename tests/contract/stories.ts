import { DraftingModule } from '../../apps/drafting/src/drafting.module.ts';
import { tellDrafting } from './drafting.story.ts';
import type { Story } from './teller.ts';

/** Every service that decides. */
export const stories: readonly Story[] = [{ name: 'drafting', module: DraftingModule, tell: tellDrafting }];
