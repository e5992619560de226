import { derivedId, timed, type Timed } from '#event-store';
import { nextTime } from '#platform';
import { templateLog } from './template/template.announcements.ts';

const templates = timed(templateLog);
/** A template that comes due is told when it does so next: after now, so that days that were missed are not made up for. */
export const timedTemplates: Timed = {
  ...templates,
  async fire(store, { command, ...order }) {
    const { state, now } = await store.load(templateLog, order.id);
    const next = state.schedule && { next: nextTime(state.schedule, now) };
    const data = { ...(command.data as object), started: derivedId(order.commandId, 'article'), ...next };
    return templates.fire(store, { ...order, command: { ...command, data } });
  },
};
