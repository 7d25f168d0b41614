import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Where a key works: `frame` wherever no dialog is open, `customer` there when a customer is in front, the others inside their own. */
export type Scope = 'frame' | 'customer' | 'find' | 'dialog';
export type Shortcut = {
  keys: string[];
  scope: Scope;
  label: MessageDescriptor /** Not listed singly in the sheet. */;
  folded?: boolean;
};

const tabKeys = Object.fromEntries(
  Array.from({ length: 9 }, (_, n) => [
    `tab${n + 1}`,
    { keys: [`Mod+${n + 1}`], scope: 'frame', label: msg`Show tab 1 to 9`, folded: n > 0 },
  ]),
) as Record<`tab${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`, Shortcut>;

const choiceKeys = Object.fromEntries(
  Array.from({ length: 5 }, (_, n) => [
    `choice${n + 1}`,
    { keys: [`${n + 1}`], scope: 'dialog', label: msg`Choose a reason, 1 to 5`, folded: n > 0 },
  ]),
) as Record<`choice${1 | 2 | 3 | 4 | 5}`, Shortcut>;

/** Every key of the window, in one place: the sheet, the hints on controls and the conflict test read it. */
export const shortcuts = {
  find: { keys: ['/', 'Mod+K'], scope: 'frame', label: msg`Find a customer, or do something` },
  keySheet: { keys: ['?'], scope: 'frame', label: msg`Show the keys` },
  outbox: { keys: ['O'], scope: 'frame', label: msg`Open or close the outbox` },
  settings: { keys: ['Mod+,'], scope: 'frame', label: msg`Settings` },
  ...tabKeys,
  previousTab: { keys: ['['], scope: 'frame', label: msg`Previous tab` },
  nextTab: { keys: [']'], scope: 'frame', label: msg`Next tab` },
  lastTab: { keys: ['Mod+Tab'], scope: 'frame', label: msg`Show the last customer again` },
  closeTab: { keys: ['Mod+W'], scope: 'frame', label: msg`Close the tab` },
  messages: { keys: ['F6'], scope: 'frame', label: msg`Go to the messages in the corner` },
  takeBack: { keys: ['Z'], scope: 'frame', label: msg`Take back what was just saved` },

  unlock: { keys: ['U'], scope: 'customer', label: msg`Unlock` },
  lock: { keys: ['L'], scope: 'customer', label: msg`Lock` },
  revoke: { keys: ['S'], scope: 'customer', label: msg`Revoke sessions` },
  note: { keys: ['N'], scope: 'customer', label: msg`Write a note` },
  withdraw: { keys: ['W'], scope: 'customer', label: msg`Withdraw a consent` },
  reveal: { keys: ['R'], scope: 'customer', label: msg`Show a masked value` },
  rowDown: { keys: ['J'], scope: 'customer', label: msg`Next entry of the timeline` },
  rowUp: { keys: ['K'], scope: 'customer', label: msg`Previous entry of the timeline` },
  copyId: { keys: ['Mod+Shift+C'], scope: 'customer', label: msg`Copy the customer id` },

  findDown: { keys: ['ArrowDown'], scope: 'find', label: msg`Next customer` },
  findUp: { keys: ['ArrowUp'], scope: 'find', label: msg`Previous customer` },
  findOpen: { keys: ['Enter'], scope: 'find', label: msg`Open` },
  findBehind: { keys: ['Mod+Enter'], scope: 'find', label: msg`Open in a tab behind` },
  findUnlock: { keys: ['Mod+U'], scope: 'find', label: msg`Open and unlock` },
  findLast: { keys: ['Mod+Tab'], scope: 'find', label: msg`Show the last customer again` },
  findCopy: { keys: ['Mod+Shift+C'], scope: 'find', label: msg`Copy the customer id` },

  confirm: { keys: ['Mod+Enter'], scope: 'dialog', label: msg`Do what the dialog says` },
  ...choiceKeys,
  takeBackHere: { keys: ['Z'], scope: 'dialog', label: msg`Take back what was just saved` },
  dismiss: { keys: ['Escape'], scope: 'dialog', label: msg`Close without doing anything` },
} satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

/** The first key of a shortcut, as the registry writes it; for hints beside labels. */
export const keysOf = (id: ShortcutId): string => shortcuts[id].keys[0] ?? '';
