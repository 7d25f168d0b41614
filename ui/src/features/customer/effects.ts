// What an action will and will not do, as lists that an agent can say aloud. They follow what the store does, no more.
import { plural, t } from '@lingui/core/macro';
import type { Account, Lock, LockScope } from '../../ipc';
import { identityName } from './words/names';
import { moment } from './words/spans';

export type Effects = { will: string[]; willNot: string[] };

type When = { now: Date; zone?: string };

/** Locks that stand at a moment. The store set them, so they have begun, however far behind the clock here is. */
export function standingLocks(account: Account | undefined, now: Date): Lock[] {
  const at = now.getTime();
  return (account?.locks ?? []).filter((lock) => lock.until === null || at < Date.parse(lock.until));
}

/** Locks of the account that still keep the same door shut once one has ended. */
export function locksLeft(account: Account | undefined, ended: Lock, now: Date): Lock[] {
  const others = standingLocks(account, now).filter((lock) => lock.id !== ended.id);
  const { scope } = ended;
  // Without the lock on the whole account, a way in is open as soon as one identity is not locked.
  if (scope.kind === 'account') {
    const whole = others.filter((lock) => lock.scope.kind === 'account');
    if (whole.length > 0) return whole;
    const shut = new Set(
      others.flatMap((lock) => (lock.scope.kind === 'identity' ? [lock.scope.identity] : [])),
    );
    const ways = account?.identities ?? [];
    return ways.length > 0 && ways.every((way) => shut.has(way.id)) ? others : [];
  }
  return others.filter((lock) => lock.scope.kind === 'account' || lock.scope.identity === scope.identity);
}

export function unlockEffects(account: Account, lock: Lock, { now, zone }: When): Effects {
  const set = moment(lock.since, now, zone);
  const left = locksLeft(account, lock, now).length;
  const others = standingLocks(account, now).filter((one) => one.id !== lock.id).length;
  const sessions = account.sessions.length;
  return {
    will: [
      t`End the lock set at ${set}`,
      left > 0
        ? plural(left, {
            one: 'Leave the door shut: # other lock stands',
            other: 'Leave the door shut: # other locks stand',
          })
        : t`Allow a sign-in at once`,
      ...(lock.cause === 'too_many_failures' ? [t`Count wrong passwords from zero again`] : []),
      t`Put the reason in the history`,
    ],
    willNot: [
      t`Reset or show the password`,
      sessions > 0
        ? plural(sessions, { one: 'End the # session', other: 'End the # sessions' })
        : t`End any session`,
      others > 0
        ? plural(others, { one: 'Lift the # other lock', other: 'Lift the # other locks' })
        : t`Lift a lock that is set later`,
      t`Tell the customer`,
    ],
  };
}

export function lockEffects(
  account: Account,
  scope: LockScope,
  until: string | null,
  { now, zone }: When,
): Effects {
  const way =
    scope.kind === 'identity' ? account.identities.find((one) => one.id === scope.identity) : undefined;
  const name = way ? identityName(way.kind) : null;
  const end = until === null ? null : moment(until, now, zone);
  const sessions = account.sessions.length;
  return {
    will: [
      name === null ? t`Refuse every sign-in to this account` : t`Refuse sign-ins with ${name}`,
      end === null ? t`Stand until somebody ends it` : t`End by itself at ${end}`,
      t`Put the reason in the history`,
    ],
    willNot: [
      sessions > 0
        ? plural(sessions, {
            one: 'End the # session: revoke it as well',
            other: 'End the # sessions: revoke them as well',
          })
        : t`End any session`,
      t`Change the password`,
      name === null ? t`Touch other accounts` : t`Shut the other ways in`,
      t`Tell the customer`,
    ],
  };
}

export function revokeEffects(account: Account, session: string | null): Effects {
  const one = session === null ? undefined : account.sessions.find((each) => each.id === session);
  const n = account.sessions.length;
  const device = one?.device ?? null;
  return {
    will: [
      device === null
        ? plural(n, {
            one: 'End the # session begun before now',
            other: 'End all # sessions begun before now',
          })
        : t`End the session on ${device}`,
      device === null ? t`Ask for a sign-in on every device` : t`Ask for a sign-in on that device`,
      t`Put the reason in the history`,
    ],
    willNot: [
      t`Keep anybody from signing in again`,
      t`Change the password`,
      ...(device === null ? [t`End a session that begins later`] : [t`End the other sessions`]),
    ],
  };
}

export function withdrawEffects(purpose: string, brand: string): Effects {
  return {
    will: [
      t`Withdraw “${purpose}” at ${brand}`,
      t`Count from this moment, also if sent later`,
      t`Put the reason in the history`,
    ],
    willNot: [
      t`Withdraw anything else`,
      t`Erase what was agreed before`,
      t`Be taken back here: only the customer can agree anew`,
    ],
  };
}

export function revealEffects(): Effects {
  return {
    will: [t`Show the whole value until its countdown ends`, t`Put who, when and why in the history`],
    willNot: [t`Keep the value on this desk`, t`Show any other value`],
  };
}
