import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { customerQuery } from '../../data';
import type { CustomerView } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { needsYou } from '../outbox/lanes';
import { markTab, type Tab } from './workspace';

/** What a tab shows of its customer: what somebody must decide, a lock, a waiting action, nothing; the first that is so. */
export function markOf(view: CustomerView): Tab['mark'] {
  if (view.pending.some(needsYou)) return 'decide';
  if (view.why.kind === 'locked' || view.why.kind === 'partly_locked') return 'blocked';
  return view.pending.some((item) => item.state !== 'done') ? 'waiting' : 'ok';
}

/** Keeps names and marks of all open tabs true, also of those that are behind or came back with the window. */
export function useTabMarks(tabs: Tab[]) {
  const platform = usePlatform();
  const records = useQueries({
    queries: tabs.map(({ id }) => customerQuery(platform, id)),
    combine: (results) => results.map((result) => result.data),
  });
  useEffect(() => {
    for (const view of records) {
      if (view) markTab(view.profile.id, { written: view.profile.name.written, mark: markOf(view) });
    }
  }, [records]);
}
