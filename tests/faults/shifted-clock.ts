// Loaded before a service (`node --import`): its clock is as many milliseconds ahead as CLOCK_AHEAD says, or behind. Timers and `performance` are not.
const ahead = Number(process.env.CLOCK_AHEAD ?? 0);
const Actual = Date;

globalThis.Date = new Proxy(Actual, {
  construct: (_of, given: unknown[], as) =>
    Reflect.construct(Actual, given.length > 0 ? given : [Actual.now() + ahead], as) as Date,
  get: (of, name) => (name === 'now' ? () => Actual.now() + ahead : (Reflect.get(of, name) as unknown)),
});
