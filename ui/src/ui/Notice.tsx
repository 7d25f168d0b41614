import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import styles from './Notice.module.css';

/** A sentence that a person needs before they go on, with what they can do about it. */
export function Notice({
  tone,
  icon,
  title,
  children,
  action,
  live = true,
}: {
  tone: 'stop' | 'wait' | 'ok' | 'accent';
  icon?: IconName;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Spoken when it appears. */
  live?: boolean;
}) {
  const drawing = icon ?? ({ stop: 'alert', wait: 'alert', ok: 'ok', accent: 'verified' } as const)[tone];
  return (
    <div
      className={`${styles.notice} ${styles[tone]}`}
      role={live ? (tone === 'stop' ? 'alert' : 'status') : undefined}
    >
      <Icon name={drawing} />
      <div className={styles.text}>
        {title && <b>{title}</b>}
        {children && <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}

/** A place with nothing in it, saying what would be there and how to get it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Icon name={icon} size="l" />
      <b>{title}</b>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
