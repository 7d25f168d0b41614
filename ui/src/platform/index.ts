import type { Platform } from './platform';
import { tauriPlatform } from './tauri';

/** The real desk in the window; in development and in a `--mode pretend` build, a plain browser gets the pretended one. */
export async function platformHere(): Promise<Platform> {
  const pretend = import.meta.env.DEV || import.meta.env.MODE === 'pretend';
  if (pretend && !('__TAURI_INTERNALS__' in window)) {
    return (await import('./fake/browser')).browserPlatform();
  }
  return tauriPlatform;
}
