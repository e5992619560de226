import type { Actor } from '#decider';
import type { EventStore } from '#event-store';
import { allDesks, deskLog } from './desk/desk.announcements.ts';

/** The desks that have somebody as a member, and the roles that they have there. */
export const recordedDesks = (store: EventStore) => async (actor: Actor) => {
  const ids = await store.idsOf(deskLog.category, allDesks);
  const states = await Promise.all(ids.map(async (id) => (await store.load(deskLog, id)).state));
  const at = Object.fromEntries(states.map(({ id, members }) => [id, members?.get(actor.id) ?? []]));
  return { at, desks: Object.keys(at).filter((id) => at[id]?.length) };
};
