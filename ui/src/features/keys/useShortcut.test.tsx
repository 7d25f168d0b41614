import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { useShortcut } from './useShortcut';

function Page({
  onFind,
  onNote,
  children,
}: {
  onFind: () => void;
  onNote?: () => void;
  children?: React.ReactNode;
}) {
  useShortcut('find', onFind);
  useShortcut('note', () => onNote?.(), onNote !== undefined);
  return (
    <>
      <input aria-label="field" />
      {children}
    </>
  );
}

describe('useShortcut', () => {
  it('answers its key, and not once it is gone', () => {
    const onFind = vi.fn();
    const { unmount } = render(<Page onFind={onFind} />);
    fireEvent.keyDown(document.body, { key: '/' });
    expect(onFind).toHaveBeenCalledTimes(1);
    unmount();
    fireEvent.keyDown(document.body, { key: '/' });
    expect(onFind).toHaveBeenCalledTimes(1);
  });

  it('leaves plain keys to a field, and takes those with Ctrl from it', () => {
    const onFind = vi.fn();
    render(<Page onFind={onFind} />);
    const field = screen.getByLabelText('field');
    fireEvent.keyDown(field, { key: '/' });
    expect(onFind).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: 'k', ctrlKey: true });
    expect(onFind).toHaveBeenCalledTimes(1);
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])('is silent during conversion (%o)', (composing) => {
    const onFind = vi.fn();
    render(<Page onFind={onFind} />);
    fireEvent.keyDown(document.body, { key: '/', ...composing });
    expect(onFind).not.toHaveBeenCalled();
  });

  it('is silent while a dialog is open', () => {
    const onFind = vi.fn();
    const onNote = vi.fn();
    render(
      <Page onFind={onFind} onNote={onNote}>
        <div role="dialog" />
      </Page>,
    );
    fireEvent.keyDown(document.body, { key: 'n' });
    expect(onNote).not.toHaveBeenCalled();
  });
});
