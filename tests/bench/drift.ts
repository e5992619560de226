import { command, story } from './commands.ts';
import type { Figure, Scale } from './figures.ts';
import { untilLevel } from './level.ts';
import { each, openLoop, quantile } from './load.ts';
import { approve } from './seeding.ts';
import type { System } from './system.ts';

const load = 200; // commands a second
const dueEachSecond = 20;
/** From the first schedule to the first that is due: all have been set by then, and the load runs. */
const leadSeconds = 8;

/** Schedules that come due second after second, while articles are begun at a rate. How late each was is in its own event. */
export async function drift(system: System, { seconds }: Scale): Promise<Figure[]> {
  const span = 5 * seconds;
  const articles = await approve(await system.log('drafting'), span * dueEachSecond);
  await untilLevel(system);
  const [duty, reporter] = [await system.as('duty-editor', 'publication'), await system.as('reporter', 'drafting')];
  const begun = Date.now();
  await each(50, articles.entries(), ([at, id]) => {
    const due = begun + (leadSeconds + (at % span)) * 1000;
    const when = { version: 1, at: new Date(due).toISOString().slice(0, 19), zone: 'UTC', late: 'publish-late' };
    return command(duty, `/publications/${id}/schedule`, JSON.stringify(when));
  });
  const left = (begun - Date.now()) / 1000 + leadSeconds + span + 1;
  await openLoop(load, Array.from({ length: Math.ceil(left * load) }), async () => {
    await command(reporter, '/articles', story);
  });
  duty.close();
  reporter.close();
  for (;;) {
    const { rows } = await system.admin.query<{ ms: number }>(
      `select (payload->>'drift')::float8 * 1000 as ms from publication.event
        where type = 'ScheduleCameDue' and payload->>'articleId' = any($1)`,
      [articles],
    );
    const late = rows.map(({ ms }) => ms);
    const row = (share: number): Figure => ({
      ...{ name: `timer drift at ${load} commands/s: p${share * 100}`, value: quantile(late, share), unit: 'ms' },
    });
    if (late.length === articles.length) return [row(0.5), { ...row(0.99), aims: { value: { most: 100 } } }];
    await new Promise((go) => setTimeout(go, 100));
  }
}
