import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakePlatform } from '../../platform/fake';
import { samplePeople } from '../../platform/fake/people';
import { callsOf, openWindow } from '../../test/render';
import { workspace } from './workspace';

const [one, two] = samplePeople(new Date('2026-11-23T05:12:00Z')).filter(
  (person) => person.source === 'desk',
);
if (!one || !two) throw new Error('the sample has two people on this desk');
const both = { preferences: { tabs: [one.id, two.id], active_tab: one.id } };
const bar = () => within(screen.getByRole('contentinfo'));
const tab = (name: string) => screen.findByRole('tab', { name: new RegExp(name) });

/** Asks for the end of the lock of the first of the two. */
async function unlockFirst(desk: FakePlatform) {
  const account = (await desk.open(one?.id ?? '', false)).accounts[0];
  const lock = account?.locks[0];
  if (!one || !account || !lock) throw new Error('the first of the sample is locked');
  await act(async () => {
    await desk.act({
      customer: one.id,
      ask: { kind: 'unlock', account: account.id, lock: lock.id },
      judged_on: account.lock_version,
      reason: 'mistyped',
      words: null,
      case: null,
    });
  });
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T05:12:00Z') }));
afterEach(() => void vi.useRealTimers());

describe('the rail', () => {
  it('offers only what does something', async () => {
    openWindow();
    const rail = await screen.findByRole('navigation', { name: 'Places', hidden: true });
    const names = within(rail)
      .getAllByRole('button', { hidden: true })
      .map((button) => button.textContent);
    expect(names).toEqual(['Find', 'Outbox', 'Settings']);
  });
});

describe('the status bar', () => {
  it('says since when the desk is offline, as of when it shows, and until when it may be read', async () => {
    openWindow({ offline: true, ...both });
    await tab(one.written);
    expect(bar().getByText('Offline since 13:54')).toBeInTheDocument();
    expect(bar().getByText('Shown as of 13:54')).toBeInTheDocument();
    expect(bar().getByText(/Can be read here until/)).toBeInTheDocument();
  });

  it('says why it is offline, and the day when that was not today', async () => {
    const { desk, user } = openWindow({ offline: true, ...both });
    await tab(one.written);
    const status = await desk.status();
    const offline_since = '2026-11-22T12:17:00Z';
    act(() =>
      desk.emit({ event: 'status', status: { ...status, offline_since, offline_cause: 'store_version' } }),
    );
    expect(await bar().findByText('Offline since 11/22 21:17')).toBeInTheDocument();
    expect(bar().getByText('This store is of another version')).toBeInTheDocument();
    await user.keyboard('o');
    const outbox = await screen.findByRole('complementary', { name: 'Outbox' });
    expect(outbox).toHaveTextContent('This store is of another version');
  });

  it('follows the desk from live to offline and back', async () => {
    const { desk } = openWindow(both);
    await tab(one.written);
    expect(await bar().findByText('Live')).toBeInTheDocument();
    act(() => desk.goOffline());
    expect(await bar().findByText('Offline since 14:12')).toBeInTheDocument();
    act(() => desk.goLive());
    expect(await bar().findByText('Live')).toBeInTheDocument();
  });

  it('warns of a clock that is wrong, whichever way', async () => {
    const { desk } = openWindow({ ...both, clockAheadMs: 420_000 });
    await tab(one.written);
    expect(await bar().findByText('This clock is 7 minutes fast')).toBeInTheDocument();
    const status = await desk.status();
    act(() => desk.emit({ event: 'status', status: { ...status, clock_ahead_ms: -180_000 } }));
    expect(await bar().findByText('This clock is 3 minutes slow')).toBeInTheDocument();
  });

  it('counts what is not yet done and what somebody must decide', async () => {
    const { desk } = openWindow(both);
    await tab(one.written);
    const status = await desk.status();
    act(() => desk.emit({ event: 'status', status: { ...status, pending: 2, undecided: 1 } }));
    const button = await bar().findByRole('button', { name: /2 not yet done/ });
    expect(button).toHaveTextContent('1 to decide');
    expect(screen.getByRole('button', { name: 'Outbox 3 waiting or undecided' })).toBeInTheDocument();
  });
});

describe('the tabs', () => {
  it('change by number, go back to the last one and close, by key', async () => {
    const { user } = openWindow(both);
    await tab(two.written);
    await user.keyboard('{Control>}2{/Control}');
    expect(await screen.findByRole('tab', { selected: true })).toHaveTextContent(two.written);
    await user.keyboard('{Control>}{Tab}{/Control}');
    expect(screen.getByRole('tab', { selected: true })).toHaveTextContent(one.written);
    await user.keyboard('{Control>}w{/Control}');
    expect(screen.getAllByRole('tab')).toHaveLength(1);
    expect(screen.getByRole('tab', { selected: true })).toHaveTextContent(two.written);
  });

  it('change by the brackets, round and round', async () => {
    const { user } = openWindow(both);
    await tab(two.written);
    const front = () => screen.getByRole('tab', { selected: true });
    await user.keyboard(']');
    expect(front()).toHaveTextContent(two.written);
    await user.keyboard(']');
    expect(front()).toHaveTextContent(one.written);
    await user.keyboard('[[');
    expect(front()).toHaveTextContent(two.written);
  });

  it('count as opened when they come to the front, not when they are read again', async () => {
    const { desk, user } = openWindow(both);
    await tab(two.written);
    const recent = async () => (await desk.recent()).map((hit) => hit.id);
    await waitFor(async () => expect(await recent()).toEqual([one.id]));
    await user.keyboard(']');
    await waitFor(async () => expect(await recent()).toEqual([two.id, one.id]));
    const before = callsOf(desk, 'open').length;
    act(() => desk.emit({ event: 'changed', customers: [one.id] }));
    await waitFor(() => expect(callsOf(desk, 'open').length).toBeGreaterThan(before));
    expect(await recent()).toEqual([two.id, one.id]);
  });

  it('are all read again, and the outbox with them, when everybody may have changed', async () => {
    const { desk, user } = openWindow(both);
    await tab(two.written);
    await user.keyboard('o');
    await waitFor(() => expect(callsOf(desk, 'outbox').length).toBeGreaterThan(0));
    await waitFor(() => expect(callsOf(desk, 'open').length).toBeGreaterThan(1));
    const [opens, outboxes] = [callsOf(desk, 'open').length, callsOf(desk, 'outbox').length];
    act(() => desk.emit({ event: 'changed', customers: [] }));
    await waitFor(() => expect(callsOf(desk, 'outbox')).toHaveLength(outboxes + 1));
    const again = callsOf(desk, 'open').slice(opens);
    expect(again.map(([id]) => id).sort()).toEqual([one.id, two.id].sort());
  });

  it('say that something must be decided, before anything else', async () => {
    const { desk } = openWindow({ ...both, conflict: true });
    expect(await screen.findByRole('tab', { name: `Locked ${one.written}` })).toBeInTheDocument();
    await unlockFirst(desk);
    const marked = await screen.findByRole('tab', { name: `Needs you ${one.written}` });
    expect(marked.querySelector('[data-icon=alert]')).not.toBeNull();
  });

  it('carry the mark of a lock, also behind, and lose it when the lock ends', async () => {
    const { desk } = openWindow({ preferences: { tabs: [two.id, one.id], active_tab: two.id } });
    expect(await screen.findByRole('tab', { name: `Locked ${one.written}` })).toBeInTheDocument();
    await unlockFirst(desk);
    await waitFor(() => expect(screen.queryByRole('tab', { name: /Locked/ })).toBeNull());
  });
});

describe('signing out', () => {
  it.each(['settings', 'find'])('asks first while actions wait, from %s', async (from) => {
    const { desk, user } = openWindow({ offline: true, ...both });
    await tab(one.written);
    await act(async () => {
      await desk.act({
        customer: one.id,
        ask: { kind: 'note', text: 'x' },
        judged_on: null,
        reason: null,
        words: null,
        case: null,
      });
    });
    if (from === 'settings') {
      await user.keyboard('{Control>},{/Control}');
      await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    } else {
      await user.keyboard('/');
      await user.type(await screen.findByRole('combobox'), '>sign out{Enter}');
    }
    const question = await screen.findByRole('alertdialog', { name: 'Sign out now?' });
    expect(question).toHaveTextContent('It stays on this desk');
    expect(callsOf(desk, 'signOut')).toEqual([]);
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(await screen.findByLabelText('Password')).toBeInTheDocument();
    expect(workspace.get().tabs).toEqual([]);
  });
});

describe('the sheet of keys', () => {
  it('opens with ?, lists what the registry holds, and closes with Escape', async () => {
    const { user } = openWindow(both);
    await tab(one.written);
    await user.keyboard('?');
    const sheet = await screen.findByRole('dialog', { name: 'Keys' });
    expect(within(sheet).getByText('Write a note')).toBeInTheDocument();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});
