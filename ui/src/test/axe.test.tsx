import { screen } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { openWindow } from './render';

/** Rules that need layout or colour are checked on the drawn window; here is everything that the markup alone shows. */
async function violations() {
  const { violations: found } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

describe('axe finds nothing on', () => {
  it('first start', async () => {
    openWindow({ phase: 'first_start' });
    await screen.findByLabelText('Store’s address');
    expect(await violations()).toEqual([]);
  });

  it('sign-in with a refusal and without a keyring', async () => {
    const { user } = openWindow({ phase: 'signed_out', keyring: 'absent' });
    await user.type(await screen.findByLabelText('Name'), 'kaede');
    await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
    await screen.findByRole('alert');
    expect(await violations()).toEqual([]);
  });

  it('the start page, offline, with the outbox open', async () => {
    const { user } = openWindow({ offline: true, clockAheadMs: 420_000 });
    await screen.findByText(/Offline since/);
    await user.keyboard('{Escape}o');
    expect(await violations()).toEqual([]);
  });

  it('find', async () => {
    const { user } = openWindow();
    await screen.findByRole('combobox');
    await user.keyboard('tanaka');
    await screen.findByText(/Also asked the store/);
    expect(await violations()).toEqual([]);
    await user.clear(screen.getByRole('combobox'));
    await user.keyboard('>');
    await screen.findByRole('option', { name: /Sign out/ });
    expect(await violations()).toEqual([]);
  });

  it('settings and the sheet of keys', async () => {
    const { user } = openWindow();
    await screen.findByText('Kaede Mori, agent');
    await user.keyboard('{Escape}{Control>},{/Control}');
    await screen.findByRole('heading', { name: 'Settings' });
    expect(await violations()).toEqual([]);
    await user.keyboard('?');
    await screen.findByRole('dialog', { name: 'Keys' });
    expect(await violations()).toEqual([]);
  });

  it('a customer', async () => {
    const { user } = openWindow();
    await screen.findByRole('combobox');
    await user.keyboard('tanaka');
    await screen.findByText(/Also asked the store/);
    await user.keyboard('{Enter}');
    await screen.findByRole('heading', { name: /田中/ });
    expect(await violations()).toEqual([]);
  });
});
