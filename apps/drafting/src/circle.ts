/**
 * The way from one thing to itself that a step to `next` would close, both ends named; empty where there is none. `stepsFrom` says where
 * it goes on from each.
 */
export async function circleFrom(
  start: string,
  next: string,
  stepsFrom: (id: string) => Promise<readonly string[]>,
): Promise<string[]> {
  const ways = [[start, next]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    const at = way.at(-1) ?? next;
    if (at === start) return way;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const step of await stepsFrom(at)) ways.push([...way, step]);
  }
  return [];
}
