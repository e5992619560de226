/** The instant so many milliseconds after another, both in UTC as events tell them. Arithmetic: no clock is looked at. */
export const later = (instant: string, ms: number): string =>
  `${new Date(Date.parse(instant) + ms).toISOString().slice(0, -1)}${/\.\d{3}(\d{3})Z$/.exec(instant)?.[1] ?? '000'}Z`;

/** Milliseconds since 1970. */
export const millisOf = (instant: string): number => Date.parse(instant);
