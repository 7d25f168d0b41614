import { describe, expect, it } from 'vitest';
import type { OutboxItem, SignIn } from '../../../ipc';
import { account, done, failed, lock, NOW, record, signIn, tokyo, ZONE } from '../test/sample';
import { knownDays } from './DayChart';
import { countsOf, type Entry, entriesOf, noFilter, passes, pendingPasses } from './entries';
import { heldBack, type Row, type RowsOptions, rowsOf } from './rows';

const view = (recent: SignIn[], over = {}) =>
  record({ accounts: [], sign_ins: { recent, total: recent.length }, ...over });
const lay = (entries: Entry[], over: Partial<RowsOptions> = {}) =>
  rowsOf(entries, {
    zone: ZONE,
    pending: [],
    cutAsOf: null,
    open: new Set(),
    missing: 0,
    fold: true,
    ...over,
  });
const short = (row: Row): string => {
  switch (row.kind) {
    case 'day':
      return row.key;
    case 'run':
      return `run of ${row.signIns.length}`;
    case 'entry':
      return row.inRun ? `  ${row.key}` : row.key;
    case 'earlier':
      return `earlier ${row.n}`;
    default:
      return row.kind;
  }
};
const note = { id: 'n', text: 'call back', by: 'Jun Sato', at: tokyo('11/20 16:31'), case: null };
const item = (over: Partial<OutboxItem>): OutboxItem => ({
  action_id: 'a',
  kind: 'note',
  ask: { kind: 'note', text: 'x' },
  customer: 'C',
  customer_name: '田中 美咲',
  account: null,
  state: 'saved',
  saved_at: tokyo('14:12'),
  lapses_at: null,
  answered_at: null,
  reason: null,
  words: null,
  case: null,
  saw: null,
  done: null,
  conflict: null,
  failure: null,
  ...over,
});

describe('the timeline', () => {
  it('merges everything, the newest first', () => {
    const entries = entriesOf(
      view([signIn('s', '11:40')], { notes: [note], actions: [done()], accounts: [account()] }),
    );
    expect(entries.map((entry) => entry.kind)).toEqual(['action', 'lock', 'sign_in', 'note']);
  });

  it('tells an action and what it left behind once, and keeps its entry number', () => {
    const wrote = done({ kind: 'note', by: note.by, at: note.at, entry: 7 });
    const entries = entriesOf(view([], { notes: [note], actions: [wrote, done({ id: 'other' })] }));
    expect(entries).toHaveLength(2);
    expect(entries.find((entry) => entry.kind === 'note')).toMatchObject({ done: { entry: 7 } });
  });

  it('knows a note that waited on a desk before the store had it', () => {
    const late = done({ kind: 'note', by: note.by, at: tokyo('11/20 18:00'), case: note.case, entry: 9 });
    const entries = entriesOf(view([], { notes: [note], actions: [late] }));
    expect(entries).toMatchObject([{ kind: 'note', at: note.at, done: { entry: 9 } }]);
    const before = done({ kind: 'note', by: note.by, at: tokyo('11/19 18:00') });
    expect(entriesOf(view([], { notes: [note], actions: [before] }))).toHaveLength(2);
  });

  it('does not tell a lock twice that an action of the history set', () => {
    const set = done({ kind: 'lock', at: tokyo('14:05') });
    const entries = entriesOf(view([], { accounts: [account()], actions: [set] }));
    expect(entries.map((entry) => entry.kind)).toEqual(['action']);
    const another = entriesOf(
      view([], { accounts: [account()], actions: [done({ kind: 'lock', at: tokyo('13:00') })] }),
    );
    expect(another).toHaveLength(2);
  });

  it('takes a sign-in that was loaded again only once', () => {
    const entries = entriesOf(view([signIn('a', '11:40')]), [signIn('a', '11:40'), signIn('b', '10:00')]);
    expect(entries.map((entry) => entry.key)).toEqual(['sign:a', 'sign:b']);
  });

  it('puts days over their entries by the calendar of the zone', () => {
    const entries = entriesOf(view([signIn('late', '00:30'), signIn('early', '11/22 23:30')]));
    expect(lay(entries).map(short)).toEqual(['day:2026/11/23', 'sign:late', 'day:2026/11/22', 'sign:early']);
    // The same two moments lie on one day further west.
    expect(lay(entries, { zone: 'UTC' }).map(short)).toEqual(['day:2026/11/22', 'sign:late', 'sign:early']);
  });

  it('folds a run of equal failures and opens it again', () => {
    const entries = entriesOf(
      view([
        failed('1', '14:05'),
        failed('2', '14:04'),
        failed('3', '14:03'),
        signIn('ok', '11:40'),
        failed('4', '11:39'),
      ]),
    );
    const folded = lay(entries);
    expect(folded.map(short)).toEqual(['day:2026/11/23', 'run of 3', 'sign:ok', 'sign:4']);
    const key = folded[1]?.key ?? '';
    expect(lay(entries, { open: new Set([key]) }).map(short)).toEqual([
      'day:2026/11/23',
      'run of 3',
      '  sign:1',
      '  sign:2',
      '  sign:3',
      'sign:ok',
      'sign:4',
    ]);
  });

  it.each([
    ['another address', failed('2', '14:04', { address: '192.0.2.7' })],
    ['another cause', failed('2', '14:04', { cause: 'wrong_code' })],
    ['a long pause', failed('2', '13:30')],
    ['another outcome', failed('2', '14:04', { outcome: 'refused' })],
  ])('a run ends at %s', (_, second) => {
    expect(lay(entriesOf(view([failed('1', '14:05'), second]))).map(short)).toHaveLength(3);
  });

  it('a run does not reach over midnight', () => {
    const entries = entriesOf(view([failed('1', '00:01'), failed('2', '11/22 23:59')]));
    expect(lay(entries).map(short)).toEqual(['day:2026/11/23', 'sign:1', 'day:2026/11/22', 'sign:2']);
  });

  it('keeps a run’s key when newer failures join it', () => {
    const before = lay(entriesOf(view([failed('2', '14:04'), failed('1', '14:03')])));
    const after = lay(entriesOf(view([failed('3', '14:05'), failed('2', '14:04'), failed('1', '14:03')])));
    expect(after[1]?.key).toBe(before[1]?.key);
  });

  it('puts what waits on this desk first, and offline says what stands below it', () => {
    const entries = entriesOf(view([signIn('s', '11/22 21:17')]));
    const rows = lay(entries, { pending: [item({})], cutAsOf: tokyo('10:42') });
    expect(rows.map(short)).toEqual(['pending-day:2026/11/23', 'pending', 'cut', 'day:2026/11/22', 'sign:s']);
    expect(lay(entries, { cutAsOf: tokyo('10:42') }).map(short)).not.toContain('cut');
  });

  it('puts what waits the newest first, each under the day on which it was saved', () => {
    const entries = entriesOf(view([signIn('s', '11:40')]));
    const pending = [
      item({ action_id: 'old', saved_at: tokyo('11/22 21:00') }),
      item({ action_id: 'new', saved_at: tokyo('14:12') }),
      item({ action_id: 'older', saved_at: tokyo('11/22 20:00') }),
    ];
    const rows = lay(entries, { pending });
    expect(rows.map((row) => row.key)).toEqual([
      'pending-day:2026/11/23',
      'act:new',
      'pending-day:2026/11/22',
      'act:old',
      'act:older',
      'day:2026/11/23',
      'sign:s',
    ]);
  });

  it('says where sign-ins are missing: below the oldest that is here', () => {
    const entries = entriesOf(view([signIn('s', '11:40')], { notes: [note] }));
    expect(lay(entries, { missing: 45 }).map(short)).toEqual([
      'day:2026/11/23',
      'sign:s',
      'earlier 45',
      'day:2026/11/20',
      'act:n',
    ]);
    expect(lay([], { missing: 3 }).map(short)).toEqual(['earlier 3']);
  });

  it('filters by kind, by failure, and to what a lock rests on', () => {
    const entries = entriesOf(
      view([failed('in', '14:04'), failed('out', '13:00'), signIn('ok', '14:04')], { accounts: [account()] }),
    );
    const kept = (filter: Parameters<typeof passes>[1]) =>
      entries.filter((entry) => passes(entry, filter)).map((entry) => entry.key);
    expect(kept({ ...noFilter, kind: 'action' })).toEqual([`lock:${lock().id}`]);
    expect(kept({ ...noFilter, onlyFailed: true })).toEqual(['sign:in', 'sign:out']);
    const behind = { account: 'account-1', from: tokyo('14:03'), to: tokyo('14:05') };
    expect(kept({ ...noFilter, behind })).toEqual(['sign:in']);
    expect(kept({ ...noFilter, behind: { ...behind, account: 'account-2' } })).toEqual([]);
    expect(pendingPasses(item({}), { ...noFilter, kind: 'note' })).toBe(true);
    expect(pendingPasses(item({ kind: 'withdraw' }), { ...noFilter, kind: 'note' })).toBe(false);
  });

  it('counts sign-ins as the store does', () => {
    expect(countsOf(entriesOf(view([signIn('s', '11:40')], { notes: [note] })), 41)).toMatchObject({
      all: 42,
      sign_in: 41,
      note: 1,
    });
  });

  it('holds back only what is new above what is shown', () => {
    const entries = entriesOf(
      view([signIn('new', '14:00'), signIn('old', '11:40'), signIn('older', '10:00')]),
    );
    expect(heldBack(entries, new Set(['sign:old'])).map((entry) => entry.key)).toEqual(['sign:new']);
    expect(heldBack(entries, new Set())).toEqual([]);
  });

  it('counts days only as far back as all of their sign-ins are here', () => {
    const signIns = [failed('1', '14:05'), signIn('2', '11:40'), signIn('3', '11/20 09:00')];
    const all = knownDays(signIns, 3, NOW, ZONE);
    expect(all).toHaveLength(14);
    expect(all.at(-1)).toEqual({ day: '2026/11/23', ok: 1, failed: 1 });
    expect(all[0]?.day).toBe('2026/11/10');
    expect(knownDays(signIns, 60, NOW, ZONE).map((day) => day.day)).toEqual([
      '2026/11/21',
      '2026/11/22',
      '2026/11/23',
    ]);
  });
});
