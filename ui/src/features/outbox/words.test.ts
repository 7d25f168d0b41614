import { beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../i18n';
import type { Conflict, OutboxItem } from '../../ipc';
import { account, lock, NOW, tokyo } from '../customer/test/sample';
import { lanesOf } from './lanes';
import { compare, doneWords, lockToAskAgain, savedWords } from './words';

beforeEach(() => speak('en'));

const item = (over: Partial<OutboxItem> = {}): OutboxItem => ({
  action_id: 'act-1',
  kind: 'unlock',
  ask: { kind: 'unlock', account: 'account-1', lock: 'lock-1' },
  customer: 'C-1',
  customer_name: '田中 美咲',
  account: 'account-1',
  state: 'conflict',
  saved_at: tokyo('14:12'),
  lapses_at: tokyo('14:27'),
  answered_at: tokyo('14:12'),
  reason: 'forgot_password',
  words: 'in Osaka',
  case: null,
  saw: lock(),
  done: null,
  conflict: null,
  failure: null,
  ...over,
});
const conflict = (over: Partial<Conflict>): Conflict => ({
  kind: 'unlock',
  now: account(),
  ended: [],
  ...over,
});
const ellens = lock({
  id: 'lock-2',
  cause: 'suspected_takeover',
  since: tokyo('14:11'),
  until: null,
  by: 'Ellen Whitfield',
});

describe('a conflict', () => {
  it('shows what was seen, what is now and what was asked', () => {
    const now = account({ locks: [ellens] });
    const ended = [{ lock: lock(), at: tokyo('14:10'), by: 'Jun Sato' }];
    expect(compare(item(), conflict({ now, ended }), NOW)).toEqual({
      saw: 'Locked until 14:35, by the store’s sign-in rule 14:05: too many failed attempts',
      now: 'Locked, no end set, by Ellen Whitfield 14:11: suspected takeover, that lock ended 14:10 by Jun Sato',
      asked: 'Unlock, forgot the password, in Osaka',
      stillLocked: true,
    });
  });

  it('says that nothing is locked any more, and leaves nothing to ask again', () => {
    const free = conflict({
      now: account({ locks: [] }),
      ended: [{ lock: lock(), at: tokyo('14:10'), by: 'time' }],
    });
    expect(compare(item(), free, NOW).now).toBe('Not locked, that lock ended 14:10 by the passing of time');
    expect(lockToAskAgain(item(), free, NOW)).toBeNull();
  });

  it('asks again about the same lock, else about the one that lasts longest', () => {
    const both = conflict({ now: account({ locks: [lock(), ellens] }) });
    expect(lockToAskAgain(item(), both, NOW)?.id).toBe('lock-1');
    const others = conflict({ now: account({ locks: [lock({ id: 'lock-9' }), ellens] }) });
    expect(lockToAskAgain(item(), others, NOW)?.id).toBe('lock-2');
  });
});

describe('saved and done', () => {
  it('saved says what is still so', () => {
    expect(savedWords(item(), NOW)).toBe('田中 美咲 is still locked. Do not tell the caller yet.');
    const withdrawal = item({
      kind: 'withdraw',
      ask: { kind: 'withdraw', brand: 'stay', purpose: 'sms_offers' },
      saved_at: tokyo('11/22 21:17'),
    });
    expect(savedWords(withdrawal, NOW)).toBe(
      'The store does not know of it yet. It counts from 11/22 21:17.',
    );
  });

  it('done says that they can sign in, unless another lock still stands', () => {
    expect(doneWords(item(), account(), NOW)).toBe('The lock has ended. The caller can sign in now.');
    expect(doneWords(item(), account({ locks: [lock(), ellens] }), NOW)).toBe(
      'The lock has ended, but 1 other lock stands: the caller cannot sign in yet.',
    );
    expect(doneWords(item(), undefined, NOW)).toBe('The lock has ended.');
  });
});

describe('lanes', () => {
  const saved = (id: string, customer: string, time: string, over: Partial<OutboxItem> = {}) =>
    item({
      action_id: id,
      customer,
      customer_name: customer,
      state: 'saved',
      saved_at: tokyo(time),
      ...over,
    });

  it('puts customers with something to decide first, withdrawals first in line, then the oldest', () => {
    const lanes = lanesOf([
      saved('b2', 'B', '14:03'),
      saved('b1', 'B', '14:01'),
      saved('bw', 'B', '14:04', { kind: 'withdraw' }),
      saved('a', 'A', '14:05', { state: 'refused' }),
      saved('gone', 'C', '13:00', { state: 'done' }),
      saved('shown', 'C', '13:00', { kind: 'reveal' }),
    ]);
    expect(lanes.map((lane) => [lane.name, lane.undecided, lane.items.map((one) => one.action_id)])).toEqual([
      ['A', true, ['a']],
      ['B', false, ['bw', 'b1', 'b2']],
    ]);
  });
});
