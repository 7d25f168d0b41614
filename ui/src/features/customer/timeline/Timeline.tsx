import { Plural, useLingui } from '@lingui/react/macro';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { Button } from '../../../ui/Button';
import { Chips, ChipToggle } from '../../../ui/Chips';
import { Empty } from '../../../ui/Notice';
import { useRecord } from '../record';
import { DayChart } from './DayChart';
import { countsOf, type Filter, type Kind, noFilter, passes, pendingPasses } from './entries';
import { RowCells } from './Row';
import { type Row, rowsOf } from './rows';
import styles from './Timeline.module.css';
import { useChosenRow } from './useChosenRow';
import { useEarlier } from './useEarlier';
import { useSteady } from './useSteady';

const heights: Record<Row['kind'], number> = {
  day: 28,
  cut: 24,
  pending: 32,
  entry: 32,
  run: 32,
  earlier: 32,
};

function useRows(filter: Filter, open: ReadonlySet<string>, touched: boolean) {
  const { view, offline } = useRecord();
  const earlier = useEarlier();
  const { entries, held, release } = useSteady(view, earlier.signIns, touched);
  const known = view.sign_ins.recent.length + earlier.signIns.length;
  const missing = earlier.exhausted ? 0 : Math.max(0, view.sign_ins.total - known);
  const wantsSignIns = filter.behind === null && (filter.kind === null || filter.kind === 'sign_in');
  const rows = rowsOf(
    entries.filter((entry) => passes(entry, filter)),
    {
      pending: view.pending.filter((item) => item.state !== 'done' && pendingPasses(item, filter)),
      cutAsOf: offline ? view.as_of : null,
      open,
      missing: wantsSignIns || filter.onlyFailed ? missing : 0,
      fold: filter.behind === null,
    },
  );
  return { rows, entries, held, release, earlier };
}

/** Everything that happened, in one list that does not move under the pointer. */
export function Timeline({ filter, onFilter }: { filter: Filter; onFilter: (filter: Filter) => void }) {
  const { t, i18n } = useLingui();
  const { view, now } = useRecord();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [touched, setTouched] = useState(false);
  const { rows, entries, held, release, earlier } = useRows(filter, open, touched);
  const scroller = useRef<HTMLDivElement>(null);
  // Which rows can be seen is the virtualizer's to say; React must not remember it for it.
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (n) => heights[rows[n]?.kind ?? 'entry'],
    getItemKey: (n) => rows[n]?.key ?? n,
    overscan: 12,
  });

  const chosen = useChosenRow(rows, (index) => virtual.scrollToIndex(index, { align: 'auto' }));

  const behind = rows.filter((row) => row.kind === 'entry').length;
  const counts = countsOf(entries, view.sign_ins.total);
  const toggle = (run: string) =>
    setOpen((was) => {
      const next = new Set(was);
      if (!next.delete(run)) next.add(run);
      return next;
    });
  const chips: { id: Kind | 'all'; label: string; n: number }[] = [
    { id: 'all', label: t`All`, n: counts.all },
    { id: 'sign_in', label: t`Sign-ins`, n: counts.sign_in },
    { id: 'consent', label: t`Consent`, n: counts.consent },
    { id: 'action', label: t`Actions`, n: counts.action },
    { id: 'note', label: t`Notes`, n: counts.note },
  ];
  return (
    <section className={styles.centre} aria-label={t`Timeline`}>
      <div className={styles.head}>
        <Chips
          label={t`Show`}
          chips={chips}
          selected={filter.behind || filter.onlyFailed ? null : (filter.kind ?? 'all')}
          format={(n) => i18n.number(n)}
          onSelect={(id) => onFilter({ ...noFilter, kind: id === 'all' ? null : (id as Kind) })}
        />
        <ChipToggle
          icon="fail"
          isOn={filter.onlyFailed}
          onChange={(onlyFailed) => onFilter({ ...noFilter, onlyFailed })}
        >
          {t`Only failed`}
        </ChipToggle>
        {filter.behind && (
          <Button size="s" icon="x" onPress={() => onFilter(noFilter)}>
            <Plural value={behind} one="Only the # behind the reason" other="Only the # behind the reason" />
          </Button>
        )}
        <span className={styles.new} role="status">
          {held > 0 && (
            <Button size="s" kind="plain" onPress={release}>
              <Plural value={held} one="# new" other="# new" />
            </Button>
          )}
        </span>
        <span className={styles.chart}>
          <DayChart signIns={view.sign_ins.recent} total={view.sign_ins.total} now={now} />
        </span>
      </div>
      <section
        ref={scroller}
        aria-label={t`Entries`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className={styles.scroller}
        onPointerEnter={() => setTouched(true)}
        onPointerLeave={() => setTouched(false)}
        onFocus={() => setTouched(true)}
        onBlur={() => setTouched(false)}
      >
        {rows.length === 0 && (
          <Empty icon="search" title={t`Nothing of this kind`}>
            {t`Nothing is known here that fits what is chosen above.`}
          </Empty>
        )}
        <ol ref={chosen.list} className={styles.list} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const quiet = row.kind === 'day' || row.kind === 'cut' || row.kind === 'earlier';
            return (
              <li
                key={item.key}
                {...chosen.of(row)}
                aria-posinset={item.index + 1}
                aria-setsize={rows.length}
                className={[
                  quiet ? styles.line : styles.row,
                  row.kind === 'entry' && row.inRun !== null && styles.nested,
                ]
                  .filter(Boolean)
                  .join(' ')}
                style={{ transform: `translateY(${item.start}px)`, height: heights[row.kind] }}
              >
                <RowCells row={row} onToggle={toggle} earlier={earlier} />
              </li>
            );
          })}
        </ol>
      </section>
    </section>
  );
}
