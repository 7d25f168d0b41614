import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../App';
import { resetWorkspace } from '../features/frame/workspace';
import { likes } from '../features/settings/preferences';
import { type FakeOptions, type FakePlatform, fakePlatform } from '../platform/fake';
import { toasts } from '../ui/toasts';

/** A whole window over a pretended desk whose store answers at once. */
export function openWindow(options: FakeOptions = {}, change?: (desk: FakePlatform) => void) {
  resetWorkspace();
  toasts.clear();
  likes.set({ theme: 'system', language: 'en', factsWidth: null });
  const desk = fakePlatform({ storeMs: 0, now: () => new Date('2026-11-23T05:12:00Z'), ...options });
  change?.(desk);
  const user = userEvent.setup();
  return { desk, user, ...render(<App platform={desk} />) };
}

/** What a function of the pretended desk was called with, oldest first. */
export const callsOf = (desk: FakePlatform, name: string) =>
  desk.calls.filter((call) => call.name === name).map((call) => call.args);
