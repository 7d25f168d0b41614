import { expect, test } from 'vitest';
import { isZone, languageName } from './zones';

test('what an import brought as a language or a zone never stops the page', () => {
  expect(languageName('ja', 'ja')).toBe('日本語');
  for (const nonsense of ['<b>', '{0}{name}', '', '__proto__']) {
    expect(languageName(nonsense, 'en')).toBe(nonsense);
    expect(languageName(nonsense, nonsense)).toBe(nonsense);
    expect(isZone(nonsense)).toBe(false);
  }
  expect(isZone('Asia/Tokyo')).toBe(true);
});
