import { expect, test } from '@jest/globals';
import { contractOf, contractsByTopic } from '#contracts';
import type { Incoming } from '#messaging';
import { type Projection, Rows } from '#projections';
import { readModels } from './read-models.ts';
import { events } from './samples.ts';

const topicOf = (type: string) =>
  Object.keys(contractsByTopic).find((topic) => contractsByTopic[topic]?.some((contract) => contract.type === type));

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
const plain: Readonly<Record<string, unknown>> = { string: '2026-03-01', integer: 1, number: 1, boolean: true };
/** Something that says all that a schema lets it say, optional fields among them. */
function anything(schema: Schema): unknown {
  if (schema.anyOf?.[0]) return anything(schema.anyOf[0]);
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, anything(inner)]));
  if (schema.items) return [anything(schema.items)];
  const [literal] = [schema.const, ...(schema.enum ?? [])].filter((value) => value !== undefined);
  return literal ?? plain[schema.type ?? ''];
}
const eventOf = (type: string): Incoming => ({
  ...events.started(),
  ...{ type, topic: topicOf(type) ?? '', data: anything(contractOf(type).schema) },
});

/** Which topics write each column; the rows of a table that has the service in its key are each of one topic alone. */
function writersOf(projection: Projection): Map<string, Set<string>> {
  const writers = new Map<string, Set<string>>();
  for (const [type, fold] of Object.entries(projection.on)) {
    const rows = new Rows(projection);
    fold(eventOf(type), rows);
    for (const [table, changes] of rows.tables) {
      if (projection.tables[table]?.includes('service')) continue;
      for (const { set, add } of changes.values())
        for (const column of [...Object.keys(set), ...Object.keys(add)]) {
          const name = `${table}.${column}`;
          writers.set(name, (writers.get(name) ?? new Set()).add(topicOf(type) ?? ''));
        }
    }
  }
  return writers;
}

test.each(readModels.map((projection) => [projection.name, projection] as const))(
  '%s: each column is written by one topic, so that no interleaving of topics can be told from another',
  (_name, projection) => {
    const writers = writersOf(projection);
    if (!/_history$|_past$/.test(projection.name)) expect(writers.size).toBeGreaterThan(5);
    expect([...writers].filter(([, topics]) => topics.size > 1)).toEqual([]);
  },
);

test.each(readModels.map((projection) => [projection.name, projection] as const))(
  '%s: folds only what its topics carry',
  (_name, { on, topics }) => {
    expect(Object.keys(on).filter((type) => !topics.includes(topicOf(type) ?? ''))).toEqual([]);
  },
);
