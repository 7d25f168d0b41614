import { I18nProvider } from '@lingui/react';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { i18n } from '../i18n';
import { Button } from './Button';
import { keyNames } from './Kbd';
import { Marked } from './Marked';
import { nameLang } from './PersonName';
import { brief, clock, date, daysAgo, weekday } from './time';
import { ToastRegion, toasts } from './toasts';

describe('times', () => {
  const now = '2026-11-23T05:12:08Z';
  it('are told in the zone they are asked for', () => {
    expect(clock(now, 'Asia/Tokyo')).toBe('14:12');
    expect(clock(now, 'Europe/London')).toBe('05:12');
    expect(clock('2026-11-22T15:00:00Z', 'Asia/Tokyo')).toBe('00:00');
    expect(date(now, 'Asia/Tokyo')).toBe('2026/11/23');
    expect(weekday(now, 'ja', 'Asia/Tokyo')).toBe('月');
  });

  it('are as short as leaves no doubt', () => {
    expect(brief('2026-11-23T02:40:00Z', now, 'Asia/Tokyo')).toBe('11:40');
    expect(brief('2026-11-22T12:17:00Z', now, 'Asia/Tokyo')).toBe('11/22 21:17');
    expect(brief('2024-03-09T02:00:00Z', now, 'Asia/Tokyo')).toBe('2024/03/09');
  });

  it('count days by the calendar, not by hours', () => {
    expect(daysAgo('2026-11-22T14:59:00Z', '2026-11-22T15:01:00Z', 'Asia/Tokyo')).toBe(1);
    expect(daysAgo('2026-11-22T15:01:00Z', now, 'Asia/Tokyo')).toBe(0);
  });
});

describe('Marked', () => {
  it('underlines the ranges and keeps all of the text', () => {
    const { container } = render(<Marked text="タナカ ミサキ" ranges={[[0, 3]]} />);
    expect(container).toHaveTextContent('タナカ ミサキ');
    expect(container.querySelector('mark')).toHaveTextContent('タナカ');
  });

  it('loses no letter to ranges that are out of bounds or overlap', () => {
    const { container } = render(
      <Marked
        text="Tanaka"
        ranges={[
          [0, 3],
          [2, 4],
          [4, 99],
        ]}
      />,
    );
    expect(container).toHaveTextContent(/^Tanaka$/);
    expect(container.querySelectorAll('mark')).toHaveLength(1);
  });
});

describe('Button', () => {
  it('that is off says why and does nothing', async () => {
    const press = vi.fn();
    render(
      <Button onPress={press} whyOff="It needs the store.">
        Reveal
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Reveal' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription('It needs the store.');
    await userEvent.click(button);
    expect(press).not.toHaveBeenCalled();
  });
});

describe('key names', () => {
  it('are those of the keyboard in front of the person', () => {
    expect(keyNames('Mod+Shift+C', false)).toBe('Ctrl Shift C');
    expect(keyNames('Mod+Enter', true)).toBe('⌘ ⏎');
  });
});

describe('nameLang', () => {
  it('sets kanji and kana as Japanese and leaves the rest', () => {
    expect(nameLang('田中 美咲')).toBe('ja');
    expect(nameLang('エミ')).toBe('ja');
    expect(nameLang('Amelia Hartley')).toBeUndefined();
  });
});

describe('toasts', () => {
  const region = () =>
    render(
      <I18nProvider i18n={i18n}>
        <ToastRegion />
      </I18nProvider>,
    );

  it('are spoken, and take back what they offer to', async () => {
    const run = vi.fn();
    region();
    act(() => void toasts.show({ text: 'Note saved', action: { label: 'Take back', keys: 'Z', run } }));
    expect(screen.getByRole('status')).toHaveTextContent('Note saved');
    act(() => void toasts.takeBackNewest());
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByText('Note saved')).toBeNull();
    expect(toasts.takeBackNewest()).toBe(false);
  });

  it('leave by themselves, but not from under the pointer', () => {
    vi.useFakeTimers();
    region();
    act(() => void toasts.show({ text: 'Copied', seconds: 5 }));
    act(() => void vi.advanceTimersByTime(4_900));
    expect(screen.getByText('Copied')).toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(200));
    expect(screen.queryByText('Copied')).toBeNull();
    vi.useRealTimers();
  });
});
