// Times as an agent reads them: 14:12, 2026/11/23, in the desk's own zone unless a zone is given.
type When = string | number | Date;

const parts = (when: When, zone: string | undefined, locale: string) =>
  Object.fromEntries(
    new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(new Date(when))
      .map((part) => [part.type, part.value]),
  );

/** 14:12 */
export const clock = (when: When, zone?: string) => {
  const p = parts(when, zone, 'en');
  return `${p.hour}:${p.minute}`;
};
/** 14:12:08 */
export const clockWithSeconds = (when: When, zone?: string) =>
  `${clock(when, zone)}:${parts(when, zone, 'en').second}`;
/** 2026/11/23 */
export const date = (when: When, zone?: string) => {
  const p = parts(when, zone, 'en');
  return `${p.year}/${p.month}/${p.day}`;
};
/** 11/23 */
export const monthDay = (when: When, zone?: string) => date(when, zone).slice(5);
/** Mon, or 月 */
export const weekday = (when: When, locale: string, zone?: string) => parts(when, zone, locale).weekday ?? '';

/** The shortest words that leave no doubt: 14:12 today, 11/22 21:17 this year, 2024/03/09 before. */
export function brief(when: When, now: When, zone?: string): string {
  const [day, today] = [date(when, zone), date(now, zone)];
  if (day === today) return clock(when, zone);
  if (day.slice(0, 4) === today.slice(0, 4)) return `${monthDay(when, zone)} ${clock(when, zone)}`;
  return day;
}

/** Whole days between two moments by the calendar of a zone: 0 today, 1 yesterday. */
export function daysAgo(when: When, now: When, zone?: string): number {
  const day = (moment: When) => {
    const [y, m, d] = date(moment, zone).split('/').map(Number);
    return Date.UTC(y ?? 0, (m ?? 1) - 1, d ?? 1) / 86_400_000;
  };
  return day(now) - day(when);
}
