import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { FindStoreAnswer } from '../../ipc';
import type { FakeOptions, FakePlatform } from '../../platform/fake';
import { samplePeople } from '../../platform/fake/people';
import { callsOf, openWindow } from '../../test/render';
import { openTab, workspace } from '../frame/workspace';

async function openFinder(options: FakeOptions = {}, change?: (desk: FakePlatform) => void) {
  const opened = openWindow(options, change);
  return { ...opened, box: await screen.findByRole('combobox', { name: 'Find' }) };
}
const rows = () => screen.queryAllByRole('option');
const chosen = () => screen.getByRole('option', { selected: true });

describe('find', () => {
  it('is open at once when nobody is in front, and the title says that it listens', async () => {
    const { user, box } = await openFinder();
    expect(box).toHaveFocus();
    expect(document.title).toBe('Find – Madoguchi');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.title).toBe('Madoguchi'));
  });

  it('shows who matches while one types, with what matched underlined', async () => {
    const { user, box } = await openFinder();
    await user.type(box, 'たなか');
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const first = rows()[0] as HTMLElement;
    expect(first).toHaveTextContent('田中 美咲');
    expect(first.querySelector('mark')).toHaveTextContent('タナカ');
    expect(within(first).getByText('Locked')).toBeVisible();
  });

  it('opens the chosen one with Enter, and one behind with Ctrl Enter', async () => {
    const { user, box } = await openFinder();
    await user.type(box, 'tanaka');
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    await user.keyboard('{ArrowDown}{Control>}{Enter}{/Control}');
    expect(screen.getByRole('combobox')).toBeInTheDocument();
    await user.keyboard('{ArrowUp}{Enter}');
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    const { tabs, active } = workspace.get();
    expect(tabs).toHaveLength(2);
    expect(tabs.find((tab) => tab.id === active)?.written).toBe('田中 美咲');
  });

  it('opens a row by its number', async () => {
    const { user, box } = await openFinder();
    await user.type(box, 'tanaka');
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const third = rows()[2]?.textContent ?? '';
    await user.keyboard('{Control>}3{/Control}');
    await waitFor(() => expect(workspace.get().tabs).toHaveLength(1));
    expect(third).toContain(workspace.get().tabs[0]?.written);
  });

  it.each([{ isComposing: true }, { keyCode: 229 }])(
    'opens nothing while a word is converted (%o)',
    async (composing) => {
      const { user, box } = await openFinder();
      await user.type(box, 'たなか');
      await waitFor(() => expect(rows().length).toBeGreaterThan(3));
      fireEvent.keyDown(box, { key: 'Enter', ...composing });
      expect(workspace.get().tabs).toHaveLength(0);
      fireEvent.keyDown(box, { key: 'Enter' });
      await waitFor(() => expect(workspace.get().tabs).toHaveLength(1));
    },
  );

  it('opens for Enter only what answers the text in the box', async () => {
    const { box } = await openFinder();
    fireEvent.change(box, { target: { value: 'sato' } });
    await waitFor(() => expect(chosen()).toHaveTextContent('Sato'));
    fireEvent.change(box, { target: { value: 'kobayashi' } });
    fireEvent.keyDown(box, { key: 'Enter' });
    await waitFor(() => expect(workspace.get().tabs).toHaveLength(1));
    expect(workspace.get().tabs[0]?.written).toContain('小林');
  });

  it('adds what the store finds below, and moves neither a row nor the choice', async () => {
    let answer: ((found: FindStoreAnswer) => void) | undefined;
    const { user, box } = await openFinder({}, (desk) => {
      desk.findStore = () => new Promise((done) => (answer = done));
    });
    await user.type(box, 'tanaka');
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    await user.keyboard('{ArrowDown}');
    const before = rows().map((row) => row.textContent);
    expect(await screen.findByText('Asking the store…')).toBeInTheDocument();
    const hit = {
      id: 'C-STORE-0001',
      written: '田中 遠',
      reading: null,
      romaji: null,
      email: null,
      phone: null,
      loyalty: null,
      brands: [],
      languages: [],
      lock: null,
      last_sign_in: null,
      matched: null,
      pending: false,
      source: 'store' as const,
    };
    await waitFor(() => expect(answer).toBeDefined());
    await act(async () => answer?.({ hits: [hit], more: false, took_ms: 200 }));
    expect(await screen.findByText(/Also asked the store/)).toHaveTextContent('1 more');
    expect(
      rows()
        .slice(0, before.length)
        .map((row) => row.textContent),
    ).toEqual(before);
    expect(chosen()).toHaveTextContent(before[1] ?? '');
  });

  it('never shows the store’s answer to an older query', async () => {
    const waiting = new Map<string, (found: FindStoreAnswer) => void>();
    const { box } = await openFinder({}, (desk) => {
      desk.findStore = ({ query }) => new Promise((done) => waiting.set(query, done));
    });
    const hit = (written: string) => ({
      id: written,
      written,
      reading: null,
      romaji: null,
      email: null,
      phone: null,
      loyalty: null,
      brands: [],
      languages: [],
      lock: null,
      last_sign_in: null,
      matched: null,
      pending: false,
      source: 'store' as const,
    });
    fireEvent.change(box, { target: { value: 'old@' } });
    await waitFor(() => expect(waiting.has('old@')).toBe(true));
    fireEvent.change(box, { target: { value: 'new@' } });
    await waitFor(() => expect(waiting.has('new@')).toBe(true));
    await act(async () => waiting.get('new@')?.({ hits: [hit('Right')], more: false, took_ms: 1 }));
    await act(async () => waiting.get('old@')?.({ hits: [hit('Wrong')], more: false, took_ms: 1 }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]).toHaveTextContent('Right');
  });

  it('marks the dots of a value that the store found inside its mask', async () => {
    const { user, box } = await openFinder();
    await user.type(box, 'misaki.t');
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    expect(rows()[0]).toHaveTextContent('in the masked part');
    expect(rows()[0]?.querySelector('mark')?.textContent).toBe('•••');
  });

  it('says so when the store cannot be asked, and asks it nothing', async () => {
    const { desk, user, box } = await openFinder({ offline: true });
    await user.type(box, 'sato');
    expect(await screen.findByText('The store cannot be asked while offline')).toBeInTheDocument();
    expect(callsOf(desk, 'findStore')).toEqual([]);
    expect(rows().length).toBeGreaterThan(0);
  });

  it('says what is found here when nobody is, and the store cannot be asked', async () => {
    const { user, box } = await openFinder({ offline: true });
    await user.type(box, 'nobody@example.com');
    expect(await screen.findByText(/What is masked is searched by the store/)).toHaveTextContent(
      'an e-mail is found by its first letter and its domain',
    );
  });

  it('goes back to the last customer from the box, and offers it only when there is one', async () => {
    const [one, two] = samplePeople(new Date()).map((person) => person.id);
    if (!one || !two) throw new Error('the sample has two people');
    const { user } = openWindow({ preferences: { tabs: [one, two], active_tab: one } });
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard('/sato');
    await screen.findByText('Recent');
    expect(screen.queryByText('last one')).toBeNull();
    act(() => openTab(two, ''));
    expect(screen.getByText('last one')).toBeVisible();
    await user.keyboard('{Control>}{Tab}{/Control}');
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    expect(workspace.get().active).toBe(one);
  });

  it('asks for the filter that is on', async () => {
    const { desk, user, box } = await openFinder();
    await user.type(box, 'sato');
    await user.click(await screen.findByRole('radio', { name: /^Locked/ }));
    await waitFor(() =>
      expect(callsOf(desk, 'find').at(-1)).toEqual([
        { query: 'sato', locked: true, brand: null, limit: 200 },
      ]),
    );
  });

  it('is not fooled by a pointer that rests where rows change', async () => {
    const { user, box } = await openFinder();
    await user.type(box, 'tanaka');
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const rest = { screenX: 400, screenY: 300 };
    fireEvent.pointerMove(rows()[2] as HTMLElement, rest);
    fireEvent.pointerMove(rows()[3] as HTMLElement, rest);
    expect(rows().indexOf(chosen())).toBe(0);
    fireEvent.pointerMove(rows()[3] as HTMLElement, { screenX: 401, screenY: 300 });
    expect(rows().indexOf(chosen())).toBe(3);
  });

  it('does what a command says after >', async () => {
    const { user, box } = await openFinder();
    await user.type(box, '>settings');
    expect(rows()).toHaveLength(1);
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeInTheDocument();
  });

  it('shows a name that looks like a script as the text it is', async () => {
    const payload = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
    const { user, box } = await openFinder({}, (desk) => {
      const find = desk.find.bind(desk);
      desk.find = async (request) => {
        const answer = await find(request);
        return { ...answer, hits: answer.hits.map((one) => ({ ...one, written: payload, romaji: payload })) };
      };
    });
    await user.type(box, 'sato');
    await waitFor(() => expect(rows().length).toBeGreaterThan(0));
    expect(rows()[0]).toHaveTextContent(payload);
    expect(document.querySelector('img')).toBeNull();
    expect((window as { ran?: number }).ran).toBeUndefined();
  });

  it('gives the focus back to where it was', async () => {
    const opened = openWindow();
    await screen.findByRole('combobox');
    await opened.user.keyboard('{Escape}');
    const button = await screen.findByRole('button', { name: /Find a customer/ });
    button.focus();
    await opened.user.keyboard('{Enter}');
    await screen.findByRole('combobox');
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    await waitFor(() => expect(button).toHaveFocus());
  });
});
