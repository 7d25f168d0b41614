import { type PointerEvent, useRef } from 'react';

/**
 * Tells whether the pointer itself moved. Engines also send a move when what lies under a resting pointer changes;
 * a list that is typed into must not take that for a choice.
 */
export function usePointerMoved(): (event: PointerEvent) => boolean {
  const last = useRef<{ x: number; y: number } | null>(null);
  return ({ screenX: x, screenY: y }) => {
    const before = last.current;
    last.current = { x, y };
    return before !== null && (before.x !== x || before.y !== y);
  };
}
