import { useEffect } from 'react';
import { type Locale, speak, systemLocale } from '../../i18n';
import type { Preferences } from '../../ipc';
import type { Platform } from '../../platform/platform';
import { store, useStore } from '../../ui/store';
import { type Tab, workspace } from '../frame/workspace';

export type Theme = 'system' | 'light' | 'dark';

/** How this person likes their window. Open tabs are kept beside it, by the desk, encrypted. */
export type Likes = { theme: Theme; language: Locale | null; factsWidth: number | null };
export const likes = store<Likes>({ theme: 'system', language: null, factsWidth: null });

const dark = () => window.matchMedia?.('(prefers-color-scheme: dark)');

function show({ theme, language }: Likes) {
  const isDark = theme === 'dark' || (theme === 'system' && dark()?.matches === true);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  speak(language ?? systemLocale());
}

/** Shows the likes from now on, and follows the machine where it is asked to. Called once, before anything is drawn. */
export function showLikes() {
  show(likes.get());
  likes.watch(() => show(likes.get()));
  dark()?.addEventListener('change', () => show(likes.get()));
}

/** What the desk holds, as text, so that only a change is written. */
let kept = '';
const asText = (preferences: Preferences) => JSON.stringify(Object.entries(preferences).sort());

const known = (preferences: Preferences): Likes => ({
  theme: preferences.theme === 'light' || preferences.theme === 'dark' ? preferences.theme : 'system',
  language: preferences.language === 'en' || preferences.language === 'ja' ? preferences.language : null,
  factsWidth: preferences.facts_width,
});

/** Brings back what was kept: likes at once, tabs as the records behind them are found. */
export async function bringBack(platform: Platform) {
  const held = await platform.preferences();
  kept = asText(held);
  likes.set((now) => {
    const then = known(held);
    // Before anybody had signed in there was nothing to read; what was chosen on that screen stands.
    return held.theme === null && held.language === null
      ? { ...then, theme: now.theme, language: now.language }
      : then;
  });
  const tabs = held.tabs.map((id): Tab => ({ id, written: '', mark: 'unknown' }));
  const active = tabs.some((tab) => tab.id === held.active_tab) ? held.active_tab : (tabs[0]?.id ?? null);
  workspace.set((now) => ({ ...now, tabs, active }));
}

const current = (): Preferences => {
  const { theme, language, factsWidth } = likes.get();
  const { tabs, active } = workspace.get();
  return { theme, language, facts_width: factsWidth, tabs: tabs.map((tab) => tab.id), active_tab: active };
};

/** Keeps likes and open tabs as they change, a moment after the last change. Used once, by the frame. */
export function useKeeping(platform: Platform) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      clearTimeout(timer);
      const now = current();
      const text = asText(now);
      if (text === kept) return;
      kept = text;
      platform.savePreferences(now).catch(() => {
        kept = '';
      });
    };
    const keep = () => {
      clearTimeout(timer);
      timer = setTimeout(write, 300);
    };
    keep();
    window.addEventListener('pagehide', write);
    const stops = [likes.watch(keep), workspace.watch(keep)];
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', write);
      for (const stop of stops) stop();
    };
  }, [platform]);
}

export const useLikes = () => useStore(likes);
