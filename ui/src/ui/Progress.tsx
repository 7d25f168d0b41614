import { Label, ProgressBar } from 'react-aria-components';
import styles from './Progress.module.css';

/** How far something has come; `of` is null while nobody knows how much there is. */
export function Progress({
  label,
  text,
  done,
  of,
}: {
  label: string;
  text: string;
  done: number;
  of: number | null;
}) {
  return (
    <ProgressBar
      className={styles.progress ?? ''}
      value={done}
      maxValue={of ?? 100}
      isIndeterminate={of === null}
      valueLabel={text}
    >
      {({ percentage }) => (
        <>
          <div className={styles.words}>
            <Label>{label}</Label>
            <span className="muted">{text}</span>
          </div>
          <div className={styles.track}>
            <div
              className={of === null ? `${styles.fill} ${styles.unknown}` : styles.fill}
              style={of === null ? undefined : { inlineSize: `${percentage ?? 0}%` }}
            />
          </div>
        </>
      )}
    </ProgressBar>
  );
}
