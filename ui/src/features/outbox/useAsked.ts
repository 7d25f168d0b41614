import { useCallback, useEffect, useRef, useState } from 'react';
import type { ActRequest, Choice, Failure, OutboxItem } from '../../ipc';
import { useDeskEvent, usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { asking, follow, unfollow } from './following';

const further: Record<OutboxItem['state'], number> = {
  saved: 0,
  sending: 1,
  done: 2,
  conflict: 2,
  refused: 2,
  lapsed: 2,
};

/** One action from the moment it is asked for until the person has seen what became of it. */
export type Asked = {
  item: OutboxItem | null;
  busy: boolean;
  failure: Failure | null;
  /** Taken back, or let be: there is nothing more to see. */
  gone: boolean;
  send: (request: ActRequest) => Promise<OutboxItem | null>;
  takeBack: () => Promise<void>;
  resolve: (choice: Choice) => Promise<void>;
};

/** `shown` is false where the dialog closes at once and the corner tells the outcome. */
export function useAsked(shown = true): Asked {
  const platform = usePlatform();
  const [item, setItem] = useState<OutboxItem | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [gone, setGone] = useState(false);
  // An event can overtake the answer that names its action, so every one is looked at.
  const heard = useRef(new Map<string, OutboxItem>());
  const id = item?.action_id;

  useDeskEvent((event) => {
    if (event.event !== 'action') return;
    heard.current.set(event.item.action_id, event.item);
    if (event.item.action_id === id) setItem(event.item);
  });
  useEffect(() => {
    if (id === undefined || !shown) return;
    follow(id);
    return () => unfollow(id);
  }, [id, shown]);

  const work = useCallback(
    async (doIt: () => Promise<OutboxItem | null>) => {
      setBusy(true);
      setFailure(null);
      asking.set((n) => n + 1);
      try {
        const answer = await doIt();
        if (answer) {
          const latest = heard.current.get(answer.action_id);
          const newer = latest && further[latest.state] >= further[answer.state] ? latest : answer;
          if (shown) follow(newer.action_id);
          setItem(newer);
          return newer;
        }
        setGone(true);
        return null;
      } catch (thrown) {
        setFailure(asFailure(thrown));
        return null;
      } finally {
        asking.set((n) => n - 1);
        setBusy(false);
      }
    },
    [shown],
  );

  const send = useCallback((request: ActRequest) => work(() => platform.act(request)), [platform, work]);
  const takeBack = useCallback(async () => {
    if (id === undefined) return;
    await work(async () => {
      await platform.takeBack(id);
      return null;
    });
  }, [platform, work, id]);
  const resolve = useCallback(
    async (choice: Choice) => {
      if (id === undefined) return;
      await work(() => platform.resolve({ action_id: id, choice }));
    },
    [platform, work, id],
  );
  return { item, busy, failure, gone, send, takeBack, resolve };
}
