import { useLingui } from '@lingui/react/macro';
import type { FindCounts } from '../../ipc';
import { type Chip, Chips } from '../../ui/Chips';
import { useDesk, useNames } from '../session/desk';
import styles from './Finder.module.css';
import type { Filter } from './useFind';

/** All, locked, or one brand, each with how many of this desk's customers match. */
export function Filters({
  filter,
  counts,
  total,
  partial,
  beyond,
  onChange,
}: {
  filter: Filter;
  counts: FindCounts | undefined;
  total: number | undefined;
  partial: boolean;
  /** How many more the store has found. */
  beyond: number;
  onChange: (filter: Filter) => void;
}) {
  const { t, i18n } = useLingui();
  const { brands } = useDesk();
  const names = useNames();
  const chips: Chip[] = [
    { id: 'all', label: t`All`, n: counts?.all },
    { id: 'locked', label: t`Locked`, n: counts?.locked },
    ...brands.map(({ id }) => ({
      id: `brand:${id}`,
      label: names.brand(id),
      n: counts ? (counts.brands.find((one) => one.brand === id)?.n ?? 0) : undefined,
    })),
  ];
  const number = i18n.number(total ?? 0);
  const more = i18n.number(beyond);
  return (
    <div className={styles.bar}>
      <Chips
        label={t`Show`}
        chips={chips}
        selected={filter.locked ? 'locked' : filter.brand ? `brand:${filter.brand}` : 'all'}
        onSelect={(id) =>
          onChange({
            locked: id === 'locked',
            brand: id.startsWith('brand:') ? id.slice('brand:'.length) : null,
          })
        }
        format={(n) => i18n.number(n)}
      />
      <span className={styles.total} role="status">
        {total === undefined ? '' : partial ? t`${number} on this desk so far` : t`${number} on this desk`}
        {beyond > 0 && <b>{t`${more} more in the store`}</b>}
      </span>
    </div>
  );
}
