import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useShortcut } from '../../keys/useShortcut';
import type { Row } from './rows';

const isStop = (row: Row) => row.kind !== 'day' && row.kind !== 'cut';

/** The entry that J and K have reached. It has the focus, and stays chosen while rows come and go around it. */
export function useChosenRow(rows: readonly Row[], bringIntoSight: (index: number) => void) {
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef(false);
  const focus = () => {
    if (!wanted.current || chosen === null) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(chosen)}"]`);
    if (!row) return;
    wanted.current = false;
    row.focus({ preventScroll: true });
  };
  // A row that was out of sight is drawn first, some renders later.
  useEffect(focus);

  const move = (step: 1 | -1) => {
    const stops = rows.flatMap((row, index) => (isStop(row) ? [index] : []));
    const at = rows.findIndex((row) => row.key === chosen);
    const beyond = step > 0 ? stops.find((n) => n > at) : stops.findLast((n) => n < at);
    const next = at < 0 ? stops[0] : (beyond ?? at);
    const row = next === undefined ? undefined : rows[next];
    if (next === undefined || !row) return;
    wanted.current = true;
    bringIntoSight(next);
    if (row.key === chosen) focus();
    else setChosen(row.key);
  };
  useShortcut('rowDown', () => move(1));
  useShortcut('rowUp', () => move(-1));
  return {
    list,
    /** What makes a row the chosen one: Tab comes back to it, Enter presses what stands in it. */
    of: (row: Row) => ({
      'data-row': row.key,
      ...(row.key === chosen
        ? {
            tabIndex: 0,
            onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
              if (event.key === 'Enter' && event.target === event.currentTarget)
                event.currentTarget.querySelector('button')?.click();
            },
          }
        : {}),
    }),
  };
}
