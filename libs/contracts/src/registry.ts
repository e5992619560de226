import type { Static, TObject, TProperties, TSchema } from 'typebox';
import Type from 'typebox';

/** A field about the person in `by`: in the log and on the topic it is sealed under that person's key, in events of `since` and later. */
interface PersonalField {
  readonly path: readonly string[];
  readonly since: number;
}

/** A message of the published language: `schema` is the JSON Schema of its data and the source of its type. */
export interface Contract<T extends string = string, P extends TProperties = TProperties> {
  readonly type: T;
  /** Names and fields are a storage format: a newer version adds, it never renames. */
  readonly version: number;
  readonly title: string;
  readonly schema: TObject<P>;
  readonly personal: readonly PersonalField[];
}

/** Text about the person in `by`. Who may open it reads it as it was written, or empty once the person was erased. */
export const Personal = (since: number, description: string) =>
  Type.String({
    description: `${description}. Sealed: AES-256-GCM under the key of the person in \`by\`, bound to the event's id and this field`,
    'x-sealed-since': since,
  });

function personalIn(properties: Readonly<Record<string, TSchema>>, above: readonly string[] = []): PersonalField[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = [...above, name];
    const { properties: inner, 'x-sealed-since': since } = schema as {
      properties?: Readonly<Record<string, TSchema>>;
      'x-sealed-since'?: number;
    };
    return since === undefined ? personalIn(inner ?? {}, path) : [{ path, since }];
  });
}

/** The event that a contract describes, as deciders and folds see it; a union of contracts gives a union of events. */
export type EventOf<C> =
  C extends Contract<infer T, infer P> ? { readonly type: T; readonly data: Static<TObject<P>> } : never;

/** From each version of these types to its newest, where newer ones only added what may be missing: an older one is as it was. */
export const onlyAdded = <T extends string>(newest: Readonly<Record<T, number>>) =>
  Object.fromEntries(
    Object.entries<number>(newest).map(([type, versions]) => [
      type,
      Object.fromEntries(Array.from({ length: versions - 1 }, (_, at) => [at + 1, (data: unknown) => data])),
    ]),
  );

/** Declares a message. Fields that are not named are refused wherever the schema is checked. */
export function contract<const T extends string, P extends TProperties>(
  type: T,
  version: number,
  title: string,
  properties: P,
): Contract<T, P> {
  const schema = Type.Object(properties, { additionalProperties: false });
  return { type, version, title, schema, personal: personalIn(properties) };
}
