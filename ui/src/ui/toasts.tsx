import { useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useState } from 'react';
import { Button, IconButton } from './Button';
import { Icon, type IconName } from './Icon';
import { store, useStore } from './store';
import styles from './toasts.module.css';

export type Toast = {
  id: number;
  tone: 'ok' | 'wait' | 'stop' | 'quiet';
  icon: IconName;
  text: ReactNode;
  /** What takes it back, where it can be taken back. */
  action?: { label: string; keys?: string; run: () => void };
  seconds: number;
};

const icons = { ok: 'ok', wait: 'pending', stop: 'alert', quiet: 'check' } as const;
const queue = store<Toast[]>([]);
let last = 0;

export const toasts = {
  /** Says something in the corner; it leaves by itself unless the pointer or the focus is on it. */
  show(toast: Pick<Toast, 'text'> & Partial<Omit<Toast, 'id' | 'text'>>): number {
    last += 1;
    const tone = toast.tone ?? 'quiet';
    const made: Toast = { icon: icons[tone], seconds: toast.action ? 10 : 5, ...toast, tone, id: last };
    queue.set((now) => [...now.slice(-2), made]);
    return last;
  },
  close(id: number) {
    queue.set((now) => now.filter((toast) => toast.id !== id));
  },
  /** Puts the focus on the newest, so that it stays and can be answered. */
  focus() {
    const all = document.querySelectorAll<HTMLElement>('[data-toast] button');
    all[all.length - 1]?.focus();
  },
  clear() {
    queue.set([]);
  },
  /** Runs the newest thing that can be taken back; false when there is none. */
  takeBackNewest(): boolean {
    const newest = [...queue.get()].reverse().find((toast) => toast.action?.keys === 'Z');
    if (!newest?.action) return false;
    toasts.close(newest.id);
    newest.action.run();
    return true;
  },
};

function ToastLine({ toast }: { toast: Toast }) {
  const { t } = useLingui();
  const [held, hold] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => toasts.close(toast.id), toast.seconds * 1000);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return (
    <li
      data-toast
      className={`${styles.toast} ${styles[toast.tone]}`}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <Icon name={toast.icon} />
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <Button
          kind="plain"
          keys={toast.action.keys}
          onPress={() => {
            toasts.close(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label={t`Close`} icon="x" size="xs" onPress={() => toasts.close(toast.id)} />
    </li>
  );
}

/** The corner where toasts appear; the region is always there, so that what enters it is spoken. */
export function ToastRegion() {
  const { t } = useLingui();
  const all = useStore(queue);
  return (
    <section className={styles.region} aria-label={t`Messages`} data-react-aria-top-layer="true">
      <div role="status">
        <ul>
          {all.map((toast) => (
            <ToastLine key={toast.id} toast={toast} />
          ))}
        </ul>
      </div>
    </section>
  );
}
