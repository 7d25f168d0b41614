// Lengths of time, and times that lie days apart, in the words of the language that is shown.
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { clock, date, daysAgo, monthDay, weekday } from '../../../ui/time';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What stands between two sentences: a space, in Japanese nothing. */
export const gap = () => (i18n.locale === 'ja' ? '' : ' ');
/** Sentences in a row; what is empty is left out. */
export const join = (...sentences: (string | null | false)[]) => sentences.filter(Boolean).join(gap());

const ms = (when: string | Date) => new Date(when).getTime();

/** "23 min left"; rounded up, so that nothing is said to be over before it is. */
export function left(until: string, now: Date): string {
  const rest = ms(until) - now.getTime();
  if (rest <= 0) return t`over`;
  const minutes = Math.ceil(rest / MINUTE);
  if (minutes < 120) return plural(minutes, { one: '# min left', other: '# min left' });
  const hours = Math.round(rest / HOUR);
  if (hours < 48) return plural(hours, { one: '# h left', other: '# h left' });
  const days = Math.round(rest / DAY);
  return plural(days, { one: '# day left', other: '# days left' });
}

/** "6 times in 2 min" */
export function timesIn(times: number, from: string, to: string): string {
  const span = Math.abs(ms(to) - ms(from));
  const minutes = Math.max(1, Math.ceil(span / MINUTE));
  if (minutes < 120) return t`${times} times in ${minutes} min`;
  const hours = Math.round(span / HOUR);
  return t`${times} times in ${hours} h`;
}

/** A moment as a sentence names it: 14:35 today, else with its day. */
export function moment(when: string, now: Date, zone?: string): string {
  const [day, today] = [date(when, zone), date(now, zone)];
  const time = clock(when, zone);
  if (day === today) return time;
  return day.slice(0, 4) === today.slice(0, 4) ? `${monthDay(when, zone)} ${time}` : `${day} ${time}`;
}

/** "at 14:03", "between 14:03 and 14:05", with the day where it is not today. */
export function spanWords(from: string, to: string, now: Date, zone?: string): string {
  const begin = moment(from, now, zone);
  if (Math.floor(ms(from) / MINUTE) === Math.floor(ms(to) / MINUTE)) {
    return daysAgo(from, now, zone) === 0 ? t`at ${begin}` : t`on ${begin}`;
  }
  const end = date(from, zone) === date(to, zone) ? clock(to, zone) : moment(to, now, zone);
  return t`between ${begin} and ${end}`;
}

export type DayWords = { name: string; date: string };

/** What a day is called: Today, Yesterday, Friday; older days by their date. */
export function dayWords(when: string, now: Date, zone?: string): DayWords {
  const ago = daysAgo(when, now, zone);
  const day = date(when, zone);
  const short = weekday(when, i18n.locale, zone);
  if (ago === 0) return { name: t`Today`, date: `${day} ${short}` };
  if (ago === 1) return { name: t`Yesterday`, date: `${day} ${short}` };
  const long = new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: zone }).format(
    new Date(when),
  );
  return ago > 1 && ago < 7 ? { name: long, date: day } : { name: day, date: short };
}
