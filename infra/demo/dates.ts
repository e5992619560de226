const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** 1st, 2nd, 3rd, 4th … 11th, 12th, 13th … 21st. */
export function ordinal(day: number): string {
  const teens = day % 100 > 10 && day % 100 < 14;
  return `${day}${(teens ? undefined : ['th', 'st', 'nd', 'rd'][day % 10]) ?? 'th'}`;
}

/** `2011-07-15` as it stands on a page: `July 15th, 2011`. */
export function writtenDate(iso: string): string {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number);
  return `${months[month - 1] ?? ''} ${ordinal(day)}, ${year}`;
}

/** The other way round, for days that there have been or will be; else what is wrong with it, in words. */
export function readDate(written: string): { iso: string } | { wrong: string } {
  const [, name = '', number, suffix = '', year] = /^(\S+) (\d{1,2})(\S*), ([1-9]\d{3})$/.exec(written) ?? [];
  if (number === undefined || year === undefined) {
    return { wrong: `'${written}' is no date; one is like this: July 15th, 2011.` };
  }
  const month = months.indexOf(name) + 1;
  if (month === 0) return { wrong: `'${name}' is no month.` };
  const day = Number(number);
  // The day before the first of the next month is the last of this one.
  const last = new Date(Date.UTC(Number(year), month, 0)).getUTCDate();
  if (day < 1 || day > last) return { wrong: `${name} ${year} has no day ${number}.` };
  if (ordinal(day) !== `${number}${suffix}`) return { wrong: `it is ${ordinal(day)}, not ${number}${suffix}.` };
  return { iso: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` };
}
