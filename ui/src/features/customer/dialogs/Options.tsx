import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import styles from './Options.module.css';

export type Option = { id: string; label: ReactNode; sub?: ReactNode; whyOff?: string | null };

/** One among a few, each in its own line; what cannot be chosen says why. */
export function Options({
  label,
  options,
  selected,
  onSelect,
}: {
  label: string;
  options: readonly Option[];
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  return (
    <RadioGroup className={styles.group ?? ''} value={selected} onChange={onSelect}>
      <Label className={styles.label ?? ''}>{label}</Label>
      {options.map((option) => (
        <Radio
          key={option.id}
          value={option.id}
          isDisabled={Boolean(option.whyOff)}
          className={styles.option ?? ''}
        >
          <span className={styles.dot} aria-hidden="true" />
          <span className={styles.text}>{option.label}</span>
          <span className={styles.sub}>{option.whyOff ?? option.sub}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}
