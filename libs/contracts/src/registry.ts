import type { Static, TObject, TProperties } from 'typebox';
import Type from 'typebox';

/** A message of the published language: `schema` is the JSON Schema of its data and the source of its type. */
export interface Contract<T extends string = string, P extends TProperties = TProperties> {
  readonly type: T;
  /** Names and fields are a storage format: a newer version adds, it never renames. */
  readonly version: number;
  readonly title: string;
  readonly schema: TObject<P>;
}

/** The event that a contract describes, as deciders and folds see it; a union of contracts gives a union of events. */
export type EventOf<C> =
  C extends Contract<infer T, infer P> ? { readonly type: T; readonly data: Static<TObject<P>> } : never;

/** Declares a message. Fields that are not named are refused wherever the schema is checked. */
export function contract<const T extends string, P extends TProperties>(
  type: T,
  version: number,
  title: string,
  properties: P,
): Contract<T, P> {
  return { type, version, title, schema: Type.Object(properties, { additionalProperties: false }) };
}
