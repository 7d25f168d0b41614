// What may be asked for now, and why not where it may not. The store decides; this only anticipates it, so that nobody
// writes a reason for something that will be refused.
import { t } from '@lingui/core/macro';
import type { Account, ActionKind, CustomerView, Lock, LockCause, Role, Status } from '../../ipc';
import { standingLocks } from './effects';
import { lockCauseName } from './words/names';

/** How an action would go out now: at once, saved for later, or not at all and why. */
export type Way = { how: 'live' | 'saved' } | { how: 'off'; why: string };

/** Causes of locks that an agent alone may end; the rules of crates/domain/src/account.rs. */
export const AGENT_ENDS: readonly LockCause[] = [
  'too_many_failures',
  'customer_request',
  'dormant',
  'contact_unverified',
];

/** What may wait on a desk: everything but showing a masked value. */
export type Waiting = Exclude<ActionKind, 'reveal'>;

/** How long an action may wait on a desk, in minutes; null never lapses. From crates/domain/src/action.rs. */
export const WAITS_MINUTES: Record<Waiting, number | null> = {
  unlock: 15,
  lock: 1_440,
  revoke_session: 1_440,
  revoke_sessions: 1_440,
  note: 43_200,
  withdraw: null,
};

export const lapsesAt = (kind: Waiting, now: Date): string | null => {
  const minutes = WAITS_MINUTES[kind];
  return minutes === null ? null : new Date(now.getTime() + minutes * 60_000).toISOString();
};

const isLive = (status: Status | undefined) => status?.state === 'live' || status?.state === 'catching_up';

/** Who may ask for what, as the store's own table has it (crates/store/src/authority.rs). */
const MAY: Record<keyof Ways, readonly Role[]> = {
  unlock: ['agent', 'supervisor'],
  lock: ['agent', 'supervisor'],
  revoke: ['agent', 'supervisor'],
  note: ['agent', 'supervisor', 'privacy_officer'],
  withdraw: ['agent', 'supervisor', 'privacy_officer'],
  reveal: ['agent', 'supervisor', 'privacy_officer'],
};

/** An action that may wait goes out at once or is saved; without a keyring nothing can be saved. */
function outbound(status: Status | undefined): Way {
  if (isLive(status)) return { how: 'live' };
  return status?.in_memory
    ? { how: 'off', why: t`needs the store, as nothing can be kept here` }
    : { how: 'saved' };
}

/** Why a lock cannot be ended here, or null when it can. */
export function whyLockStays(account: Account, lock: Lock, role: Role): string | null {
  if (account.authority === 'source') return t`its source is not connected`;
  if (role !== 'supervisor' && !AGENT_ENDS.includes(lock.cause)) {
    const cause = lockCauseName(lock.cause);
    return t`a supervisor must end it (${cause})`;
  }
  return null;
}

export type StandingLock = { account: Account; lock: Lock; whyStays: string | null };

/** Every lock that stands, those that can be ended first, in the order in which they hurt. */
export function locksToEnd(view: CustomerView, role: Role, now: Date): StandingLock[] {
  const far = (lock: Lock) => (lock.until === null ? Number.POSITIVE_INFINITY : Date.parse(lock.until));
  return view.accounts
    .flatMap((account) =>
      standingLocks(account, now).map((lock) => ({
        account,
        lock,
        whyStays: whyLockStays(account, lock, role),
      })),
    )
    .sort((a, b) => Number(a.whyStays !== null) - Number(b.whyStays !== null) || far(b.lock) - far(a.lock));
}

export type Ways = Record<'unlock' | 'lock' | 'revoke' | 'note' | 'withdraw' | 'reveal', Way>;

export function waysOf(view: CustomerView, status: Status | undefined, role: Role, now: Date): Ways {
  const out = outbound(status);
  /** Off for a role first, then for what lies in the record, then for the way to the store. */
  const way = (what: keyof Ways, why: string | null, how = out): Way => {
    if (!MAY[what].includes(role)) return { how: 'off', why: t`not for your role` };
    return why === null ? how : { how: 'off', why };
  };
  const locks = locksToEnd(view, role, now);
  const ours = view.accounts.filter((account) => account.authority === 'store');
  const noAccount =
    view.accounts.length === 0
      ? t`there is no account`
      : ours.length === 0
        ? t`its source is not connected`
        : null;
  const noSession = ours.every((account) => account.sessions.length === 0) ? t`no session is live` : null;
  const given = view.consents.status.some((one) => one.recorded === 'given');
  return {
    unlock: way('unlock', locks.length === 0 ? t`no lock stands` : (locks[0]?.whyStays ?? null)),
    lock: way('lock', noAccount),
    revoke: way('revoke', noAccount ?? noSession),
    note: way('note', null),
    withdraw: way('withdraw', given ? null : t`nothing is given`),
    reveal: way('reveal', null, isLive(status) ? { how: 'live' } : { how: 'off', why: t`needs the store` }),
  };
}
