import { i18n } from '@lingui/core';
import { messages as customerEn } from './features/customer/locales/en.po';
import { messages as customerJa } from './features/customer/locales/ja.po';
import { messages as en } from './locales/en.po';
import { messages as ja } from './locales/ja.po';

export type Locale = 'en' | 'ja';

i18n.load({ en: { ...customerEn, ...en }, ja: { ...customerJa, ...ja } });

declare global {
  interface Window {
    /** Set by the program before the page starts, where the engine cannot be asked (Linux). */
    machineLanguage?: Locale;
  }
}

/** The language that the machine is set to, of those that we speak. */
export function systemLocale(): Locale {
  if (window.machineLanguage) return window.machineLanguage;
  return navigator.languages.some((language) => language.startsWith('ja')) ? 'ja' : 'en';
}

/** Shows the window in a language at once, without a restart. */
export function speak(locale: Locale) {
  i18n.activate(locale);
  document.documentElement.lang = locale;
}

export { i18n };
