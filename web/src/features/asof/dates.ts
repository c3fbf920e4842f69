/** Calendar dates as text: no time zone can move them. */

const DAY_MILLISECONDS = 86_400_000;

export function dayAfter(date: string, days = 1): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** The first day after the year, month or day in `text`; undefined when it names none. */
export function periodEnd(text: string): string | undefined {
  const [, year, month, day] = /(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(text) ?? [];
  if (!year) return undefined;
  if (!month) return `${String(Number(year) + 1).padStart(4, "0")}-01-01`;
  const first = Date.parse(`${year}-${month}-${day ?? "01"}T00:00:00Z`);
  if (Number.isNaN(first)) return undefined;
  if (day) return dayAfter(`${year}-${month}-${day}`);
  const next = new Date(Date.UTC(Number(year), Number(month), 1));
  return next.toISOString().slice(0, 10);
}
