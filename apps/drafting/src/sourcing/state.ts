/** What an article has to know of a source that it rests on. */
export interface Standing {
  readonly knownTo: string[];
  readonly verifiedBy: string[];
  readonly retracted: boolean;
}
/** What the anonymous attributions of an article rest on. It has a stream of its own, since nothing of it may leave the service. */
export interface Sourcing {
  readonly status: 'none' | 'kept';
  readonly articleId: string;
  readonly quotes: readonly { readonly block: string; readonly speaker: string; readonly source: string }[];
  /** By the ids of the sources. */
  readonly standings: ReadonlyMap<string, Standing>;
  readonly checks: readonly {
    /** Whose text it was, if not the article's own. */
    readonly correction?: string;
    readonly version: number;
    readonly answer: 'leak' | 'public-mention';
    readonly sources: readonly string[];
  }[];
}

export const initial: Sourcing = { status: 'none', articleId: '', quotes: [], standings: new Map(), checks: [] };
