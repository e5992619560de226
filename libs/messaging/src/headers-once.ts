import Decoder from 'kafkajs/src/protocol/decoder.js';

type Value = Buffer | null;
type Headers = Record<string, Value | Value[]>;

/** Names of headers that have been met, by their bytes. */
const met = new Map<string, string>();
const mostMet = 200;

/** The next name, as one string for all messages: to look a header up is then to look for a name that is known. */
function nameIn(decoder: Decoder): string {
  const size = decoder.readVarInt();
  const at = decoder.offset;
  decoder.offset += size;
  const name = decoder.buffer.toString('latin1', at, decoder.offset);
  const known = met.get(name);
  if (known !== undefined) return known;
  const text = decoder.buffer.toString('utf8', at, decoder.offset);
  if (met.size < mostMet) met.set(name, text);
  return text;
}

/**
 * kafkajs 2.2.4 makes an array of the headers of a message, and reduces it to an object that it copies for each of them: with as many as ours,
 * that is most of what it takes to decode one. Here they are an object at once; a name that comes again has a list. It reads no other arrays of this kind.
 */
Decoder.prototype.readVarIntArray = function () {
  const all = Object.create(null) as Headers;
  for (let left = this.readVarInt(); left > 0; left -= 1) {
    const name = nameIn(this);
    const value = this.readVarIntBytes();
    const before = all[name];
    all[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return { reduce: () => all };
};
