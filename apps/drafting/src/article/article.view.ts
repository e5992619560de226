import type { Article } from './state.ts';
import { currentOf } from './editing.ts';

/** An article as its editors see it: the newest text whole, of the older versions that they are there. */
export function articleView(state: Article) {
  const { id, status, desk, kind, writers, editor, approved, conflicts, publication, line } = state;
  const { number, content, authors } = currentOf(line);
  return {
    ...{ id, state: status, desk, kind, writers, editor, approved, conflicts },
    ...{ version: number, content, versions: line.versions.length },
    authors: Object.fromEntries(authors),
    readBy: Object.fromEntries(line.readBy),
    publication: { state: publication.state, version: publication.version },
  };
}
