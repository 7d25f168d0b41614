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

/** The boards' own values, light and dark: a colour is changed there first, never here by accident. */
const boards: Record<string, [light: string, dark: string]> = {
  paper: ['#fbfbf9', '#15181b'],
  raised: ['#ffffff', '#1c2024'],
  sunken: ['#f3f3ef', '#111316'],
  hairline: ['#e3e3dc', '#2b3036'],
  'hairline-strong': ['#cfcfc6', '#3a4149'],
  ink: ['#1c1f23', '#e9ebed'],
  'ink-2': ['#545b64', '#a9b0b8'],
  'ink-3': ['#686e76', '#8b939c'],
  ai: ['#165e83', '#6fb3d6'],
  'ai-strong': ['#0f4763', '#9ccdea'],
  'ai-wash': ['#e6f0f5', '#16303d'],
  matsu: ['#2f6b4f', '#7fc4a0'],
  'matsu-wash': ['#e6f1ea', '#16301f'],
  yamabuki: ['#8a5a00', '#e4b455'],
  'yamabuki-wash': ['#fdf2d8', '#3a2c0d'],
  enji: ['#a3243b', '#f0899b'],
  'enji-wash': ['#fbe8ea', '#3f1820'],
  fuji: ['#6a4fa3', '#b8a2ea'],
  'fuji-wash': ['#efeaf8', '#2b2342'],
};

describe.each([
  ['light', ':root', 0],
  ['dark', '[data-theme="dark"]', 1],
] as const)('the %s palette', (_, selector, side) => {
  const colours = palette(selector);
  it('has the colours of the boards', () => {
    const drawn = Object.fromEntries(Object.entries(boards).map(([name, values]) => [name, values[side]]));
    expect(colours).toMatchObject(drawn);
  });
  it.each(pairs)('sets %s on %s with AA contrast', (ink, ground) => {
    const [a, b] = [colours[ink], colours[ground]];
    if (!a || !b) throw new Error(`no colour for ${ink} or ${ground}`);
    expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5);
  });
});
