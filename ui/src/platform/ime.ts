/** True while a word is being converted: that key belongs to the input method, whatever it is. */
export const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

/**
 * Keeps every key of a conversion away from the page, so that Enter chooses the word and opens nothing. Installed once,
 * before anything else listens. WebKit reports the Enter that commits a word as key code 229 with `isComposing` false.
 */
export function guardComposition(target: Window): () => void {
  const guard = (event: KeyboardEvent) => {
    if (isComposing(event)) event.stopImmediatePropagation();
  };
  target.addEventListener('keydown', guard, true);
  target.addEventListener('keyup', guard, true);
  return () => {
    target.removeEventListener('keydown', guard, true);
    target.removeEventListener('keyup', guard, true);
  };
}
