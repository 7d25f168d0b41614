import type { Key, ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import styles from './Chips.module.css';
import { Icon, type IconName } from './Icon';

export type Chip = { id: string; label: ReactNode; n?: number | undefined; icon?: IconName; keys?: string };

/** A choice of one among a few, 24 px high: filters and reasons. */
export function Chips({
  label,
  chips,
  selected,
  onSelect,
  format = String,
}: {
  label: string;
  chips: Chip[];
  selected: string | null;
  onSelect: (id: string) => void;
  format?: (n: number) => string;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles.chips ?? ''}
      selectionMode="single"
      disallowEmptySelection={selected !== null}
      selectedKeys={selected === null ? [] : [selected]}
      onSelectionChange={(keys: Set<Key>) => {
        const [first] = keys;
        if (first !== undefined) onSelect(String(first));
      }}
    >
      {chips.map((chip) => (
        <ToggleButton key={chip.id} id={chip.id} className={styles.chip ?? ''}>
          {chip.icon && <Icon name={chip.icon} size="xs" />}
          {chip.keys && <span className={styles.n}>{chip.keys}</span>}
          {chip.label}
          {chip.n !== undefined && <span className={styles.n}>{format(chip.n)}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** A filter that is on or off by itself. */
export function ChipToggle({
  children,
  icon,
  isOn,
  onChange,
}: {
  children: ReactNode;
  icon?: IconName;
  isOn: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <ToggleButton className={styles.chip ?? ''} isSelected={isOn} onChange={onChange}>
      {icon && <Icon name={icon} size="xs" />}
      {children}
    </ToggleButton>
  );
}
