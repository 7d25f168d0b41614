import { useCallback, useEffect, useMemo, useState } from 'react';

type Shown = { value: string; until: number };

/** Values that are shown for a while and then masked again. They live here and nowhere else. */
export type Revealing = {
  shown: ReadonlyMap<string, Shown>;
  show: (identifier: string, value: string, seconds: number) => void;
  hideAll: () => void;
};

const none: ReadonlyMap<string, Shown> = new Map();

export function useRevealing(): Revealing {
  const [shown, setShown] = useState(none);
  const hideAll = useCallback(() => setShown(none), []);
  const show = useCallback((identifier: string, value: string, seconds: number) => {
    setShown((now) => new Map(now).set(identifier, { value, until: Date.now() + seconds * 1000 }));
  }, []);

  // Each value leaves at its own time.
  useEffect(() => {
    const next = Math.min(...[...shown.values()].map((one) => one.until));
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(
      () => setShown((now) => new Map([...now].filter(([, one]) => one.until > Date.now()))),
      Math.max(0, next - Date.now()) + 5,
    );
    return () => clearTimeout(timer);
  }, [shown]);

  // Escape hides at once, wherever the focus is; in a dialog it belongs to the dialog.
  useEffect(() => {
    if (shown.size === 0) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('[role=dialog], [role=alertdialog]')) hideAll();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [shown, hideAll]);

  // Another customer in front: nothing stays open behind their back.
  useEffect(() => hideAll, [hideAll]);

  return useMemo(() => ({ shown, show, hideAll }), [shown, show, hideAll]);
}
