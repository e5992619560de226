import { fileURLToPath } from 'node:url';

// The order in which jest takes suites: those that run whole systems first, so that none of them is left alone at the end.
const systems = ['faults', 'demo', 'operator', 'e2e', 'stack', 'contract', 'services/overload', 'kafka', 'log'];
const longest = [...systems.map((folder) => `tests/${folder}`), 'libs/projections', 'tests', 'libs/platform', ''];
const root = fileURLToPath(new URL('..', import.meta.url));
const rank = ({ path }) => longest.findIndex((folder) => path.startsWith(root + folder));

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
