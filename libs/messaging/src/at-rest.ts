import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * kafkajs 2.2.4 looks a thousand times a second whether something waits to be sent, on each connection and for ever (tulios/kafkajs#1704): a
 * twentieth of a core for each process that does nothing. Where nothing waits there is no need to look: what is asked next is sent at once,
 * or it waits, and is looked for.
 */
const { prototype } = RequestQueue;
const look = Reflect.get(prototype, 'scheduleCheckPendingRequests');
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) look.call(this);
};
