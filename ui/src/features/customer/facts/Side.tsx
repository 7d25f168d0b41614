import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { likes, useLikes } from '../../settings/preferences';
import styles from './Side.module.css';

export const FACTS_WIDTH = { least: 320, usual: 372, most: 560, step: 16 } as const;

const within = (width: number) => Math.round(Math.min(FACTS_WIDTH.most, Math.max(FACTS_WIDTH.least, width)));

/** What stands beside the timeline; its edge can be moved by pointer or arrow keys, and stays where it was put. */
export function Side({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const { factsWidth } = useLikes();
  const [dragged, setDragged] = useState<number | null>(null);
  const width = within(dragged ?? factsWidth ?? FACTS_WIDTH.usual);
  const keep = (next: number) => likes.set((now) => ({ ...now, factsWidth: within(next) }));

  const onKeyDown = (event: KeyboardEvent) => {
    const next: Record<string, number> = {
      ArrowLeft: width + FACTS_WIDTH.step,
      ArrowRight: width - FACTS_WIDTH.step,
      Home: FACTS_WIDTH.least,
      End: FACTS_WIDTH.most,
      Enter: FACTS_WIDTH.usual,
    };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    keep(to);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const start = event.clientX;
    const edge = event.currentTarget;
    edge.setPointerCapture(event.pointerId);
    const at = (moved: globalThis.PointerEvent) => within(width + start - moved.clientX);
    const onMove = (moved: globalThis.PointerEvent) => setDragged(at(moved));
    const onUp = (moved: globalThis.PointerEvent) => {
      edge.removeEventListener('pointermove', onMove);
      setDragged(null);
      keep(at(moved));
    };
    edge.addEventListener('pointermove', onMove);
    edge.addEventListener('pointerup', onUp, { once: true });
  };
  return (
    <div className={styles.side} style={{ width }}>
      {/* biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this separator can. */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={t`Width of the facts`}
        aria-valuenow={width}
        aria-valuemin={FACTS_WIDTH.least}
        aria-valuemax={FACTS_WIDTH.most}
        tabIndex={0}
        className={styles.edge}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
      />
      {children}
    </div>
  );
}
