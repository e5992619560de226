import type { EventStore } from '#event-store';
import type { Figure, Scale } from './figures.ts';
import { unseen, untilLevel } from './level.ts';
import { median, quantile } from './load.ts';
import { drafted, write } from './seeding.ts';
import type { System } from './system.ts';

const wanted = 10_000; // events a second
const eventsOfAnArticle = 20;
const tickMs = 20;
/** Appends under way, in articles; with more, the log itself is what does not keep up. */
const mostUnderWay = 300;
const sampleMs = 200;

interface Sample {
  readonly seconds: number;
  readonly unseen: number;
}

/** Appends articles of twenty events at a rate, as far as the log takes them; answers how many events there were and in how many seconds. */
async function appendAt(store: EventStore, perSecond: number, seconds: number) {
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  const underWay = new Set<Promise<unknown>>();
  let articles = 0;
  while (elapsed() < seconds) {
    const due = Math.floor((elapsed() * perSecond) / eventsOfAnArticle);
    while (articles < due && underWay.size < mostUnderWay) {
      articles += 1;
      const writing = write(store, drafted).finally(() => underWay.delete(writing));
      underWay.add(writing);
    }
    await new Promise((go) => setTimeout(go, tickMs));
  }
  await Promise.all(underWay);
  return { events: articles * eventsOfAnArticle, seconds: elapsed() };
}

/** Events a second by which it grows, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [t, y] = [mean(({ seconds }) => seconds), mean((one) => one.unseen)];
  const covariance = mean((one) => (one.seconds - t) * (one.unseen - y));
  return covariance / mean(({ seconds }) => (seconds - t) ** 2);
}

/**
 * Articles are written into drafting's log by this process, through its EventStore; drafting relays them, reading folds them into its read
 * models. The lag is what the least advanced of those does not show of what was appended.
 */
export async function sustained(system: System, scale: Scale, told: (soFar: string) => void): Promise<Figure[]> {
  await untilLevel(system, told);
  const store = await system.log('drafting');
  const samples: Sample[] = [];
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const watching = setInterval(() => {
    void unseen(system, 'drafting').then((events) => {
      samples.push({ seconds: seconds(), unseen: events });
      told(`${events} events are not shown yet`);
    });
  }, sampleMs);
  const appended = await appendAt(store, wanted, 5 * scale.seconds);
  clearInterval(watching);
  while ((await unseen(system, 'drafting')) > 0) await new Promise((go) => setTimeout(go, 20));
  const carried = appended.events / seconds();
  const lags = samples.map((one) => one.unseen);
  const later = samples.slice(samples.length / 2);
  const growth = slope(later);
  const name = `log to read models at ${wanted.toLocaleString('en')} events/s`;
  return [
    { name: `${name}: appended`, value: appended.events / appended.seconds, unit: 'events/s' },
    {
      name: `${name}: shown, until the last`,
      value: carried,
      unit: 'events/s',
      aims: { value: { least: 0.95 * wanted } },
    },
    // Bounded: over the second half it does not grow by more than a fiftieth of what comes in.
    { name: `${name}: growth of the lag`, value: growth, unit: 'events/s', aims: { value: { most: wanted / 50 } } },
    { name: `${name}: lag, p50`, value: median(lags), unit: 'events' },
    { name: `${name}: lag, p99`, value: quantile(lags, 0.99), unit: 'events' },
  ];
}
