import { i18n } from '@lingui/core';
import { placeName } from './places';

/** Whether the machine knows this zone: what was imported may be anything. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** "Tokyo, UTC+9", "東京 UTC+9". */
export function zoneWords(zone: string, now: Date): string {
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(now)
    .find((one) => one.type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC');
  const city = placeName((zone.split('/').at(-1) ?? zone).replaceAll('_', ' '));
  return i18n.locale === 'ja' ? `${city} ${offset}` : `${city}, ${offset}`;
}

/** A language by its name in another: `languageName('ja', 'ja')` is 日本語. What is no language stays as it is. */
export function languageName(language: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames([shownIn], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}
