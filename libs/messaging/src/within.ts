/** Milliseconds for taking leave of Kafka. Where nobody answers, the other side finds out by itself. */
const leaveMs = 2000;

/** What this comes to, or an error when Kafka takes longer; what is late still runs. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`Kafka did not answer within ${ms} ms.`));
  }, ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for what is closed, but not for a cluster that does not answer. */
export const leaving = (closed: Promise<unknown>): Promise<unknown> => within(leaveMs, closed).catch(() => undefined);
