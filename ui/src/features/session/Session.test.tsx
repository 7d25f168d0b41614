import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failure } from '../../platform/fake';
import { samplePeople } from '../../platform/fake/people';
import { callsOf, openWindow } from '../../test/render';
import { workspace } from '../frame/workspace';

const type = async (user: ReturnType<typeof openWindow>['user'], name: string, password: string) => {
  await user.clear(await screen.findByLabelText('Name'));
  await user.type(screen.getByLabelText('Name'), name);
  await user.type(screen.getByLabelText('Password'), password);
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
};

describe('first start', () => {
  it('looks at the store, signs in, and shows how far the first copy is', async () => {
    const { user, desk } = openWindow({ phase: 'first_start', storeMs: 60 });
    await user.type(await screen.findByLabelText('Store’s address'), 'store.asanagi.example{Enter}');
    expect(await screen.findByText('Asanagi')).toBeInTheDocument();
    await type(user, 'kaede', 'asanagi');
    const bar = await screen.findByRole('progressbar', { name: 'Fetching your customers' });
    expect(bar).toHaveAttribute('aria-valuetext', expect.stringMatching(/of 12,480/));
    await user.click(screen.getByRole('button', { name: 'Stop and sign out' }));
    expect(await screen.findByLabelText('Password')).toBeInTheDocument();
    expect(callsOf(desk, 'signIn')).toEqual([['https://store.asanagi.example', 'kaede']]);
  });

  it('says what is wrong with an address, and asks nothing of an empty one', async () => {
    const { user, desk } = openWindow({
      phase: 'first_start',
      refuse: { checkStore: failure('not_a_store') },
    });
    const field = await screen.findByLabelText('Store’s address');
    await user.click(screen.getByRole('button', { name: 'Look for it' }));
    expect(await screen.findByText('Enter the store’s address.')).toBeInTheDocument();
    expect(callsOf(desk, 'checkStore')).toEqual([]);
    await user.type(field, 'example.com{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('This is not a store');
  });

  it('lets nobody sign in over a way that is not encrypted', async () => {
    const { user } = openWindow({ phase: 'first_start' });
    await user.type(await screen.findByLabelText('Store’s address'), 'http://10.0.0.5{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Use the store’s https address.');
    expect(screen.queryByLabelText('Password')).toBeNull();
    expect(screen.getByRole('button', { name: 'Change' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await screen.findByLabelText('Store’s address')).toBeInTheDocument();
  });
});

describe('sign-in', () => {
  it('lets in with the right password', async () => {
    const { user } = openWindow({ phase: 'signed_out' });
    await type(user, 'kaede', 'asanagi');
    expect(await screen.findByText('Kaede Mori, agent')).toBeInTheDocument();
  });

  it('says that name or password is wrong, empties the password and puts the focus there', async () => {
    const { user } = openWindow({ phase: 'signed_out' });
    await type(user, 'kaede', 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('The name or the password is wrong');
    expect(screen.getByLabelText('Password')).toHaveValue('');
    expect(screen.getByLabelText('Password')).toHaveFocus();
    expect(screen.getByLabelText('Name')).toHaveValue('kaede');
  });

  it.each([
    ['too_many_attempts', /from 14:21/],
    ['offline', 'The store does not answer'],
    ['store_version', 'This store is of another version'],
    ['clock_off', 'This machine’s clock is wrong'],
    ['device_revoked', 'This desk was shut out'],
    ['files_unusable', 'This desk’s files cannot be used'],
    ['disk_full', 'The disk is full'],
  ] as const)('explains %s', async (code, words) => {
    const { user } = openWindow({
      phase: 'signed_out',
      refuse: {
        signIn: failure(code, { until: code === 'too_many_attempts' ? '2026-11-23T05:21:00Z' : null }),
      },
    });
    await type(user, 'kaede', 'asanagi');
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it('explains a missing keyring and lets in all the same', async () => {
    const { user } = openWindow({ phase: 'signed_out', keyring: 'absent' });
    expect(await screen.findByText('This machine has no keyring')).toBeInTheDocument();
    await type(user, 'kaede', 'asanagi');
    expect(await screen.findByText('No keyring: nothing is kept')).toBeInTheDocument();
  });

  it('says why a desk that was too long without the store is closed', async () => {
    openWindow({ phase: 'closed' });
    expect(await screen.findByText('Too long without the store')).toBeInTheDocument();
  });

  it('closes the customers when it happens while the window is open', async () => {
    const { desk } = openWindow();
    await screen.findByText('Kaede Mori, agent');
    const status = await desk.status();
    desk.emit({ event: 'status', status: { ...status, state: 'closed' } });
    expect(await screen.findByText('Too long without the store')).toBeInTheDocument();
    expect(screen.getByLabelText('Name')).toHaveValue('kaede');
    expect(screen.queryByText('Kaede Mori, agent')).toBeNull();
  });

  it('goes back to sign-in with the reason when the sign-in is ended elsewhere', async () => {
    const { desk } = openWindow();
    await screen.findByText('Kaede Mori, agent');
    desk.emit({ event: 'signed_out', failure: failure('session_revoked') });
    expect(await screen.findByText('This sign-in was ended')).toBeInTheDocument();
    expect(screen.queryByText('Kaede Mori, agent')).toBeNull();
  });

  it('says what keeps the program from starting, and tries again', async () => {
    const { desk, user } = openWindow({ refuse: { start: failure('home_in_use') } });
    expect(await screen.findByText('Another window uses this desk')).toBeInTheDocument();
    delete desk.refuse.start;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Kaede Mori, agent')).toBeInTheDocument();
  });
});

describe('what is kept between starts', () => {
  it('keeps the language that was chosen before anybody had signed in', async () => {
    const { desk, user } = openWindow({ phase: 'signed_out' });
    await user.click(await screen.findByRole('button', { name: '日本語' }));
    await user.type(await screen.findByLabelText('名前'), 'kaede');
    await user.type(screen.getByLabelText('パスワード'), 'asanagi{Enter}');
    await waitFor(() =>
      expect(callsOf(desk, 'savePreferences').at(-1)?.[0]).toMatchObject({ language: 'ja', tabs: [] }),
    );
  });

  it('opens the tabs again that were open, the same one in front', async () => {
    const [a, b] = samplePeople(new Date());
    if (!a || !b) throw new Error('the sample has two people');
    openWindow({ preferences: { tabs: [a.id, b.id], active_tab: b.id } });
    await waitFor(() => expect(workspace.get().tabs.map((tab) => tab.id)).toEqual([a.id, b.id]));
    expect(workspace.get().active).toBe(b.id);
    expect(await screen.findByRole('tab', { name: new RegExp(a.written) })).toBeInTheDocument();
    expect(
      await screen.findByRole('tab', { name: new RegExp(b.written), selected: true }),
    ).toBeInTheDocument();
  });

  it('keeps what was chosen', async () => {
    const { desk, user } = openWindow();
    await screen.findByText('Kaede Mori, agent');
    await user.keyboard('{Escape}{Control>},{/Control}');
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset.theme).toBe('dark');
    await waitFor(() =>
      expect(callsOf(desk, 'savePreferences').at(-1)?.[0]).toMatchObject({ theme: 'dark' }),
    );
    await user.click(screen.getByRole('radio', { name: '日本語' }));
    expect(await screen.findByRole('heading', { name: '設定' })).toBeInTheDocument();
    expect(document.documentElement.lang).toBe('ja');
    expect(within(screen.getByRole('contentinfo')).getByText('オンライン')).toBeInTheDocument();
  });
});
