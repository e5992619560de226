// The order in which jest takes suites: those that run whole systems first, so that none of them is left alone at the end.
const longest = ['faults', 'demo', 'operator', 'e2e', 'stack', 'contract', 'services/overload', 'kafka', 'log', ''];
const rank = ({ path }) => {
  const at = longest.findIndex((folder) => path.includes(`/tests/${folder}`));
  return at < 0 ? longest.length : at;
};

export default class LongestFirst {
  shard(suites) {
    return suites;
  }
  sort(suites) {
    return suites.toSorted((one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : 1));
  }
  allFailedTests(suites) {
    return suites;
  }
  cacheResults() {}
}
