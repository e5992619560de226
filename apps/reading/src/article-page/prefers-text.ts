const weightIn = (ranges: ReadonlyMap<string, number>, type: string): number =>
  ranges.get(type) ?? ranges.get(`${type.split('/', 1)[0] ?? ''}/*`) ?? ranges.get('*/*') ?? 0;

/** Whether an Accept header asks for plain text rather than JSON (RFC 9110); JSON where it is all the same. */
export function prefersText(accept = ''): boolean {
  const ranges = new Map(
    accept
      .toLowerCase()
      .split(',')
      .map((range) => {
        const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
        return [type, weight === undefined ? 1 : Number(weight) || 0] as const;
      }),
  );
  return weightIn(ranges, 'text/plain') > weightIn(ranges, 'application/json');
}
