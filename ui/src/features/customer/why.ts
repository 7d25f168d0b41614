// One sentence that says why this person cannot sign in, composed from what the desk found.
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import type { Account, Evidence, Lock, Why } from '../../ipc';
import { identityName, setterName } from './words/names';
import { placeName } from './words/places';
import { join, left, moment, spanWords } from './words/spans';

export type WhySentence = {
  tone: 'stop' | 'wait' | 'quiet';
  /** The state in a few words. */
  lead: string;
  /** What it rests on, and what stands beside it. */
  rest: string;
  /** The sign-ins behind it. */
  evidence: { account: string; from: string; to: string; n: number } | null;
  /** Who set it and how long it lasts. */
  end: string | null;
};

export type WhyContext = {
  accounts: Account[];
  now: Date;
  zone?: string;
  brandName: (brand: string) => string;
};

const words = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/** Small numbers are written out where the language does that at the head of a sentence. */
const numberWord = (n: number) => (i18n.locale === 'en' ? (words[n] ?? String(n)) : String(n));

function what({ failures: n, cause }: Evidence): string {
  const count = numberWord(n);
  switch (cause) {
    case 'wrong_password':
      return plural(n, { one: `${count} wrong password`, other: `${count} wrong passwords` });
    case 'wrong_code':
      return plural(n, { one: `${count} wrong one-time code`, other: `${count} wrong one-time codes` });
    case 'code_expired':
      return plural(n, {
        one: `${count} one-time code not entered in time`,
        other: `${count} one-time codes not entered in time`,
      });
    case 'locked':
      return plural(n, { one: `${count} attempt while locked`, other: `${count} attempts while locked` });
    case 'provider_refused':
      return plural(n, {
        one: `${count} refusal by the provider`,
        other: `${count} refusals by the provider`,
      });
    case 'cancelled':
      return plural(n, { one: `${count} sign-in broken off`, other: `${count} sign-ins broken off` });
    case 'unknown_user':
      return plural(n, { one: `${count} unknown user name`, other: `${count} unknown user names` });
    case 'password_expired':
      return plural(n, {
        one: `${count} attempt with an expired password`,
        other: `${count} attempts with an expired password`,
      });
    case 'contact_unverified':
      return plural(n, {
        one: `${count} attempt with an unverified contact`,
        other: `${count} attempts with an unverified contact`,
      });
    default:
      return plural(n, { one: `${count} failed attempt`, other: `${count} failed attempts` });
  }
}

function where({ failures, addresses, place: at, new_address }: Evidence): string | null {
  if (addresses === 0) return null;
  const place = at === null ? null : placeName(at);
  if (addresses > 1) {
    if (new_address) {
      return place === null
        ? t`from ${addresses} addresses, not all seen before`
        : t`from ${addresses} addresses in ${place}, not all seen before`;
    }
    return place === null ? t`from ${addresses} addresses` : t`from ${addresses} addresses in ${place}`;
  }
  if (failures === 1) {
    if (new_address) {
      return place === null
        ? t`from an address not seen before`
        : t`from an address in ${place} not seen before`;
    }
    return place === null ? t`from a known address` : t`from a known address in ${place}`;
  }
  if (new_address) {
    return place === null
      ? t`all from one address not seen before`
      : t`all from one address in ${place} not seen before`;
  }
  return place === null ? t`all from one known address` : t`all from one known address in ${place}`;
}

/** "Six wrong passwords between 14:03 and 14:05, all from one address in Osaka not seen before." */
export function evidenceSentence(evidence: Evidence, now: Date, zone?: string): string {
  const attempts = what(evidence);
  const time = spanWords(evidence.from, evidence.to, now, zone);
  const origin = where(evidence);
  return origin === null ? t`${attempts} ${time}.` : t`${attempts} ${time}, ${origin}.`;
}

/** What a lock is for, as a sentence of its own. */
function causeSentence(lock: Lock, evidence: Evidence | null, now: Date, zone?: string): string {
  const note = lock.note;
  switch (lock.cause) {
    case 'too_many_failures':
      return evidence ? evidenceSentence(evidence, now, zone) : t`Too many attempts failed in a short time.`;
    case 'suspected_takeover': {
      const suspicion = t`Somebody else seems to use this account.`;
      return join(suspicion, evidence && evidenceSentence(evidence, now, zone));
    }
    case 'customer_request':
      return t`The customer asked for it.`;
    case 'fraud':
      return t`Fraud is being looked into.`;
    case 'dormant':
      return t`It was not used for so long that the company closed it.`;
    case 'contact_unverified':
      return t`A contact must be verified first.`;
    case 'disabled_at_source':
      return t`The source it came from had disabled it.`;
    case 'policy':
      return note ? t`By the company’s decision: ${note}.` : t`By the company’s decision.`;
  }
}

/** Who set a lock and how much of it is left. */
export function lockEnd(lock: Lock, now: Date, zone?: string): string {
  const time = moment(lock.since, now, zone);
  const by = setterName(lock.by);
  if (lock.until === null) return t`Set ${time} by ${by}`;
  const rest = left(lock.until, now);
  return t`Set ${time} by ${by}, ${rest}`;
}

/** "Locked until 14:35" or "Locked, no end set". */
export function lockLead(lock: Lock, now: Date, zone?: string): string {
  if (lock.until === null) return t`Locked, no end set`;
  const until = moment(lock.until, now, zone);
  return t`Locked until ${until}`;
}

const behind = (account: string, evidence: Evidence | null) =>
  evidence ? { account, from: evidence.from, to: evidence.to, n: evidence.failures } : null;

export function whySentence(why: Why, { accounts, now, zone, brandName }: WhyContext): WhySentence {
  const account = 'account' in why ? accounts.find((one) => one.id === why.account) : undefined;
  // With several accounts the sentence says which one it speaks of.
  const brand = account && accounts.length > 1 ? brandName(account.brand) : null;
  const unconnected =
    account?.authority === 'source'
      ? t`Its source is not connected, so it cannot be changed from here.`
      : null;

  switch (why.kind) {
    case 'locked': {
      const { lock, others, evidence } = why;
      const until = lock.until === null ? null : moment(lock.until, now, zone);
      const lead =
        until === null
          ? brand === null
            ? t`Locked, no end set.`
            : t`Locked at ${brand}, no end set.`
          : brand === null
            ? t`Locked until ${until}.`
            : t`Locked at ${brand} until ${until}.`;
      const more =
        others > 0
          ? plural(others, { one: 'And # more lock stands.', other: 'And # more locks stand.' })
          : null;
      return {
        tone: 'stop',
        lead,
        rest: join(causeSentence(lock, evidence, now, zone), more, unconnected),
        evidence: behind(why.account, evidence),
        end: lockEnd(lock, now, zone),
      };
    }
    case 'partly_locked': {
      const { lock, evidence } = why;
      const way = identityName(why.identity);
      const until = lock.until === null ? null : moment(lock.until, now, zone);
      return {
        tone: 'stop',
        lead: until === null ? t`${way} is locked, no end set.` : t`${way} is locked until ${until}.`,
        rest: join(causeSentence(lock, evidence, now, zone), t`The other ways in still work.`, unconnected),
        evidence: behind(why.account, evidence),
        end: lockEnd(lock, now, zone),
      };
    }
    case 'no_password': {
      const { evidence } = why;
      const way = identityName(why.instead);
      const n = evidence.failures;
      const time = spanWords(evidence.from, evidence.to, now, zone);
      return {
        tone: 'wait',
        lead: t`They never had a password.`,
        rest: join(
          t`They sign in with ${way}.`,
          plural(n, {
            one: `One was typed all the same ${time}.`,
            other: `One was typed all the same, # times ${time}.`,
          }),
        ),
        evidence: behind(why.account, evidence),
        end: null,
      };
    }
    case 'failing': {
      const { evidence } = why;
      const way = identityName(why.identity);
      return {
        tone: 'wait',
        lead: t`Not locked, but the last attempts failed.`,
        rest: join(evidenceSentence(evidence, now, zone), t`Tried with: ${way}.`, unconnected),
        evidence: behind(why.account, evidence),
        end: null,
      };
    }
    case 'no_account':
      return {
        tone: 'wait',
        lead: t`There is no account.`,
        rest: t`The company knows this person, but there is nothing to sign in to.`,
        evidence: null,
        end: null,
      };
    case 'no_identity':
      return {
        tone: 'wait',
        lead: t`There is no way in.`,
        rest: join(t`The account has neither a password nor a linked provider.`, unconnected),
        evidence: null,
        end: null,
      };
    case 'nothing': {
      const last = why.last_sign_in;
      const time = last === null ? null : spanWords(last, last, now, zone);
      return {
        tone: 'quiet',
        lead: t`Nothing keeps them from signing in.`,
        rest: time === null ? t`No sign-in is known yet.` : t`They last signed in ${time}.`,
        evidence: null,
        end: null,
      };
    }
  }
}
