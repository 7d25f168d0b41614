import { store } from '../../ui/store';

/** One customer that is open, in the row of tabs. The mark is what was last known; the page says it in words. */
export type Tab = { id: string; written: string; mark: 'decide' | 'blocked' | 'ok' | 'waiting' | 'unknown' };

export type Workspace = {
  tabs: Tab[];
  /** The customer in front; null shows the start page. */
  active: string | null;
  /** The one that was in front before, for "last one". */
  last: string | null;
  page: 'customers' | 'settings';
  outboxOpen: boolean;
};

export const emptyWorkspace: Workspace = {
  tabs: [],
  active: null,
  last: null,
  page: 'customers',
  outboxOpen: false,
};
export const workspace = store<Workspace>(emptyWorkspace);

const put = (change: (now: Workspace) => Partial<Workspace>) =>
  workspace.set((now) => ({ ...now, ...change(now) }));

/** Opens a customer in a tab, or brings their tab to the front; `behind` leaves the front as it is. */
export function openTab(id: string, written: string, behind = false) {
  put((now) => {
    const known = now.tabs.some((tab) => tab.id === id);
    const tabs = known ? now.tabs : [...now.tabs, { id, written, mark: 'unknown' as const }];
    if (behind && now.active !== null) return { tabs };
    return { tabs, active: id, last: now.active === id ? now.last : now.active, page: 'customers' };
  });
}

export function showTab(id: string) {
  put((now) =>
    now.tabs.some((tab) => tab.id === id)
      ? { active: id, last: now.active === id ? now.last : now.active, page: 'customers' }
      : {},
  );
}

/** Brings the next tab of the row to the front, or the one before; beyond the last comes the first. */
export function stepTab(step: 1 | -1) {
  const { tabs, active } = workspace.get();
  const at = tabs.findIndex((tab) => tab.id === active);
  const next = tabs[at < 0 ? (step > 0 ? 0 : tabs.length - 1) : (at + step + tabs.length) % tabs.length];
  if (next) showTab(next.id);
}

/** Closes a tab; the one that was in front before comes back, else its neighbour. */
export function closeTab(id: string) {
  put((now) => {
    const at = now.tabs.findIndex((tab) => tab.id === id);
    if (at < 0) return {};
    const tabs = now.tabs.filter((tab) => tab.id !== id);
    const has = (one: string | null) => (one !== null && tabs.some((tab) => tab.id === one) ? one : null);
    if (now.active !== id) return { tabs, last: has(now.last) };
    const next = has(now.last) ?? tabs[Math.min(at, tabs.length - 1)]?.id ?? null;
    return { tabs, active: next, last: null };
  });
}

/** Brings back the tab that was in front before. */
export function showLast() {
  const { last } = workspace.get();
  if (last) showTab(last);
}

/** What is now known of an open customer: their name and the mark on their tab. */
export function markTab(id: string, known: Partial<Omit<Tab, 'id'>>) {
  put((now) => ({ tabs: now.tabs.map((tab) => (tab.id === id ? { ...tab, ...known } : tab)) }));
}

export const toggleOutbox = (open?: boolean) => put((now) => ({ outboxOpen: open ?? !now.outboxOpen }));
export const showPage = (page: Workspace['page']) => put(() => ({ page }));
export const resetWorkspace = () => workspace.set(emptyWorkspace);
