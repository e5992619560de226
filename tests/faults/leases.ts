import type pg from 'pg';

/** Moderation sets no timers. */
const leases = [
  ...['drafting', 'publication', 'moderation'].map((log) => `${log}.relay_lease`),
  ...['drafting', 'publication'].map((log) => `${log}.timer_lease`),
];

/**
 * From now on every lease that a process takes is written down, with the one that it takes it over from. To begin with each is taken
 * from whoever has it, so that however quiet a campaign is there is something to look at.
 */
export async function noteLeases(admin: pg.Client): Promise<void> {
  await admin.query(`
    create table public.lease_taken (
      lease text, before text, after text, epoch_before bigint, epoch_after bigint, expired_at timestamptz, taken_at timestamptz);
    create function public.note_lease() returns trigger language plpgsql security definer set search_path = public as $$ begin
      insert into lease_taken values
        (tg_argv[0], old.holder, new.holder, old.epoch, new.epoch, old.expires_at, clock_timestamp());
      return new;
    end $$`);
  for (const lease of leases)
    await admin.query(
      `create trigger note_lease before update on ${lease} for each row
         when (new.holder is not null and old.holder is distinct from new.holder) execute function public.note_lease('${lease}');
       update ${lease} set holder = null`,
    );
}

/** Nobody took a lease before it had ended, nor without a new epoch: at no time it was held by two. */
export async function leaseFaults(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ what: string }>(
    `select lease || ' was taken by ' || after || ' while ' || before || ' held it' as what
       from lease_taken where before is not null and expired_at > taken_at
      union all select lease || ' was taken in epoch ' || epoch_after || ' after ' || epoch_before
       from lease_taken where epoch_after <> epoch_before + 1
      union all select 'no process has ever taken ' || name from unnest($1::text[]) as name
        where not exists (select from lease_taken where lease = name)`,
    [leases],
  );
  return rows.map(({ what }) => what);
}
