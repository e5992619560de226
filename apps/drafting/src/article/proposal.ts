import { diff3Merge } from 'node-diff3';
import { type Block, cleanHtml, type Image } from '#contracts';
import type { BlockGap, FieldGap } from './merging.ts';

/** What could be saved instead. `clear`: both changes are in it, each in its place; otherwise somebody has to look at it. */
export interface Proposed<T> {
  readonly proposal: T;
  readonly clear: boolean;
}

/** Comparing takes time that grows with the square of what is compared: longer texts are put one behind the other. */
const mostPieces = 2000;
/** Tags, words and signs, each with the space before it; the first has one too, so that it is the same piece wherever it stands. */
const piecesOf = (text: string): string[] =>
  text === '' ? [] : (` ${text}`.match(/\s*(?:<[^>]*>|[\p{L}\p{N}]+|[^<\s\p{L}\p{N}]+|<)|\s+/gu) ?? []);
const textOf = (pieces: readonly string[]) => pieces.join('').replace(/^ /, '');
const behind = (one: readonly string[], other: readonly string[]) =>
  one.length > 0 && other.length > 0 && !/^\s/.test(other[0] ?? '') ? [...one, ' ', ...other] : [...one, ...other];

/** Both changes, word by word. Where both changed the same words, theirs stand behind ours. */
function bothOf(ancestor: string, ours: string, theirs: string): Proposed<string> {
  const [a, o, b] = [piecesOf(ours), piecesOf(ancestor), piecesOf(theirs)];
  if (Math.max(a.length, o.length, b.length) > mostPieces) return { proposal: textOf(behind(a, b)), clear: false };
  const regions = diff3Merge(a, o, b);
  const pieces = regions.flatMap(({ ok, conflict }) => (conflict ? behind(conflict.a, conflict.b) : (ok ?? [])));
  return { proposal: textOf(pieces), clear: regions.every(({ conflict }) => !conflict) };
}

/** What one side changed is taken from that side; what both changed otherwise stays ours, and is not clear. */
function either<T>(ancestor: T | undefined, ours: T, theirs: T): Proposed<T> {
  const [was, our, their] = [ancestor, ours, theirs].map((value) => JSON.stringify(value));
  if (our === their || was === their) return { proposal: ours, clear: true };
  return was === our ? { proposal: theirs, clear: true } : { proposal: ours, clear: false };
}

type Some = Image | undefined;
const picked = (image: Partial<Image> | undefined, ...names: (keyof Image)[]): Partial<Image> =>
  Object.fromEntries(names.flatMap((name) => (image?.[name] === undefined ? [] : [[name, image[name]]])));

/** An image that one side made a text of stays an image where the other side has said something else of it. */
function oneImage(was: Some, left: Image): Proposed<Some> {
  if (JSON.stringify(was) === JSON.stringify(left)) return { proposal: undefined, clear: true };
  return { proposal: left, clear: was === undefined };
}
/** Where it is and how large goes together; of each text about it, both changes. */
function bothImages(was: Some, ours: Image, theirs: Image): Proposed<Some> {
  const [ancestor, our, their] = [was, ours, theirs].map((image) => picked(image, 'href', 'asset', 'width', 'height'));
  const where = either(ancestor, our, their);
  const [alt, credit, rights] = (['alt', 'credit', 'rights'] as const).map((name) =>
    bothOf(was?.[name] ?? '', ours[name], theirs[name]),
  );
  return {
    proposal: {
      ...picked(where.proposal, 'href', 'asset'),
      ...{ alt: alt?.proposal ?? '', credit: credit?.proposal ?? '', rights: rights?.proposal ?? '' },
      ...picked(where.proposal, 'width', 'height'),
    },
    clear: [where, alt, credit, rights].every((part) => part?.clear),
  };
}
function proposedImage(was: Some, ours: Some, theirs: Some): Proposed<Some> {
  if (ours && theirs) return bothImages(was, ours, theirs);
  const left = ours ?? theirs;
  return left ? oneImage(was, left) : { proposal: undefined, clear: true };
}

/** A block that only one side removed stays as the other has it: nothing that was typed is lost. */
export function proposedBlock({ ancestor, ours, theirs }: Omit<BlockGap, 'block'>): Proposed<Block | null> {
  if (!ours || !theirs) return { proposal: ours ?? theirs, clear: false };
  const was: Partial<Block> = ancestor ?? {};
  const html = bothOf(was.html ?? '', ours.html, theirs.html);
  const kind = either(was.kind, ours.kind, theirs.kind);
  const attributions = either(was.attributions, ours.attributions, theirs.attributions);
  const image = proposedImage(was.image, ours.image, theirs.image);
  return {
    proposal: {
      id: ours.id,
      kind: image.proposal ? 'image' : kind.proposal,
      html: cleanHtml(html.proposal),
      attributions: attributions.proposal,
      ...(image.proposal ? { image: image.proposal } : {}),
    },
    clear: [html, kind, attributions, image].every(({ clear }) => clear),
  };
}

export function proposedField({ ancestor, ours, theirs }: FieldGap): Proposed<FieldGap['ours']> {
  if (typeof ours === 'string' && typeof theirs === 'string') return bothOf(String(ancestor), ours, theirs);
  if (Array.isArray(ours) && Array.isArray(theirs))
    return { proposal: [...new Set([...ours, ...theirs])], clear: false };
  return { proposal: ours, clear: false };
}
