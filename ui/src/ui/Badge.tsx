import type { ReactNode } from 'react';
import styles from './Badge.module.css';
import { Icon, type IconName } from './Icon';

export type Tone = 'quiet' | 'ok' | 'wait' | 'stop' | 'proof' | 'accent' | 'saved';

/** A state: a word and a shape, never a colour alone. `saved` is hollow and dashed, unlike anything that is done. */
export function Badge({
  tone = 'quiet',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`${styles.badge} ${styles[tone]}`}>
      {icon && <Icon name={icon} size="xs" />}
      {children}
    </span>
  );
}

/** A small mark of a state; always beside its word or name, which says the same. */
export function Dot({ tone, hollow }: { tone: 'quiet' | 'ok' | 'wait' | 'stop'; hollow?: boolean }) {
  return (
    <span
      className={`${styles.dot} ${styles[`dot-${tone}`]} ${hollow ? styles.hollow : ''}`}
      aria-hidden="true"
    />
  );
}
