import { beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../i18n';
import type { Role, Status } from '../../ipc';
import { lapsesAt, locksToEnd, waysOf } from './can';
import { lockEffects, locksLeft, revokeEffects, unlockEffects } from './effects';
import { account, lock, NOW, record, tokyo, ZONE } from './test/sample';
import { dayWords, left, moment, timesIn } from './words/spans';

const when = { now: NOW, zone: ZONE };
const onGoogle = lock({ id: 'lock-2', scope: { kind: 'identity', identity: 'identity-google' } });
const onPassword = lock({ id: 'lock-3', scope: { kind: 'identity', identity: 'identity-password' } });
const fraud = lock({ id: 'lock-4', cause: 'fraud', until: null });

beforeEach(() => speak('en'));

describe('what an unlock does', () => {
  it('lets them in when it was the only lock', () => {
    const { will, willNot } = unlockEffects(account(), lock(), when);
    expect(will).toEqual([
      'End the lock set at 14:05',
      'Allow a sign-in at once',
      'Count wrong passwords from zero again',
      'Put the reason in the history',
    ]);
    expect(willNot).toContain('Reset or show the password');
    expect(willNot).toContain('Lift a lock that is set later');
  });

  it('does not promise a sign-in that another lock refuses', () => {
    const { will, willNot } = unlockEffects(account({ locks: [lock(), fraud] }), lock(), when);
    expect(will).toContain('Leave the door shut: 1 other lock stands');
    expect(will).not.toContain('Allow a sign-in at once');
    expect(willNot).toContain('Lift the 1 other lock');
  });

  it('knows when a lock on one way in leaves another open', () => {
    expect(locksLeft(account({ locks: [lock(), onGoogle] }), lock(), NOW)).toEqual([]);
    expect(locksLeft(account({ locks: [lock(), onGoogle, onPassword] }), lock(), NOW)).toHaveLength(2);
    expect(locksLeft(account({ locks: [onGoogle, onPassword] }), onGoogle, NOW)).toEqual([]);
    expect(locksLeft(account({ locks: [onGoogle, fraud] }), onGoogle, NOW)).toEqual([fraud]);
  });

  it('does not count a lock that has run out', () => {
    const over = lock({ id: 'lock-5', until: tokyo('14:12') });
    expect(locksLeft(account({ locks: [lock(), over] }), lock(), NOW)).toEqual([]);
  });
});

describe('what the others do', () => {
  it('a lock names its scope, its end, and the sessions that go on', () => {
    const one = account({ sessions: record({ accounts: [] }).accounts.flatMap((each) => each.sessions) });
    const whole = lockEffects(one, { kind: 'account' }, tokyo('16:12'), when);
    expect(whole.will.slice(0, 2)).toEqual([
      'Refuse every sign-in to this account',
      'End by itself at 16:12',
    ]);
    const way = lockEffects(one, { kind: 'identity', identity: 'identity-google' }, null, when);
    expect(way.will.slice(0, 2)).toEqual(['Refuse sign-ins with Google', 'Stand until somebody ends it']);
    expect(way.willNot).toContain('Shut the other ways in');
  });

  it('a revocation names the device, or how many', () => {
    const session = {
      id: 's',
      started_at: tokyo('11:40'),
      last_seen_at: tokyo('12:00'),
      device: 'iPhone',
      client: 'App 8.2',
      place: null,
    };
    const one = account({ sessions: [session, { ...session, id: 't' }] });
    expect(revokeEffects(one, 's').will[0]).toBe('End the session on iPhone');
    expect(revokeEffects(one, null).will[0]).toBe('End all 2 sessions begun before now');
  });
});

describe('what may be asked for', () => {
  const status = (state: Status['state'], in_memory = false) => ({ state, in_memory }) as Status;
  const ways = (view = record(), state = status('live'), role: Role = 'agent') =>
    waysOf(view, state, role, NOW);

  it('goes out at once when live, is saved offline, and a reveal needs the store', () => {
    expect(ways().unlock).toEqual({ how: 'live' });
    expect(ways(record(), status('offline')).unlock).toEqual({ how: 'saved' });
    expect(ways(record(), status('offline')).reveal).toEqual({ how: 'off', why: 'needs the store' });
  });

  it('without a keyring nothing can be saved', () => {
    expect(ways(record(), status('offline', true)).note.how).toBe('off');
  });

  it('a lock that was set since the clock was last looked at can be ended at once', () => {
    const fresh = record({ accounts: [account({ locks: [lock({ since: tokyo('14:13') })] })] });
    expect(ways(fresh).unlock).toEqual({ how: 'live' });
  });

  it.each([
    ['no lock stands', record({ accounts: [account({ locks: [] })] })],
    ['its source is not connected', record({ accounts: [account({ authority: 'source' })] })],
    [
      'a supervisor must end it (fraud is being looked into)',
      record({ accounts: [account({ locks: [fraud] })] }),
    ],
  ])('an unlock is off: %s', (why, view) => {
    expect(ways(view).unlock).toEqual({ how: 'off', why });
  });

  it('a supervisor may end what an agent may not; an auditor only reads', () => {
    const view = record({ accounts: [account({ locks: [fraud] })] });
    expect(ways(view, status('live'), 'supervisor').unlock).toEqual({ how: 'live' });
    expect(ways(view, status('live'), 'auditor').note).toEqual({ how: 'off', why: 'not for your role' });
  });

  it('a privacy officer withdraws and shows, but does not unlock', () => {
    const as = ways(record(), status('live'), 'privacy_officer');
    expect([as.unlock.how, as.note.how, as.reveal.how]).toEqual(['off', 'live', 'live']);
  });

  it('offers first the lock that can be ended, then the one that lasts longest', () => {
    const view = record({ accounts: [account({ locks: [fraud, lock(), onGoogle] })] });
    expect(locksToEnd(view, 'agent', NOW).map((one) => one.lock.id)).toEqual(['lock-1', 'lock-2', 'lock-4']);
    expect(locksToEnd(view, 'supervisor', NOW)[0]?.lock.id).toBe('lock-4');
  });

  it('waits as long as the domain says', () => {
    expect(lapsesAt('unlock', NOW)).toBe('2026-11-23T05:27:08.000Z');
    expect(lapsesAt('withdraw', NOW)).toBeNull();
  });
});

describe('times in words', () => {
  it.each([
    ['14:35', '23 min left', 'あと 23 分'],
    ['14:12', 'over', '終了'],
    ['19:12', '5 h left', 'あと 5 時間'],
    ['11/27 14:00', '4 days left', 'あと 4 日'],
  ])('what is left until %s', (until, en, ja) => {
    expect(left(tokyo(until), NOW)).toBe(en);
    speak('ja');
    expect(left(tokyo(until), NOW)).toBe(ja);
  });

  it('says how many times in how long', () => {
    expect(timesIn(6, tokyo('14:03'), tokyo('14:05'))).toBe('6 times in 2 min');
    expect(timesIn(40, tokyo('08:03'), tokyo('14:05'))).toBe('40 times in 6 h');
  });

  it('names days by the calendar of the agent’s zone', () => {
    expect(dayWords(tokyo('00:01'), NOW, ZONE)).toEqual({ name: 'Today', date: '2026/11/23 Mon' });
    expect(dayWords(tokyo('11/22 23:59'), NOW, ZONE)).toEqual({ name: 'Yesterday', date: '2026/11/22 Sun' });
    expect(dayWords(tokyo('11/20 10:00'), NOW, ZONE)).toEqual({ name: 'Friday', date: '2026/11/20' });
    expect(dayWords(tokyo('11/02 10:00'), NOW, ZONE)).toEqual({ name: '2026/11/02', date: 'Mon' });
    speak('ja');
    expect(dayWords(tokyo('00:01'), NOW, ZONE)).toEqual({ name: '今日', date: '2026/11/23 月' });
    expect(dayWords(tokyo('11/22 23:59'), NOW, ZONE).name).toBe('昨日');
    expect(dayWords(tokyo('11/20 10:00'), NOW, ZONE).name).toBe('金曜日');
  });

  it('gives the day of a moment that is not today, and the year of one long ago', () => {
    expect(moment(tokyo('09:00'), NOW, ZONE)).toBe('09:00');
    expect(moment(tokyo('11/25 09:00'), NOW, ZONE)).toBe('11/25 09:00');
    expect(moment('2025-01-05T00:00:00Z', NOW, ZONE)).toBe('2025/01/05 09:00');
  });
});
