import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/styles/tokens.css', 'utf8');

function palette(selector: string): Record<string, string> {
  const body = css.slice(css.indexOf(selector)).match(/\{([^}]*)\}/)?.[1] ?? '';
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Ink on ground, as the window uses them for text. */
const pairs: [string, string][] = [
  ...['paper', 'raised', 'sunken'].flatMap((ground) =>
    ['ink', 'ink-2', 'ink-3', 'ai', 'matsu', 'yamabuki', 'enji', 'fuji'].map((ink): [string, string] => [
      ink,
      ground,
    ]),
  ),
  ...['matsu', 'yamabuki', 'enji', 'fuji'].flatMap((dye): [string, string][] => [
    [dye, `${dye}-wash`],
    ['ink', `${dye}-wash`],
    ['ink-2', `${dye}-wash`],
  ]),
  ['ai-strong', 'ai-wash'],
  ['ink', 'ai-wash'],
  ['ink-2', 'ai-wash'],
  ['enji', 'ai-wash'],
  ['on-ai', 'ai'],
  ['on-ai', 'ai-strong'],
  ['on-enji', 'enji'],
];

describe.each([
  ['light', ':root'],
  ['dark', '[data-theme="dark"]'],
])('the %s palette', (_, selector) => {
  const colours = palette(selector);
  it.each(pairs)('sets %s on %s with AA contrast', (ink, ground) => {
    const [a, b] = [colours[ink], colours[ground]];
    if (!a || !b) throw new Error(`no colour for ${ink} or ${ground}`);
    expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5);
  });
});
