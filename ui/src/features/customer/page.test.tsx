import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { OutboxItem } from '../../ipc';
import type { FakeOptions, FakePlatform } from '../../platform/fake';
import { failure } from '../../platform/fake';
import { samplePeople } from '../../platform/fake/people';
import { callsOf, openWindow } from '../../test/render';
import { wish } from '../frame/wish';
import { openTab, toggleOutbox, workspace } from '../frame/workspace';
import { likes } from '../settings/preferences';

const TANAKA = 'C-01KJ-2009';

async function openCustomer(options: FakeOptions = {}, change?: (desk: FakePlatform) => void) {
  const opened = openWindow({ now: () => new Date(), ...options }, change);
  await screen.findByRole('combobox', { name: 'Find' });
  await opened.user.keyboard('{Escape}');
  act(() => openTab(TANAKA, '田中 美咲'));
  await screen.findByRole('heading', { level: 1, name: '田中 美咲' });
  return opened;
}
async function violations() {
  const { violations: found } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
}
const entries = () => screen.getByRole('region', { name: 'Entries' });

describe('the customer page', () => {
  it('says why they cannot sign in and leads to the sign-ins behind it', async () => {
    const { user } = await openCustomer();
    const reason = screen.getByRole('region', { name: 'Why they cannot sign in' });
    expect(reason).toHaveTextContent(/Locked until \d\d:\d\d\. Six wrong passwords/);
    expect(reason).toHaveTextContent(/Set \d\d:\d\d by the store’s sign-in rule, 23 min left/);
    await user.click(within(reason).getByRole('button', { name: 'See the 6 sign-ins' }));
    await waitFor(() => expect(within(entries()).getAllByText(/Password sign-in failed/)).toHaveLength(6));
    await user.click(screen.getByRole('button', { name: 'Only the 6 behind the reason' }));
    await waitFor(() => expect(within(entries()).getByText('6 times in 2 min')).toBeVisible());
  });

  it('opens a run and folds it again', async () => {
    const { user } = await openCustomer();
    await user.click(within(entries()).getByRole('button', { name: 'Show each' }));
    expect(within(entries()).getAllByText('wrong password')).toHaveLength(7);
    await user.click(within(entries()).getByRole('button', { name: 'Fold' }));
    expect(within(entries()).getAllByText('wrong password')).toHaveLength(1);
  });

  it('loads earlier sign-ins when asked to', async () => {
    const { user, desk } = await openCustomer();
    await user.click(within(entries()).getByRole('button', { name: /Show \d+ earlier sign-ins/ }));
    await waitFor(() => expect(callsOf(desk, 'earlier')).toHaveLength(1));
    await waitFor(() => expect(within(entries()).queryByRole('button', { name: /earlier/ })).toBeNull());
  });

  it('what is new waits while the pointer is on the list', async () => {
    const { user, desk } = await openCustomer();
    const list = entries();
    fireEvent.pointerEnter(list);
    await act(async () => {
      await desk.act({
        customer: TANAKA,
        ask: { kind: 'note', text: 'from another desk' },
        judged_on: null,
        reason: null,
        words: null,
        case: null,
      });
    });
    const wait = await screen.findByRole('button', { name: '1 new' });
    expect(list).not.toHaveTextContent('from another desk');
    await user.click(wait);
    await waitFor(() => expect(list).toHaveTextContent('from another desk'));
  });

  it('marks its tab, and does what was wished for elsewhere', async () => {
    await openCustomer();
    await waitFor(() => expect(workspace.get().tabs[0]?.mark).toBe('blocked'));
    act(() => wish.set({ customer: TANAKA, what: 'unlock' }));
    expect(await screen.findByRole('dialog', { name: /Unlock/ })).toBeVisible();
    expect(wish.get()).toBeNull();
  });

  it('the width of the facts is moved by keys and kept', async () => {
    const { user, desk } = await openCustomer();
    const edge = screen.getByRole('separator', { name: 'Width of the facts' });
    edge.focus();
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(edge).toHaveAttribute('aria-valuenow', '404');
    expect(likes.get().factsWidth).toBe(404);
    await waitFor(() =>
      expect(callsOf(desk, 'savePreferences').at(-1)?.[0]).toMatchObject({ facts_width: 404 }),
    );
    await user.keyboard('{Home}');
    expect(edge).toHaveAttribute('aria-valuenow', '320');
  });

  it('says what went wrong when the record cannot be read, and tries again', async () => {
    const { user, desk } = openWindow({ now: () => new Date(), refuse: { open: failure('store_failed') } });
    await screen.findByRole('combobox', { name: 'Find' });
    await user.keyboard('{Escape}');
    act(() => openTab(TANAKA, '田中 美咲'));
    expect(await screen.findByRole('alert')).toHaveTextContent('The store failed');
    delete desk.refuse.open;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('heading', { level: 1, name: '田中 美咲' });
  });

  it('in Japanese and offline: saved actions first, the records below, the outbox beside', async () => {
    const { user } = await openCustomer({ offline: true });
    act(() => likes.set((now) => ({ ...now, language: 'ja' })));
    await user.keyboard('u');
    await screen.findByRole('dialog');
    await user.keyboard('2{Control>}{Enter}{/Control}');
    await screen.findByText(/様はまだロックされています。お客様には「完了」と伝えないでください。/);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const list = screen.getByRole('region', { name: '履歴の一覧' });
    expect(list).toHaveTextContent(/ロック解除を依頼.*保存済み・未反映.*ここから下は .* 時点の記録/);
    expect(list).toHaveTextContent('これより前のサインイン 41 件は、つながってから読み込みます');
    act(() => toggleOutbox(true));
    const outbox = screen.getByRole('complementary', { name: '送信待ち' });
    expect(outbox).toHaveTextContent(/からオフライン。保存した操作はまだ反映されていません。/);
    await user.click(await within(outbox).findByRole('button', { name: '取り消す' }));
    await waitFor(() => expect(outbox).toHaveTextContent('送信待ちはありません'));
    expect(await violations()).toEqual([]);
  });

  it('a conflict nobody watched is told in the corner and decided in the outbox', async () => {
    const { user, desk } = await openCustomer({ conflict: true });
    await act(async () => {
      await desk.act({
        customer: TANAKA,
        ask: { kind: 'unlock', account: 'account-1', lock: 'lock-1' },
        judged_on: 3,
        reason: 'mistyped',
        words: null,
        case: null,
      });
    });
    const messages = screen.getByRole('region', { name: 'Messages' });
    await waitFor(() =>
      expect(messages).toHaveTextContent('something changed in between. Nothing was done.'),
    );
    await user.click(within(messages).getByRole('button', { name: 'Decide' }));
    const outbox = screen.getByRole('complementary', { name: 'Outbox' });
    await waitFor(() => expect(outbox).toHaveTextContent(/You saw.*Now is.*You asked/));
    expect(await violations()).toEqual([]);
    await user.click(await within(outbox).findByRole('button', { name: 'Drop' }));
    await waitFor(() => expect(outbox).toHaveTextContent('Nothing waits'));
  });

  it('tells in the corner that another lock stands, and promises nothing of whom nobody has open', async () => {
    const { desk } = await openCustomer({}, (fake) => {
      const open = fake.open.bind(fake);
      fake.open = async (id, front) => {
        const view = await open(id, front);
        const [first, ...rest] = view.accounts;
        const [lock] = first?.locks ?? [];
        if (!first || !lock) return view;
        const fraud = { ...lock, id: 'lock-9', cause: 'fraud' as const, until: null };
        return { ...view, accounts: [{ ...first, locks: [lock, fraud] }, ...rest] };
      };
    });
    const unlock = (customer: string) =>
      act(async () => {
        await desk.act({
          customer,
          ask: { kind: 'unlock', account: 'account-1', lock: 'lock-1' },
          judged_on: 3,
          reason: 'mistyped',
          words: null,
          case: null,
        });
      });
    const messages = screen.getByRole('region', { name: 'Messages' });
    await unlock(TANAKA);
    await waitFor(() => expect(messages).toHaveTextContent('but 1 other lock stands'));
    expect(messages).not.toHaveTextContent('can sign in now');
    const other = samplePeople(new Date()).find((person) => person.lock !== null && person.id !== TANAKA);
    await unlock(other?.id ?? '');
    await waitFor(() => expect(messages).toHaveTextContent(`${other?.written}: The lock has ended.`));
    expect(messages).not.toHaveTextContent('can sign in now');
  });

  it('what a colleague saved on this desk is shown with their name and left to them', async () => {
    const { desk, user } = await openCustomer({ offline: true });
    await act(async () => {
      for (const text of ['mine', 'theirs']) {
        await desk.act({
          customer: TANAKA,
          ask: { kind: 'note', text },
          judged_on: null,
          reason: null,
          words: null,
          case: null,
        });
      }
    });
    const outbox = desk.outbox.bind(desk);
    desk.outbox = async () => {
      const [theirs, ...mine] = await outbox();
      if (!theirs) throw new Error('two notes wait');
      return [{ ...theirs, state: 'refused', saved_by: 'Ellen Whitfield' }, ...mine];
    };
    await user.keyboard('o');
    const panel = await screen.findByRole('complementary', { name: 'Outbox' });
    await waitFor(() => expect(panel).toHaveTextContent('Ellen Whitfield saved it. Only they can'));
    expect(within(panel).getAllByRole('button', { name: 'Take back' })).toHaveLength(1);
    expect(within(panel).queryByRole('button', { name: 'Drop' })).toBeNull();
    expect(panel).not.toHaveTextContent('needs you');
  });

  it('J and K walk the timeline, Enter opens the run that is reached', async () => {
    const { user } = await openCustomer();
    const row = () => document.activeElement as HTMLElement;
    await user.keyboard('j');
    await waitFor(() => expect(row().closest('li')).toBe(row()));
    const first = row();
    expect(entries()).toContainElement(first);
    expect(first).not.toHaveTextContent('Today');
    await user.keyboard('j');
    expect(row().closest('li')).toBe(row());
    expect(row()).not.toBe(first);
    await user.keyboard('kk');
    expect(row()).toBe(first);
    for (let n = 0; n < 8 && !row().textContent?.includes('Show each'); n += 1) await user.keyboard('j');
    await user.keyboard('{Enter}');
    expect(within(entries()).getAllByText('wrong password')).toHaveLength(7);
  });

  it('a withdrawal that was refused waits for nobody but the agent', async () => {
    await openCustomer({}, (fake) => {
      const open = fake.open.bind(fake);
      fake.open = async (id, front) => {
        const view = await open(id, front);
        const asked = (purpose: string, state: 'saved' | 'refused'): OutboxItem => ({
          action_id: purpose,
          kind: 'withdraw',
          ask: { kind: 'withdraw', brand: 'stay', purpose },
          customer: id,
          customer_name: '',
          account: null,
          state,
          saved_at: view.as_of,
          lapses_at: null,
          answered_at: null,
          reason: null,
          words: null,
          case: null,
          saw: null,
          done: null,
          conflict: null,
          failure: null,
        });
        return { ...view, pending: [asked('sms_offers', 'refused'), asked('line_offers', 'saved')] };
      };
    });
    expect(screen.getByRole('button', { name: 'Withdraw SMS offers' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: 'Withdraw LINE offers' })).toBeNull();
    const facts = screen.getByRole('complementary', { name: 'Facts' });
    expect(facts).toHaveTextContent('LINE offers: a withdrawal waits on this desk.');
    expect(facts).not.toHaveTextContent('SMS offers: a withdrawal waits');
  });

  it('axe finds nothing on it, locked and free', async () => {
    await openCustomer();
    expect(await violations()).toEqual([]);
    const free = samplePeople(new Date()).find((person) => person.lock === null && person.brands.length > 1);
    act(() => openTab(free?.id ?? '', ''));
    await screen.findByText('Nothing keeps them from signing in.');
    expect(screen.getByRole('heading', { name: /Accounts/ })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});
