// What an action's state means for the caller, in sentences that an agent can repeat.
import { plural, t } from '@lingui/core/macro';
import type { Account, Conflict, Lock, OutboxItem } from '../../ipc';
import { locksLeft, standingLocks } from '../customer/effects';
import { lockLead } from '../customer/why';
import { actionName, lockCauseName, reasonWords, setterName } from '../customer/words/names';
import { left, moment } from '../customer/words/spans';

/** What is still so while an action is only saved. */
export function savedWords(item: OutboxItem, now: Date): string {
  const name = item.customer_name;
  switch (item.ask.kind) {
    case 'unlock':
      return t`${name} is still locked. Do not tell the caller yet.`;
    case 'lock':
      return t`${name} is not locked yet.`;
    case 'revoke_session':
      return t`The session still runs.`;
    case 'revoke_sessions':
      return t`The sessions still run.`;
    case 'withdraw': {
      const time = moment(item.saved_at, now);
      return t`The store does not know of it yet. It counts from ${time}.`;
    }
    case 'note':
      return t`Only this desk has the note so far.`;
    case 'reveal':
      return t`The store has not answered yet.`;
  }
}

/** Until when it waits. */
export function lapseWords(item: OutboxItem, now: Date): string {
  if (item.lapses_at === null) return t`It never lapses.`;
  const time = moment(item.lapses_at, now);
  return t`Lapses at ${time} if it cannot reach the store.`;
}

/** "11:06, 8 min left", when that is soon. */
export function lapsesSoon(item: OutboxItem, now: Date): string | null {
  if (item.lapses_at === null || Date.parse(item.lapses_at) - now.getTime() > 3_600_000) return null;
  const time = moment(item.lapses_at, now);
  const rest = left(item.lapses_at, now);
  return t`Lapses at ${time}, ${rest}.`;
}

/** What is so now that the store has done it; `account` is the account as it is now, without which nothing is promised. */
export function doneWords(item: OutboxItem, account: Account | undefined, now: Date): string {
  const { ask, saw } = item;
  switch (ask.kind) {
    case 'unlock': {
      if (!account || !saw) return t`The lock has ended.`;
      const n = locksLeft(account, saw, now).length;
      if (n > 0) {
        return plural(n, {
          one: 'The lock has ended, but # other lock stands: the caller cannot sign in yet.',
          other: 'The lock has ended, but # other locks stand: the caller cannot sign in yet.',
        });
      }
      return t`The lock has ended. The caller can sign in now.`;
    }
    case 'lock': {
      if (ask.until === null) return t`The lock stands until somebody ends it.`;
      const until = moment(ask.until, now);
      return t`The lock stands until ${until}.`;
    }
    case 'revoke_session':
      return t`The session has ended. That device must sign in again.`;
    case 'revoke_sessions':
      return t`The sessions have ended. Every device must sign in again.`;
    case 'withdraw':
      return t`The consent is withdrawn.`;
    case 'note':
      return t`The note is in the history.`;
    case 'reveal':
      return t`The value was shown.`;
  }
}

/** A lock in one line: "Locked until 14:35 by the store’s sign-in rule: too many failed attempts". */
export function lockLine(lock: Lock, now: Date): string {
  const lead = lockLead(lock, now);
  const by = setterName(lock.by);
  const cause = lockCauseName(lock.cause);
  const time = moment(lock.since, now);
  return t`${lead}, by ${by} ${time}: ${cause}`;
}

export type Compared = { saw: string | null; now: string; asked: string; stillLocked: boolean };

/** The three sides of a conflict. */
export function compare(item: OutboxItem, conflict: Conflict, now: Date): Compared {
  const standing = standingLocks(conflict.now, now);
  const same = standing.find((lock) => lock.id === item.saw?.id);
  const speaks = same ?? standing[0];
  const ended = conflict.ended.find((one) => one.lock.id === item.saw?.id) ?? conflict.ended[0];
  const endedLine = () => {
    if (!ended) return null;
    const by = setterName(ended.by);
    const time = moment(ended.at, now);
    return t`that lock ended ${time} by ${by}`;
  };
  const more = standing.length - (speaks ? 1 : 0);
  const nowIs = speaks
    ? [
        lockLine(speaks, now),
        same ? null : endedLine(),
        more > 0 ? plural(more, { one: 'and # more lock', other: 'and # more locks' }) : null,
      ]
    : [t`Not locked`, endedLine()];
  const reason = item.reason === null ? null : reasonWords(item.reason);
  return {
    saw: item.saw ? lockLine(item.saw, now) : null,
    now: nowIs.filter((part) => part !== null).join(t`, `),
    asked: [actionName(item.kind), reason, item.words].filter(Boolean).join(t`, `),
    stillLocked: standing.length > 0,
  };
}

/** The lock that "ask again" would be about: the same one, else the one that ends last. */
export function lockToAskAgain(item: OutboxItem, conflict: Conflict, now: Date): Lock | null {
  const standing = standingLocks(conflict.now, now);
  const far = (lock: Lock) => (lock.until === null ? Number.POSITIVE_INFINITY : Date.parse(lock.until));
  const longest = [...standing].sort((a, b) => far(b) - far(a))[0];
  return standing.find((lock) => lock.id === item.saw?.id) ?? longest ?? null;
}
