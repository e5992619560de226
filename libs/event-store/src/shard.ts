const m = 0x5bd1e995;

/** Murmur2 with Kafka's seed, unsigned. */
function murmur2(bytes: Buffer): number {
  let hash = 0x9747b28c ^ bytes.length;
  const words = bytes.length >> 2;
  for (let word = 0; word < words; word++) {
    let k = Math.imul(bytes.readInt32LE(word * 4), m);
    k = Math.imul(k ^ (k >>> 24), m);
    hash = Math.imul(hash, m) ^ k;
  }
  const rest = bytes.subarray(words * 4);
  if (rest.length > 0) {
    for (const [at, byte] of rest.entries()) hash ^= byte << (8 * at);
    hash = Math.imul(hash, m);
  }
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The shard of a partition key: the partition that Kafka's default partitioner would choose. */
export function shardOf(key: string, shards: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % shards;
}
