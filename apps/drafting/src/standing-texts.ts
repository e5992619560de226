import type { Block } from '#contracts';
import type { Command, DomainEvent } from '#decider';
import type { Aggregate, EventStore } from '#event-store';
import { articleLog } from './article/article.announcements.ts';
import type { Line } from './article/line.ts';
import { correctionLog } from './correction/correction.announcements.ts';
import { deskLog } from './desk/desk.announcements.ts';
import { type Placed, textsIn } from './naming/texts.ts';
import { packageLog } from './package/package.announcements.ts';
import { planLog } from './plan/plan.announcements.ts';
import { styleLog } from './style/style.announcements.ts';
import { templateLog } from './template/template.announcements.ts';

/** Of which stream and article something is, and the text whose attributions count for it; without one: that of the stream as it stands. */
export interface Place {
  readonly stream: string;
  readonly articleId: string;
  readonly blocks?: readonly Block[] | undefined;
}

export const parted = (stream: string) => {
  const at = stream.indexOf('-');
  return { kind: stream.slice(0, at), id: stream.slice(at + 1) };
};

/** The text of an article or a correction; nothing else has one. */
export async function lineOf(store: EventStore, stream: string): Promise<Line | undefined> {
  const { kind, id } = parted(stream);
  if (kind === 'article') return (await store.load(articleLog, id)).state.line;
  return kind === 'correction' ? (await store.load(correctionLog, id)).state.line : undefined;
}

/** The article that something of an article or a correction is about. */
export async function articleOf(store: EventStore, stream: string): Promise<string> {
  const { kind, id } = parted(stream);
  return kind === 'correction' ? (await store.load(correctionLog, id)).state.articleId : id;
}

type In = (store: EventStore, id: string) => Promise<(Place & { readonly texts: readonly Placed[] })[]>;
/** Everything that is in it. */
const whole =
  <S extends { status: string }, C extends Command, E extends DomainEvent>(log: Aggregate<S, C, E>): In =>
  async (store, id) => {
    const { state } = await store.load(log, id);
    return [{ stream: `${log.category}-${id}`, articleId: '', texts: textsIn(state) }];
  };

const kinds: Readonly<Record<string, In>> = {
  async article(store, articleId) {
    const { state } = await store.load(articleLog, articleId);
    const { notes, suggestions, tasks, legal, notForPublication, approval, secondLook, embargo } = state;
    const stream = `article-${articleId}`;
    const { line, cleared, publication } = state;
    const beside = { notes, suggestions, tasks, legal, notForPublication, approval, secondLook, embargo };
    const autosaves = await store.work.autosavesOf(stream);
    const [now, out] = [line.text?.content, publication.content];
    return [
      { stream, articleId, blocks: now?.blocks, texts: textsIn([now, beside, autosaves]) },
      { stream, articleId, blocks: [...cleared.values()], texts: textsIn(cleared) },
      { stream, articleId, blocks: out?.blocks, texts: textsIn(out) },
    ];
  },
  async correction(store, id) {
    const { line, articleId, legal, secondLook } = (await store.load(correctionLog, id)).state;
    const stream = `correction-${id}`;
    const now = line.text?.content;
    const all = [now, legal, secondLook, await store.work.autosavesOf(stream)];
    return [{ stream, articleId, blocks: now?.blocks, texts: textsIn(all) }];
  },
  ...{ plan: whole(planLog), package: whole(packageLog), template: whole(templateLog) },
  ...{ desk: whole(deskLog), style: whole(styleLog) },
};

/** All texts that stand in a stream, with those of its autosaves; none in those of the vault. */
export async function standingIn(store: EventStore, stream: string): ReturnType<In> {
  const { kind, id } = parted(stream);
  return (await kinds[kind]?.(store, id)) ?? [];
}
