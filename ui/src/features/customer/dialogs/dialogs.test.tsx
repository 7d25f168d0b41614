import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { CustomerView, Lock } from '../../../ipc';
import type { FakeOptions, FakePlatform } from '../../../platform/fake';
import { failure } from '../../../platform/fake';
import { callsOf, openWindow } from '../../../test/render';
import { openTab } from '../../frame/workspace';

const CUSTOMER = 'C-01KJ-2009';

/** A window with 田中 美咲 in front, whose lock runs for another 23 minutes. */
async function openCustomer(options: FakeOptions = {}, change?: (desk: FakePlatform) => void) {
  const opened = openWindow({ now: () => new Date(), ...options }, change);
  await screen.findByRole('combobox', { name: 'Find' });
  await opened.user.keyboard('{Escape}');
  act(() => openTab(CUSTOMER, '田中 美咲'));
  await screen.findByRole('heading', { level: 1, name: '田中 美咲' });
  return opened;
}

/** Changes what the desk answers about a customer. */
const viewing = (change: (view: CustomerView) => CustomerView) => (desk: FakePlatform) => {
  const open = desk.open.bind(desk);
  desk.open = async (id, front) => change(await open(id, front));
};

const dialog = () => screen.findByRole('dialog');
const outcome = (look: string) =>
  waitFor(() => {
    const card = document.querySelector(`[data-look="${look}"]`);
    expect(card).not.toBeNull();
    return card as HTMLElement;
  });
const confirm = '{Control>}{Enter}{/Control}';
async function violations() {
  const { violations: found } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}

describe('unlock', () => {
  it('by keys alone: U, a number, words, Ctrl Enter; then Saved and Done differ', async () => {
    const { user, desk } = await openCustomer({ offline: true });
    await user.keyboard('u');
    await dialog();
    await user.keyboard('1');
    expect(screen.getByRole('radio', { name: /Forgot password/ })).toBeChecked();
    expect(screen.getByLabelText('In words')).toHaveFocus();
    await user.keyboard(`In Osaka${confirm}`);
    const saved = await outcome('saved');
    expect(saved).toHaveTextContent('田中 美咲 is still locked. Do not tell the caller yet.');
    expect(within(saved).getByRole('button', { name: /Take back/ })).toBeVisible();
    act(() => desk.goLive());
    const done = await outcome('done');
    expect(done).toHaveTextContent('The lock has ended. The caller can sign in now.');
    expect(done).toHaveTextContent(/Entry 48,\d+ of the history/);
    expect(document.querySelector('[data-look="saved"]')).toBeNull();
    expect(callsOf(desk, 'act')).toEqual([
      [
        {
          customer: CUSTOMER,
          ask: { kind: 'unlock', account: 'account-1', lock: 'lock-1' },
          judged_on: 3,
          reason: 'forgot_password',
          words: 'In Osaka',
          case: null,
        },
      ],
    ]);
    // What a dialog shows is not told again in the corner.
    expect(screen.getByRole('region', { name: 'Messages' })).not.toHaveTextContent('The lock has ended');
  });

  it('warns of an address not seen before and offers to lock instead', async () => {
    const { user } = await openCustomer();
    await user.keyboard('u');
    await user.click(within(await dialog()).getByRole('button', { name: 'Lock instead' }));
    const box = await screen.findByRole('dialog', { name: /Lock 田中 美咲/ });
    expect(within(box).getByRole('radio', { name: /Suspected takeover/ })).toBeChecked();
    expect(box).toHaveTextContent('only a supervisor can end it later');
  });

  it('numbers typed into the words are letters there', async () => {
    const { user } = await openCustomer();
    await user.keyboard('u');
    await dialog();
    await user.keyboard('12');
    expect(screen.getByRole('radio', { name: /Forgot password/ })).toBeChecked();
    expect(screen.getByLabelText('In words')).toHaveValue('2');
  });

  it('asks for words with Other, and says so', async () => {
    const { user, desk } = await openCustomer();
    await user.keyboard('u');
    const box = await dialog();
    expect(within(box).getByText('choose a reason', { selector: 'h3 span' })).toBeVisible();
    await user.keyboard('5');
    expect(within(box).getByText('say it in words', { selector: 'h3 span' })).toBeVisible();
    await user.keyboard(confirm);
    expect(callsOf(desk, 'act')).toEqual([]);
    expect(within(box).getByRole('button', { name: /^Unlock/ })).toBeDisabled();
    await user.keyboard(`because${confirm}`);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])(
    'sends nothing while a word is converted (%o)',
    async (composing) => {
      const { user, desk } = await openCustomer();
      await user.keyboard('u');
      await dialog();
      await user.keyboard('1');
      const words = screen.getByLabelText('In words');
      fireEvent.keyDown(words, { key: 'Enter', ctrlKey: true, ...composing });
      fireEvent.keyDown(words, { key: 'Enter', ...composing });
      expect(callsOf(desk, 'act')).toEqual([]);
      fireEvent.keyDown(words, { key: 'Enter', ctrlKey: true });
      await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    },
  );

  it('answers Ctrl Enter also with the focus on a button', async () => {
    const { user, desk } = await openCustomer();
    await user.keyboard('u');
    const box = await dialog();
    await user.keyboard('2');
    within(box).getByRole('button', { name: 'Cancel' }).focus();
    await user.keyboard(confirm);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    expect(screen.getByRole('dialog')).toBeInTheDocument();
  });

  it('offline it is only saved, says until when, and Z takes it back', async () => {
    const { user, desk } = await openCustomer({ offline: true });
    expect(screen.getByRole('button', { name: /Ask to unlock/ })).toBeEnabled();
    await user.keyboard('u');
    const box = await dialog();
    expect(box).toHaveTextContent(
      /Will be saved on this desk and lapses at \d\d:\d\d if it cannot reach the store/,
    );
    await user.keyboard(`2${confirm}`);
    const saved = await outcome('saved');
    expect(saved).toHaveTextContent('Offline: it goes out once connected.');
    await user.keyboard('z');
    await screen.findByText('Taken back. Nothing was changed.');
    expect(callsOf(desk, 'takeBack')).toEqual([['act-1']]);
  });

  it('a conflict shows three sides; dropping it leaves nothing', async () => {
    const { user, desk } = await openCustomer({ conflict: true });
    await user.keyboard('u');
    await dialog();
    await user.keyboard(`2${confirm}`);
    const card = await outcome('stop');
    expect(card).toHaveTextContent(/You saw.*Locked until.*by the store’s sign-in rule/);
    expect(card).toHaveTextContent(/Now is.*Locked, no end set, by Ellen Whitfield/);
    expect(card).toHaveTextContent(/You asked.*Unlock, mistyped it/);
    // A suspected takeover is a supervisor's to end.
    expect(within(card).getByRole('button', { name: 'Ask again on what is now' })).toBeDisabled();
    await user.click(within(card).getByRole('button', { name: 'Drop' }));
    await screen.findByText('Dropped. Nothing was changed.');
    expect(callsOf(desk, 'resolve')).toEqual([[{ action_id: 'act-1', choice: 'drop' }]]);
  });

  it('asked again on what is now, the new action is followed in the same place', async () => {
    const { user, desk } = await openCustomer({ conflict: true }, (fake) => {
      const start = fake.start.bind(fake);
      fake.start = async () => {
        const begun = await start();
        return { ...begun, agent: begun.agent && { ...begun.agent, role: 'supervisor' } };
      };
    });
    await user.keyboard('u');
    await dialog();
    await user.keyboard(`2${confirm}`);
    const card = await outcome('stop');
    const again = within(card).getByRole('button', { name: 'Ask again on what is now' });
    expect(again).toHaveFocus();
    await user.keyboard('{Enter}');
    await outcome('saved');
    expect(callsOf(desk, 'resolve')).toEqual([[{ action_id: 'act-1', choice: 'again' }]]);
  });

  it('with several locks it asks which, and says which are not theirs to end', async () => {
    const { user, desk } = await openCustomer(
      {},
      viewing((view) => ({
        ...view,
        accounts: view.accounts.map((one) => {
          const [first] = one.locks;
          if (!first) return one;
          const fraud: Lock = { ...first, id: 'lock-9', cause: 'fraud', until: null, by: 'Ellen Whitfield' };
          const dormant: Lock = { ...first, id: 'lock-8', cause: 'dormant', by: 'policy', until: null };
          return { ...one, locks: [fraud, dormant, first] };
        }),
      })),
    );
    await user.keyboard('u');
    const box = await dialog();
    const group = within(box).getByRole('radiogroup', { name: 'Which lock' });
    expect(within(group).getAllByRole('radio')).toHaveLength(3);
    expect(within(group).getByRole('radio', { name: /fraud/ })).toBeDisabled();
    expect(box).toHaveTextContent('a supervisor must end it (fraud is being looked into)');
    expect(box).toHaveTextContent('Leave the door shut: 2 other locks stand');
    await user.click(within(group).getByRole('radio', { name: /too many failed attempts/ }));
    await user.keyboard(`1${confirm}`);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    expect(callsOf(desk, 'act')[0]?.[0]).toMatchObject({ ask: { lock: 'lock-1' } });
  });

  it('keeps what was typed when the desk refuses, and says why', async () => {
    const { user } = await openCustomer({ refuse: { act: failure('disk_full') } });
    await user.keyboard('u');
    await dialog();
    await user.keyboard(`1abc${confirm}`);
    expect(await screen.findByRole('alert')).toHaveTextContent('The disk is full');
    expect(screen.getByLabelText('In words')).toHaveValue('abc');
  });

  it('is off with its reason where the source is not connected, also by key', async () => {
    const { user } = await openCustomer(
      {},
      viewing((view) => ({
        ...view,
        accounts: view.accounts.map((one) => ({ ...one, authority: 'source' as const })),
      })),
    );
    expect(screen.getByRole('button', { name: 'Unlock' })).toBeDisabled();
    const bar = screen.getByRole('region', { name: 'Actions' });
    expect(bar).toHaveTextContent('its source is not connected');
    await user.keyboard('u');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the other dialogs', () => {
  it('lock: cause by number, one way in, for half an hour', async () => {
    const { user, desk } = await openCustomer();
    await user.keyboard('l');
    const box = await dialog();
    await user.keyboard('2');
    await user.click(within(box).getByRole('radio', { name: 'Google' }));
    await user.click(within(box).getByRole('radio', { name: '30 minutes' }));
    expect(box).toHaveTextContent('Refuse sign-ins with Google');
    await user.keyboard(confirm);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    expect(callsOf(desk, 'act')[0]?.[0]).toMatchObject({
      ask: { kind: 'lock', scope: { kind: 'identity' }, cause: 'customer_request' },
      reason: 'customer_asked',
      judged_on: null,
    });
  });

  it('revoke: one device from its row', async () => {
    const { user, desk } = await openCustomer();
    await user.click(screen.getByRole('button', { name: 'Revoke the session on MacBook' }));
    const box = await dialog();
    expect(within(box).getByRole('radio', { name: /MacBook/ })).toBeChecked();
    await user.keyboard(`1${confirm}`);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    expect(callsOf(desk, 'act')[0]?.[0]).toMatchObject({
      ask: { kind: 'revoke_session', session: 'session-0-2' },
    });
  });

  it('note: Enter is a new line, Ctrl Enter writes it and the corner offers to take it back', async () => {
    const { user, desk } = await openCustomer({ offline: true });
    await user.keyboard('n');
    await dialog();
    expect(screen.getByRole('textbox', { name: 'Note' })).toHaveFocus();
    await user.keyboard(`one{Enter}two${confirm}`);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(callsOf(desk, 'act')[0]?.[0]).toMatchObject({ ask: { kind: 'note', text: 'one\ntwo' } });
    expect(screen.getByRole('region', { name: 'Messages' })).toHaveTextContent(
      'Note saved on this desk, goes out once connected',
    );
    await user.keyboard('z');
    await waitFor(() => expect(callsOf(desk, 'takeBack')).toHaveLength(1));
  });

  it('says beside the button that is off what is missing', async () => {
    const { user } = await openCustomer();
    const foot = () => within(document.querySelector('[role=dialog] footer') as HTMLElement);
    for (const [key, missing] of [
      ['n', 'Write something first'],
      ['w', 'choose a consent'],
      ['s', 'choose a reason'],
      ['r', 'choose a reason'],
    ] as const) {
      await user.keyboard(key);
      await dialog();
      expect(foot().getByText(missing, { selector: ':not(.hidden)' })).toBeVisible();
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    }
  });

  it('a note that is done before the desk has answered is not told as saved', async () => {
    const { user } = await openCustomer({}, (fake) => {
      const ask = fake.act.bind(fake);
      fake.act = async (request) => {
        const item = await ask(request);
        fake.emit({ event: 'action', item: { ...item, state: 'done' } });
        return item;
      };
    });
    await user.keyboard('n');
    await dialog();
    await user.keyboard(`one${confirm}`);
    const messages = screen.getByRole('region', { name: 'Messages' });
    await waitFor(() => expect(messages).toHaveTextContent('The note is in the history.'));
    expect(messages).not.toHaveTextContent('saved on this desk');
  });

  it('withdraw: from its row, in the customer’s name', async () => {
    const { user, desk } = await openCustomer();
    await user.click(screen.getByRole('button', { name: 'Withdraw SMS offers' }));
    const box = await dialog();
    expect(within(box).getByRole('radio', { name: /SMS offers/ })).toBeChecked();
    expect(box).toHaveTextContent('Withdraw “SMS offers” at Asanagi Stay');
    await user.keyboard(confirm);
    await waitFor(() => expect(callsOf(desk, 'act')).toHaveLength(1));
    expect(callsOf(desk, 'act')[0]?.[0]).toMatchObject({
      ask: { kind: 'withdraw', brand: 'stay', purpose: 'sms_offers' },
      reason: 'customer_asked',
    });
  });

  it('reveal: a minute with a countdown, copied as sensitive, hidden by Escape', async () => {
    const { user, desk } = await openCustomer();
    const strip = screen.getByRole('region', { name: 'Who it is' });
    expect(within(strip).getByRole('button', { name: /Copy E-mail/ })).toBeDisabled();
    await user.click(within(strip).getByRole('button', { name: 'Show E-mail' }));
    await dialog();
    await user.keyboard(`1${confirm}`);
    expect(await within(strip).findByText(/misaki\.tanaka0@example\.jp/)).toBeVisible();
    expect(within(strip).getByText(/^(60|59) s$/)).toBeVisible();
    await user.click(within(strip).getByRole('button', { name: 'Copy E-mail' }));
    expect(callsOf(desk, 'copyText')).toEqual([['misaki.tanaka0@example.jp', true]]);
    await user.keyboard('{Escape}');
    expect(within(strip).queryByText(/misaki/)).toBeNull();
    expect(document.body.innerHTML).not.toContain('misaki.tanaka0');
  });

  it('reveal is off while the store cannot be reached, and keeps its place', async () => {
    await openCustomer({ offline: true });
    expect(screen.getByRole('button', { name: /^Show E-mail. Off: needs the store/ })).toBeDisabled();
  });

  it.each(['u', 'l', 's', 'n', 'w', 'r'])('axe finds nothing with the dialog of %s', async (key) => {
    const { user } = await openCustomer();
    await user.keyboard(key);
    await dialog();
    expect(await violations()).toEqual([]);
  });

  it.each(['u', 'l', 's', 'n', 'w', 'r'])(
    'Escape closes the dialog of %s and nothing is asked',
    async (key) => {
      const { user, desk } = await openCustomer();
      await user.keyboard(key);
      await dialog();
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      expect(callsOf(desk, 'act')).toEqual([]);
      expect(callsOf(desk, 'reveal')).toEqual([]);
    },
  );
});
