import { Activity, useEffect, useState } from 'react';
import { useDeskMemory } from '../../data';
import { FailureNote } from '../../errors/FailureNote';
import { useFailureToast } from '../../errors/useFailureToast';
import { useDeskEvent, usePlatform } from '../../platform/context';
import { useStore } from '../../ui/store';
import { toasts } from '../../ui/toasts';
import { Finder } from '../find/Finder';
import { KeySheet } from '../keys/KeySheet';
import { useShortcut } from '../keys/useShortcut';
import { OutboxPanel } from '../outbox/OutboxPanel';
import { useActionToasts } from '../outbox/useActionToasts';
import { useDesk } from '../session/desk';
import { SignOutQuestion } from '../session/SignOutQuestion';
import { useKeeping, useLikes } from '../settings/preferences';
import { SettingsPage } from '../settings/SettingsPage';
import { CustomerSlot } from './CustomerSlot';
import styles from './Frame.module.css';
import { type Overlay, overlay, showOverlay } from './overlay';
import { Rail } from './Rail';
import { StartPage } from './StartPage';
import { StatusBar } from './StatusBar';
import { Tabs } from './Tabs';
import { closeTab, showLast, showPage, showTab, stepTab, toggleOutbox, workspace } from './workspace';

const TABS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

function useTabKeys() {
  const at = (n: number) => () => {
    const tab = workspace.get().tabs[n - 1];
    if (tab) showTab(tab.id);
  };
  for (const n of TABS) {
    // biome-ignore lint/correctness/useHookAtTopLevel: nine keys, always the same nine.
    useShortcut(`tab${n}`, at(n));
  }
  useShortcut('previousTab', () => stepTab(-1));
  useShortcut('nextTab', () => stepTab(1));
  useShortcut('lastTab', showLast);
  useShortcut('closeTab', () => {
    const { active, page } = workspace.get();
    if (page === 'settings') showPage('customers');
    else if (active) closeTab(active);
  });
}

/** The window of somebody who is signed in: rail, tabs, the page in front, status bar; and what lies above them. */
export function Frame() {
  const platform = usePlatform();
  const { notices, status } = useDesk();
  const now = useStore(workspace);
  const above = useStore<Overlay>(overlay);
  const tell = useFailureToast();
  const [unread, setUnread] = useState(notices);
  useDeskMemory();
  useKeeping(platform);
  useTabKeys();
  useActionToasts();
  useShortcut('find', () => showOverlay('find'));
  useShortcut('keySheet', () => showOverlay('keys'));
  useShortcut('outbox', () => toggleOutbox());
  useShortcut('settings', () => showPage('settings'));
  useShortcut('messages', () => toasts.focus());
  useShortcut('takeBack', () => toasts.takeBackNewest());
  useDeskEvent((event) => {
    if (event.event === 'notice') tell(event.failure);
  });
  useEffect(() => {
    // Nobody is in front: the box is open at once, so that an agent can type straight away.
    if (workspace.get().active === null && status.progress === null && status.state !== 'catching_up')
      showOverlay('find');
    return () => showOverlay(null);
  }, [status]);

  const inFront = now.page === 'customers' ? now.active : null;
  // Messages stand beside what is docked at the right, never on it.
  const { factsWidth } = useLikes();
  const docked = now.outboxOpen
    ? 'var(--outbox-w)'
    : inFront === null
      ? '0px'
      : factsWidth
        ? `${factsWidth}px`
        : 'var(--side-w)';
  useEffect(() => {
    document.documentElement.style.setProperty('--docked', docked);
    return () => void document.documentElement.style.removeProperty('--docked');
  }, [docked]);
  return (
    <div className={styles.app}>
      <Rail />
      <header className={styles.topbar}>
        <Tabs />
      </header>
      <main className={styles.main}>
        {unread.map((failure) => (
          <div key={failure.code} className={styles.notice}>
            <FailureNote
              failure={failure}
              onClose={() => setUnread((all) => all.filter((one) => one !== failure))}
            />
          </div>
        ))}
        <div className={styles.page}>
          {now.tabs.map((tab) => (
            <Activity key={tab.id} mode={tab.id === inFront ? 'visible' : 'hidden'}>
              <CustomerSlot tab={tab} />
            </Activity>
          ))}
          {now.page === 'customers' && inFront === null && <StartPage />}
          {now.page === 'settings' && <SettingsPage />}
          {now.outboxOpen && inFront === null && (
            <div className={styles.outbox}>
              <OutboxPanel />
            </div>
          )}
        </div>
      </main>
      <StatusBar />
      {above === 'find' && <Finder onClose={() => showOverlay(null)} />}
      {above === 'sign-out' && <SignOutQuestion onClose={() => showOverlay(null)} />}
      {above === 'keys' && <KeySheet onClose={() => showOverlay(null)} />}
    </div>
  );
}
