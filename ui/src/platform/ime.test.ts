import { describe, expect, it, vi } from 'vitest';
import { guardComposition } from './ime';

describe('guardComposition', () => {
  it.each([
    ['a key of a running conversion', { key: 'Enter', isComposing: true }],
    ['the Enter that WebKit sends when a word is committed', { key: 'Enter', keyCode: 229 }],
  ])('keeps %s from the page', (_, init) => {
    const heard = vi.fn();
    const stop = guardComposition(window);
    window.addEventListener('keydown', heard, true);
    document.body.addEventListener('keydown', heard);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
    expect(heard).not.toHaveBeenCalled();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'Enter' }));
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    window.removeEventListener('keydown', heard, true);
    document.body.removeEventListener('keydown', heard);
  });
});
