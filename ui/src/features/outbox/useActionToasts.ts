import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { openAccount, useStatus } from '../../data';
import { useFailureToast } from '../../errors/useFailureToast';
import type { OutboxItem } from '../../ipc';
import { useDeskEvent, usePlatform } from '../../platform/context';
import type { Platform } from '../../platform/platform';
import { asFailure } from '../../platform/platform';
import { toasts } from '../../ui/toasts';
import { actionName } from '../customer/words/names';
import { toggleOutbox } from '../frame/workspace';
import { asking, followed } from './following';
import { doneWords } from './words';

/** The toast that says "saved" for an action, so that it can leave once the store has answered. */
const savedToasts = new Map<string, number>();

/** Says that an action whose dialog closed at once is saved, with the way to take it back. */
export function useSavedToast(): (item: OutboxItem) => void {
  const { t } = useLingui();
  const platform: Platform = usePlatform();
  const tell = useFailureToast();
  const offline = useStatus()?.state === 'offline';
  return (item) => {
    if (item.state !== 'saved' && item.state !== 'sending') return;
    const name = actionName(item.kind);
    const id = toasts.show({
      tone: 'wait',
      text: offline
        ? t`${name} saved on this desk, goes out once connected`
        : t`${name} saved on this desk, being sent`,
      action: {
        label: t`Take back`,
        keys: 'Z',
        run: () => {
          platform.takeBack(item.action_id).catch((thrown: unknown) => tell(asFailure(thrown)));
        },
      },
    });
    savedToasts.set(item.action_id, id);
  };
}

/** Tells in the corner what the store answered to actions that nobody is looking at. Used once, by the frame. */
export function useActionToasts() {
  const { t } = useLingui();
  const memory = useQueryClient();
  const told = useRef(new Map<string, OutboxItem['state']>());
  const heldBack = useRef<OutboxItem[]>([]);

  const say = (item: OutboxItem) => {
    // What a colleague saved on this desk is theirs to hear of and to decide.
    if (item.saved_by !== undefined) return;
    if (item.kind === 'reveal' || told.current.get(item.action_id) === item.state) return;
    told.current.set(item.action_id, item.state);
    if (item.state === 'saved' || item.state === 'sending') return;
    const saved = savedToasts.get(item.action_id);
    if (saved !== undefined) {
      toasts.close(saved);
      savedToasts.delete(item.action_id);
    }
    if (followed.get().has(item.action_id)) return;
    const name = item.customer_name;
    const what = actionName(item.kind);
    const decide = { action: { label: t`Decide`, run: () => toggleOutbox(true) } };
    switch (item.state) {
      case 'done': {
        const words = doneWords(item, openAccount(memory, item), new Date());
        toasts.show({ tone: 'ok', text: item.kind === 'note' ? words : t`${name}: ${words}` });
        return;
      }
      case 'conflict':
        toasts.show({
          tone: 'stop',
          text: t`${what}, ${name}: something changed in between. Nothing was done.`,
          ...decide,
        });
        return;
      case 'refused':
        toasts.show({ tone: 'stop', text: t`${what}, ${name}: the store refused it.`, ...decide });
        return;
      case 'lapsed':
        toasts.show({ tone: 'stop', text: t`${what}, ${name}: it lapsed before it arrived.`, ...decide });
    }
  };
  const latest = useRef(say);
  useEffect(() => {
    latest.current = say;
  });

  useDeskEvent((event) => {
    if (event.event !== 'action') return;
    // Which action a dialog is waiting for is known only when the desk has answered it.
    if (asking.get() > 0) heldBack.current.push(event.item);
    else say(event.item);
  });
  useEffect(
    () =>
      asking.watch(() => {
        if (asking.get() > 0) return;
        for (const item of heldBack.current.splice(0)) latest.current(item);
      }),
    [],
  );
}
