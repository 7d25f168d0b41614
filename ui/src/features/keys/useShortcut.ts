import { useEffect, useRef } from 'react';
import { isComposing } from '../../platform/ime';
import { type ShortcutId, shortcuts } from './registry';

type Handler = (event: KeyboardEvent) => void;
const handlers = new Map<ShortcutId, Handler[]>();

/** A pressed key as the registry writes it: `Mod+Shift+C`. Shift is left out where it only makes the character, as in `?`. */
export function pressed(event: KeyboardEvent, onMac = /Mac/.test(navigator.platform)): string {
  const mod = onMac ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shiftCounts = event.shiftKey && (event.key.length > 1 || /^[A-Z]$/.test(key));
  return [mod && 'Mod', event.altKey && 'Alt', shiftCounts && 'Shift', key].filter(Boolean).join('+');
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])'));

const dialogOpen = () => document.querySelector('[role=dialog], [role=alertdialog]') !== null;

/** A button that has the focus takes Enter for itself, also with Ctrl; what is held with Mod is answered before it. */
function onModKeyDown(event: KeyboardEvent) {
  if (pressed(event).startsWith('Mod+')) onKeyDown(event);
}

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.repeat || isComposing(event)) return;
  const combo = pressed(event);
  // A plain key typed into a field is a letter there, never a command.
  if (isWriting(event.target) && !combo.startsWith('Mod+') && !/^F\d+$/.test(combo)) return;
  const inDialog = dialogOpen();
  for (const [id, stack] of handlers) {
    const shortcut = shortcuts[id];
    if ((shortcut.scope === 'dialog') !== inDialog || shortcut.scope === 'find') continue;
    const handler = stack.at(-1);
    if (handler && shortcut.keys.some((keys) => keys === combo)) {
      event.preventDefault();
      event.stopPropagation();
      handler(event);
      return;
    }
  }
}

/** Answers a key of the registry while the component is on the page; the latest to ask for a key gets it. */
export function useShortcut(id: ShortcutId, handler: Handler, enabled = true) {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (!enabled) return;
    const mine: Handler = (event) => latest.current(event);
    if (handlers.size === 0) {
      window.addEventListener('keydown', onModKeyDown, true);
      window.addEventListener('keydown', onKeyDown);
    }
    handlers.set(id, [...(handlers.get(id) ?? []), mine]);
    return () => {
      const rest = (handlers.get(id) ?? []).filter((one) => one !== mine);
      if (rest.length > 0) handlers.set(id, rest);
      else handlers.delete(id);
      if (handlers.size === 0) {
        window.removeEventListener('keydown', onModKeyDown, true);
        window.removeEventListener('keydown', onKeyDown);
      }
    };
  }, [id, enabled]);
}
