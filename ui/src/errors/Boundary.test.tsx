import { I18nProvider } from '@lingui/react';
import { render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { i18n } from '../i18n';
import { Boundary } from './Boundary';

it('leaves no empty window when something cannot be drawn', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Broken = () => {
    throw new Error('cannot be drawn');
  };
  render(
    <I18nProvider i18n={i18n}>
      <Boundary>
        <Broken />
      </Boundary>
    </I18nProvider>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent('Nothing you saved is lost.');
  expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  quiet.mockRestore();
});
