import { useLingui } from '@lingui/react/macro';
import { useFailureToast } from '../../errors/useFailureToast';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import type { IconName } from '../../ui/Icon';
import { useStore } from '../../ui/store';
import { showOverlay } from '../frame/overlay';
import { type Wish, wish } from '../frame/wish';
import { showLast, showPage, showTab, toggleOutbox, workspace } from '../frame/workspace';
import { keysOf, type ShortcutId } from '../keys/registry';
import { useSignOut } from '../session/SignOutQuestion';
import { likes } from '../settings/preferences';

export type Command = {
  id: string;
  icon: IconName;
  label: string;
  beside?: string;
  keys?: string;
  run: () => void;
};

const folded = (text: string) => text.normalize('NFKC').toLocaleLowerCase();

/** What can be done or gone to by typing `>` and a part of its name; what needs a customer is offered when one is in front. */
export function useCommands(typed: string): Command[] {
  const { t } = useLingui();
  const platform = usePlatform();
  const tell = useFailureToast();
  const signOut = useSignOut();
  const now = useStore(workspace);
  const front = now.tabs.find((tab) => tab.id === now.active);
  const last = now.tabs.find((tab) => tab.id === now.last);

  const ask = (what: NonNullable<Wish>['what'], icon: IconName, label: string, key: ShortcutId): Command[] =>
    front
      ? [
          {
            id: what,
            icon,
            label,
            beside: front.written,
            keys: keysOf(key),
            run: () => {
              showTab(front.id);
              wish.set({ customer: front.id, what });
            },
          },
        ]
      : [];
  const all: Command[] = [
    ...ask('unlock', 'unlock', t`Unlock`, 'unlock'),
    ...ask('note', 'note', t`Write a note`, 'note'),
    ...ask('revoke', 'revoke', t`Revoke sessions`, 'revoke'),
    ...ask('withdraw', 'consent', t`Withdraw a consent`, 'withdraw'),
    ...ask('lock', 'lock', t`Lock`, 'lock'),
    ...(last
      ? [
          {
            id: 'last',
            icon: 'retry' as const,
            label: t`Go back to the last customer`,
            beside: last.written,
            keys: keysOf('lastTab'),
            run: showLast,
          },
        ]
      : []),
    ...now.tabs
      .filter((tab) => tab.id !== now.active || now.page !== 'customers')
      .map(
        (tab): Command => ({
          id: `tab-${tab.id}`,
          icon: 'user',
          label: t`Go to`,
          beside: tab.written,
          run: () => showTab(tab.id),
        }),
      ),
    {
      id: 'outbox',
      icon: 'outbox',
      label: now.outboxOpen ? t`Close the outbox` : t`Open the outbox`,
      keys: keysOf('outbox'),
      run: () => toggleOutbox(),
    },
    {
      id: 'retry',
      icon: 'retry',
      label: t`Try to reach the store now`,
      run: () => void platform.retryNow().catch((thrown) => tell(asFailure(thrown))),
    },
    {
      id: 'settings',
      icon: 'settings',
      label: t`Settings`,
      keys: keysOf('settings'),
      run: () => showPage('settings'),
    },
    {
      id: 'keys',
      icon: 'book',
      label: t`Show the keys`,
      keys: keysOf('keySheet'),
      run: () => showOverlay('keys'),
    },
    {
      id: 'light',
      icon: 'desk',
      label: t`Theme: light`,
      run: () => likes.set((was) => ({ ...was, theme: 'light' })),
    },
    {
      id: 'dark',
      icon: 'desk',
      label: t`Theme: dark`,
      run: () => likes.set((was) => ({ ...was, theme: 'dark' })),
    },
    {
      id: 'system',
      icon: 'desk',
      label: t`Theme: as the machine`,
      run: () => likes.set((was) => ({ ...was, theme: 'system' })),
    },
    {
      id: 'en',
      icon: 'book',
      label: t`Language: English`,
      run: () => likes.set((was) => ({ ...was, language: 'en' })),
    },
    {
      id: 'ja',
      icon: 'book',
      label: t`Language: Japanese`,
      run: () => likes.set((was) => ({ ...was, language: 'ja' })),
    },
    { id: 'sign-out', icon: 'sign-out', label: t`Sign out`, run: signOut },
  ];
  const wanted = folded(typed.trim());
  return all.filter((one) => folded(`${one.label} ${one.beside ?? ''}`).includes(wanted));
}
