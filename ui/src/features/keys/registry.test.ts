import { describe, expect, it } from 'vitest';
import { type Shortcut, type ShortcutId, shortcuts } from './registry';
import { pressed } from './useShortcut';

const all = Object.entries(shortcuts) as [ShortcutId, Shortcut][];

describe('the registry of keys', () => {
  it('gives no key to two things that can be asked for at the same time', () => {
    const together = {
      frame: ['frame', 'customer'],
      customer: ['frame', 'customer'],
      find: ['find'],
      dialog: ['dialog'],
    };
    const clashes = all.flatMap(([id, one]) =>
      all
        .filter(([other, two]) => other !== id && together[one.scope].includes(two.scope))
        .filter(([, two]) => two.keys.some((key) => one.keys.includes(key)))
        .map(([other]) => `${id} and ${other}`),
    );
    expect(clashes).toEqual([]);
  });

  it('writes keys as they are pressed', () => {
    const press = (init: KeyboardEventInit) => pressed(new KeyboardEvent('keydown', init), false);
    expect(press({ key: 'u' })).toBe('U');
    expect(press({ key: '?', shiftKey: true })).toBe('?');
    expect(press({ key: 'c', ctrlKey: true, shiftKey: true })).toBe('Mod+Shift+C');
    expect(press({ key: 'Enter', ctrlKey: true })).toBe('Mod+Enter');
    expect(press({ key: ',', ctrlKey: true })).toBe('Mod+,');
  });
});
