import { useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useComesToFront } from '../../data';
import { CustomerPage } from '../customer/CustomerPage';
import styles from './Frame.module.css';
import type { Tab } from './workspace';

/** One open customer. Behind another it rests: scroll and focus are where they were when it comes back. */
export function CustomerSlot({ tab }: { tab: Tab }) {
  const { t } = useLingui();
  const page = useRef<HTMLElement>(null);
  const last = useRef<HTMLElement | null>(null);
  useComesToFront(tab.id);
  useEffect(() => {
    // After a dialog that closed on the way here has put the focus where it thought right.
    const frame = requestAnimationFrame(() => {
      const now = document.activeElement;
      // What is hidden keeps the focus for another moment before the engine takes it away.
      if (now !== null && now !== document.body && now.checkVisibility?.() !== false) return;
      const back = last.current?.isConnected ? last.current : page.current;
      back?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <section
      ref={page}
      className={styles.customer}
      id={`customer-${tab.id}`}
      role="tabpanel"
      tabIndex={-1}
      aria-label={tab.written || t`Customer`}
      onFocus={(event) => {
        if (event.target !== page.current) last.current = event.target;
      }}
    >
      <CustomerPage id={tab.id} />
    </section>
  );
}
