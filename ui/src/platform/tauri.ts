import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Event } from '../ipc';
import type { Platform } from './platform';

/** The one channel on which the desk tells what it was not asked. */
const DESK_EVENT = 'desk';

/** The real desk, behind the window's commands. */
export const tauriPlatform: Platform = {
  start: () => invoke('start'),
  checkStore: (url) => invoke('check_store', { url }),
  signIn: (credentials) => invoke('sign_in', { credentials }),
  signOut: () => invoke('sign_out'),
  status: () => invoke('status'),
  find: (request) => invoke('find', { request }),
  findStore: (request) => invoke('find_store', { request }),
  recent: () => invoke('recent'),
  open: (id, front) => invoke('open', { id, front }),
  earlier: (request) => invoke('earlier', { request }),
  act: (request) => invoke('act', { request }),
  outbox: () => invoke('outbox'),
  retryNow: () => invoke('retry_now'),
  takeBack: (actionId) => invoke('take_back', { actionId }),
  resolve: (resolve) => invoke('resolve', { request: resolve }),
  reveal: (request) => invoke('reveal', { request }),
  copyText: (text, sensitive) => invoke('copy', { text, sensitive }),
  preferences: () => invoke('preferences'),
  savePreferences: (preferences) => invoke('save_preferences', { preferences }),
  listen(listener) {
    const stopped = listen<Event>(DESK_EVENT, (message) => listener(message.payload));
    return () => {
      void stopped.then((stop) => stop());
    };
  },
};
