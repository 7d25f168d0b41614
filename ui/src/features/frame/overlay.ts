import { store } from '../../ui/store';

/** What lies above the page, one at a time. */
export type Overlay = 'find' | 'keys' | 'sign-out' | null;
export const overlay = store<Overlay>(null);
export const showOverlay = (next: Overlay) => overlay.set(next);
