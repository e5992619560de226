import 'reflect-metadata';
import { timed } from '#event-store';
import { Vault } from '#keyring';
import { runWriteService } from '#platform';
import { readSettings } from '#settings';
import { articleLog } from './article/article.announcements.ts';
import { correctionLog } from './correction/correction.announcements.ts';
import { recordedDesks } from './recorded-desks.ts';
import { DraftingModule } from './drafting.module.ts';
import { LeakWatch, startLeakWatch } from './leak-watch.ts';
import { onArticleKilled } from './on-article-killed.ts';
import { onArticleLinked } from './on-article-linked.ts';
import { onCorrectionApproved } from './on-correction-approved.ts';
import { onCoverageLinked } from './on-coverage-linked.ts';
import { onDescendantStarted } from './on-descendant-started.ts';
import { onOriginChanged } from './on-origin-changed.ts';
import { onPublicationDecided } from './on-publication-decided.ts';
import { onTemplateUsed } from './on-template-used.ts';
import { timedTemplates } from './timed-templates.ts';

await runWriteService({
  name: 'drafting',
  module: DraftingModule,
  title: 'Stet drafting',
  description:
    'Articles, from the plan and the first word to their approval, corrections of what is out, templates, packages, and the vault of confidential sources.',
  provide({ env, operations, log }, store) {
    const read = readSettings(env, ['DATABASE_URL', 'KEYRING_MASTER_KEY']);
    const vault = new Vault({ connectionString: read.DATABASE_URL, masterKey: read.KEYRING_MASTER_KEY });
    operations.onStop('vault', () => vault.close());
    const watch = startLeakWatch(new LeakWatch(store, vault), (text, details) => {
      log.error(details, text);
    });
    operations.onStop('leak watch', () => watch.stop());
    return [{ provide: Vault, useValue: vault }];
  },
  timed: [timedTemplates, timed(articleLog), timed(correctionLog)],
  desksFrom: recordedDesks,
  reactions: [
    onPublicationDecided,
    onCorrectionApproved,
    onArticleKilled,
    onArticleLinked,
    onDescendantStarted,
    onTemplateUsed,
    onCoverageLinked,
    onOriginChanged,
  ],
});
