import type { Account, ActionDone, CustomerView, Evidence, Lock, SignIn } from '../../../ipc';
import { samplePeople } from '../../../platform/fake/people';
import { recordOf } from '../../../platform/fake/record';

/** 14:12:08 in Tokyo, where the tests' agent sits. */
export const NOW = new Date('2026-11-23T05:12:08Z');
export const ZONE = 'Asia/Tokyo';
/** A time of 2026/11/23 in Tokyo, or of another day: `tokyo('11/22 21:17')`. */
export const tokyo = (time: string): string => {
  const [day, clock] = time.includes(' ') ? time.split(' ') : ['11/23', time];
  return new Date(`2026-${(day ?? '').replace('/', '-')}T${clock}:00+09:00`).toISOString();
};

export const lock = (over: Partial<Lock> = {}): Lock => ({
  id: 'lock-1',
  scope: { kind: 'account' },
  cause: 'too_many_failures',
  since: tokyo('14:05'),
  until: tokyo('14:35'),
  by: 'rule',
  note: null,
  version: 1,
  ...over,
});

export const account = (over: Partial<Account> = {}): Account => ({
  id: 'account-1',
  issuer: 'https://id.example.jp',
  brand: 'stay',
  authority: 'store',
  blocked: true,
  lock_version: 3,
  session_epoch: 1,
  identities: (['password', 'google'] as const).map((kind) => ({
    id: `identity-${kind}`,
    kind,
    issuer: kind,
    masked: 't•••a@example.jp',
    linked_at: tokyo('01/02 09:00'),
    last_sign_in: null,
    failures_today: 0,
  })),
  sessions: [],
  locks: [lock()],
  since: tokyo('01/02 09:00'),
  ...over,
});

export const evidence = (over: Partial<Evidence> = {}): Evidence => ({
  failures: 6,
  from: tokyo('14:03'),
  to: tokyo('14:05'),
  cause: 'wrong_password',
  addresses: 1,
  place: 'Osaka',
  device: 'Windows',
  new_address: true,
  ...over,
});

export const signIn = (id: string, time: string, over: Partial<SignIn> = {}): SignIn => ({
  id,
  account: 'account-1',
  identity: 'password',
  at: tokyo(time),
  outcome: 'signed_in',
  cause: null,
  address: '198.51.100.24',
  place: 'Tokyo',
  device: 'iPhone',
  client: 'App 8.2',
  channel: 'stay-app',
  new_address: false,
  ...over,
});

export const failed = (id: string, time: string, over: Partial<SignIn> = {}): SignIn =>
  signIn(id, time, { outcome: 'failed', cause: 'wrong_password', ...over });

export const done = (over: Partial<ActionDone> = {}): ActionDone => ({
  id: 'action-1',
  kind: 'unlock',
  account: 'account-1',
  by: 'Kaede Mori',
  at: tokyo('14:10'),
  reason: 'mistyped',
  words: null,
  case: null,
  entry: 48_207,
  lock_cause: 'too_many_failures',
  revealed: null,
  ...over,
});

/** A record of the pretended desk, emptied of history, with what a test puts into it. */
export const record = (over: Partial<CustomerView> = {}): CustomerView => {
  const [person] = samplePeople(NOW);
  if (!person) throw new Error('the pretended desk has people');
  return {
    ...recordOf(person, NOW),
    accounts: [account()],
    consents: { status: [], events: [] },
    notes: [],
    actions: [],
    sign_ins: { recent: [], total: 0 },
    ...over,
  };
};
