import styles from './Kbd.module.css';

const mac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform);

/** Keys as this machine's keyboard names them: `Mod+Shift+C` is "Ctrl Shift C" here and "⌘ ⇧ C" on a Mac. */
export function keyNames(keys: string, onMac = mac): string {
  const names: Record<string, string> = onMac
    ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '⏎', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' }
    : { Mod: 'Ctrl', Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓' };
  return keys
    .split('+')
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}

/** A key hint beside a label. The shortcut itself is announced by `aria-keyshortcuts` on the control. */
export function Kbd({ keys, quiet, spoken }: { keys: string; quiet?: boolean; spoken?: boolean }) {
  return (
    <span
      className={quiet ? `${styles.kbd} ${styles.quiet}` : styles.kbd}
      aria-hidden={spoken ? undefined : true}
    >
      {keyNames(keys)}
    </span>
  );
}
