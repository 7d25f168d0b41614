import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useStatus } from '../../data';
import type { Failure, FindAnswer, FindStoreAnswer } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';

export type Filter = { locked: boolean; brand: string | null };

/** Rows that a person scrolls at most; beyond it they type another letter. */
const ON_SCREEN = 200;
const FROM_STORE = 50;
/** How long nothing must be typed before the store is asked, in milliseconds. */
const PAUSE = 220;

export type Found = {
  desk: FindAnswer | undefined;
  /** The desk's answer is for what stood in the box before; it is shown, but nothing of it opens. */
  behind: boolean;
  store: FindStoreAnswer | undefined;
  storeState: 'not_asked' | 'offline' | 'asking' | 'answered' | 'failed';
  storeFailure: Failure | null;
  askStoreAgain: () => void;
};

/**
 * Asks this desk at every keystroke and the store after a pause. An answer belongs to exactly one query and filter:
 * the store's is shown for no other.
 */
export function useFind(query: string, filter: Filter): Found {
  const platform = usePlatform();
  const live = useStatus()?.state !== 'offline';
  const [settled, setSettled] = useState(query);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query), PAUSE);
    return () => clearTimeout(timer);
  }, [query]);

  const asked = query !== '';
  const desk = useQuery({
    queryKey: ['find', query, filter],
    queryFn: () => platform.find({ query, ...filter, limit: ON_SCREEN }),
    enabled: asked,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const worth = [...query].length > 1;
  const asksStore = asked && worth && live && settled === query;
  const store = useQuery({
    queryKey: ['find-store', query, filter],
    queryFn: () => platform.findStore({ query, ...filter, limit: FROM_STORE }),
    enabled: asksStore,
    gcTime: 0,
  });
  return {
    desk: asked ? desk.data : undefined,
    behind: desk.isPlaceholderData,
    store: asksStore ? store.data : undefined,
    storeState:
      !asked || !worth
        ? 'not_asked'
        : !live
          ? 'offline'
          : store.isError && asksStore
            ? 'failed'
            : store.data && asksStore
              ? 'answered'
              : 'asking',
    storeFailure: store.error ? asFailure(store.error) : null,
    askStoreAgain: () => void store.refetch(),
  };
}
