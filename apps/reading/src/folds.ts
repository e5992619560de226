import type { Incoming } from '#messaging';
import type { Projection, Rows } from '#projections';

type Told<E, T> = Extract<E, { readonly type: T }> extends { readonly data: infer D } ? D : never;
type Folds<E extends { readonly type: string }> = {
  readonly [T in E['type']]?: (event: Incoming & { readonly data: Told<E, T> }, rows: Rows) => void;
};

/** One fold per event type, each with its own data: a topic carries only what its contracts describe. */
export const folds = <E extends { readonly type: string }>(on: Folds<E>): Projection['on'] => on as Projection['on'];
