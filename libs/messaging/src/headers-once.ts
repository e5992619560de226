import Decoder from 'kafkajs/src/protocol/decoder.js';

type Value = Buffer | null;
interface Header {
  readonly key: string;
  readonly value: Value;
}

/** All of them in one object; a name that comes again has a list. */
function inOne(this: readonly Header[]): object {
  const all = Object.create(null) as Record<string, Value | Value[]>;
  for (const { key, value } of this) {
    const before = all[key];
    all[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return all;
}

/**
 * kafkajs 2.2.4 reduces the headers of a message to an object that it copies for each of them: with as many as ours, half of what it takes to
 * decode one. It reads no other arrays of this kind.
 */
const { prototype } = Decoder;
const read = Reflect.get(prototype, 'readVarIntArray');
prototype.readVarIntArray = function (reader) {
  return Object.assign(read.call(this, reader), { reduce: inOne });
};
