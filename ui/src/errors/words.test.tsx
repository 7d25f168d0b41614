import { I18nProvider } from '@lingui/react';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { i18n, speak } from '../i18n';
import type { Code } from '../ipc';
import { failure } from '../platform/fake';
import { FailureNote } from './FailureNote';
import { words, wordsFor } from './words';

const note = (code: Code, until: string | null = null) =>
  render(
    <I18nProvider i18n={i18n}>
      <FailureNote failure={failure(code, { until })} />
    </I18nProvider>,
  );

describe('the words for errors', () => {
  it('names each one differently in both languages', () => {
    for (const language of ['en', 'ja'] as const) {
      speak(language);
      const titles = Object.values(words).map((one) => i18n._(one.title));
      expect(new Set(titles).size).toBe(titles.length);
      if (language === 'ja')
        for (const title of titles) expect(title).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}]/u);
    }
    speak('en');
  });

  it('takes a code it does not know for a fault of the program', () => {
    expect(wordsFor('brand_new')).toBe(words.desk_failed);
  });

  it('says from when an attempt is taken again', () => {
    note('too_many_attempts', '2026-11-23T05:21:00Z');
    expect(screen.getByRole('alert')).toHaveTextContent('The next attempt is taken from 14:21.');
  });
});
