import type { Code } from '../../ipc';
import { type FakeOptions, failure, fakePlatform } from '.';

/** The pretended desk for a plain browser, set by the address: ?phase=first_start&offline&keyring=absent&refuse=signIn:clock_off */
export function browserPlatform() {
  const ask = new URLSearchParams(window.location.search);
  const options: FakeOptions = {
    phase: (ask.get('phase') ?? 'ready') as NonNullable<FakeOptions['phase']>,
    keyring: (ask.get('keyring') ?? 'ok') as NonNullable<FakeOptions['keyring']>,
    offline: ask.has('offline'),
    conflict: ask.has('conflict'),
    clockAheadMs: ask.has('clock') ? Number(ask.get('clock')) : null,
    preferences: { theme: ask.get('theme'), language: ask.get('lang') },
  };
  const [command, code] = ask.get('refuse')?.split(':') ?? [];
  if (command && code) {
    options.refuse = {
      [command]: failure(code as Code, {
        until: code === 'too_many_attempts' ? new Date(Date.now() + 540_000).toISOString() : null,
      }),
    };
  }
  const platform = fakePlatform(options);
  Object.assign(window, { desk: platform });
  return platform;
}
