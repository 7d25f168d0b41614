import { i18n } from '@lingui/core';
import { placeName } from './places';

/** "Tokyo, UTC+9", "東京 UTC+9". */
export function zoneWords(zone: string, now: Date): string {
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(now)
    .find((one) => one.type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC');
  const city = placeName((zone.split('/').at(-1) ?? zone).replaceAll('_', ' '));
  return i18n.locale === 'ja' ? `${city} ${offset}` : `${city}, ${offset}`;
}

/** A language by its name in another: `languageName('ja', 'ja')` is 日本語. */
export function languageName(language: string, shownIn: string): string {
  return new Intl.DisplayNames([shownIn], { type: 'language' }).of(language) ?? language;
}
