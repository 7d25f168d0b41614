// What the words of the domain are called on the screen. Each answers in the language that is shown now; components that
// call them listen for a change of language themselves.
import { t } from '@lingui/core/macro';
import type {
  Account,
  ActionKind,
  Cause,
  ConsentChange,
  ConsentMethod,
  ConsentState,
  IdentifierKind,
  IdentityKind,
  LockCause,
  Reason,
} from '../../../ipc';
import type { IconName } from '../../../ui/Icon';

export function identityName(kind: IdentityKind): string {
  switch (kind) {
    case 'password':
      return t`Password`;
    case 'google':
      return 'Google';
    case 'facebook':
      return 'Facebook';
    case 'apple':
      return 'Apple';
    case 'line':
      return 'LINE';
    case 'enterprise':
      return t`Company sign-in`;
    case 'other':
      return t`Another provider`;
  }
}

export const identityIcon: Record<IdentityKind, IconName> = {
  password: 'key',
  google: 'google',
  facebook: 'facebook',
  apple: 'apple',
  line: 'line',
  enterprise: 'store',
  other: 'user',
};

/** Why an attempt failed, as it stands after "Sign-in failed". */
export function causeName(cause: Cause): string {
  switch (cause) {
    case 'wrong_password':
      return t`wrong password`;
    case 'wrong_code':
      return t`wrong one-time code`;
    case 'code_expired':
      return t`one-time code not entered in time`;
    case 'locked':
      return t`because locked`;
    case 'provider_refused':
      return t`the provider said no`;
    case 'cancelled':
      return t`broken off by the person`;
    case 'unknown_user':
      return t`no such user`;
    case 'password_expired':
      return t`password expired`;
    case 'contact_unverified':
      return t`contact not verified`;
    case 'other':
      return t`another cause`;
  }
}

/** What a lock is for, in a few words. */
export function lockCauseName(cause: LockCause): string {
  switch (cause) {
    case 'too_many_failures':
      return t`too many failed attempts`;
    case 'suspected_takeover':
      return t`suspected takeover`;
    case 'customer_request':
      return t`the customer asked for it`;
    case 'fraud':
      return t`fraud is being looked into`;
    case 'dormant':
      return t`not used for long`;
    case 'contact_unverified':
      return t`contact not verified`;
    case 'disabled_at_source':
      return t`disabled at the source`;
    case 'policy':
      return t`company policy`;
  }
}

/** A cause that a person may choose, as a chip. */
export function lockCauseChip(cause: LockCause): string {
  switch (cause) {
    case 'suspected_takeover':
      return t`Suspected takeover`;
    case 'customer_request':
      return t`Customer asked`;
    case 'fraud':
      return t`Fraud`;
    default:
      return t`Company policy`;
  }
}

/** Who set a lock, or ended it: the store's own words for itself are translated, names stay names. */
export function setterName(by: string): string {
  switch (by) {
    case 'rule':
      return t`the store’s sign-in rule`;
    case 'customer':
      return t`the customer`;
    case 'time':
      return t`the passing of time`;
    default:
      return by;
  }
}

export function reasonName(reason: Reason): string {
  switch (reason) {
    case 'forgot_password':
      return t`Forgot password`;
    case 'mistyped':
      return t`Mistyped`;
    case 'new_device':
      return t`New device`;
    case 'someone_else':
      return t`Someone else`;
    case 'customer_asked':
      return t`Customer asked`;
    case 'call_back':
      return t`To call back`;
    case 'verify':
      return t`To verify`;
    case 'other':
      return t`Other`;
  }
}

/** The same reason inside a sentence. */
export function reasonWords(reason: Reason): string {
  switch (reason) {
    case 'forgot_password':
      return t`forgot the password`;
    case 'mistyped':
      return t`mistyped it`;
    case 'new_device':
      return t`has a new device`;
    case 'someone_else':
      return t`someone else tried`;
    case 'customer_asked':
      return t`the customer asked for it`;
    case 'call_back':
      return t`to call back`;
    case 'verify':
      return t`to verify who it is`;
    case 'other':
      return t`another reason`;
  }
}

export function identifierName(kind: IdentifierKind): string {
  switch (kind) {
    case 'email':
      return t`E-mail`;
    case 'phone':
      return t`Phone`;
    case 'loyalty':
      return t`Loyalty number`;
  }
}

/** What an action is called in a list. */
export function actionName(kind: ActionKind): string {
  switch (kind) {
    case 'unlock':
      return t`Unlock`;
    case 'lock':
      return t`Lock`;
    case 'revoke_session':
      return t`Revoke a session`;
    case 'revoke_sessions':
      return t`Revoke all sessions`;
    case 'note':
      return t`Note`;
    case 'withdraw':
      return t`Withdraw a consent`;
    case 'reveal':
      return t`Show a masked value`;
  }
}

export const actionIcon: Record<ActionKind, IconName> = {
  unlock: 'unlock',
  lock: 'lock',
  revoke_session: 'revoke',
  revoke_sessions: 'revoke',
  note: 'note',
  withdraw: 'ban',
  reveal: 'eye',
};

export function consentName(state: ConsentState): string {
  switch (state) {
    case 'never_asked':
      return t`Never asked`;
    case 'given':
      return t`Given`;
    case 'refused':
      return t`Refused`;
    case 'withdrawn':
      return t`Withdrawn`;
    case 'expired':
      return t`Expired`;
  }
}

export const consentIcon: Record<ConsentState, IconName> = {
  never_asked: 'more',
  given: 'check',
  refused: 'refuse',
  withdrawn: 'ban',
  expired: 'clock',
};

export function changeName(change: ConsentChange): string {
  switch (change) {
    case 'given':
      return t`given`;
    case 'refused':
      return t`refused`;
    case 'withdrawn':
      return t`withdrawn`;
    case 'expired':
      return t`expired`;
    case 'renewed':
      return t`renewed`;
  }
}

export function methodName(method: ConsentMethod): string {
  switch (method) {
    case 'web':
      return t`Consent page`;
    case 'app':
      return t`App`;
    case 'call':
      return t`Call`;
    case 'paper':
      return t`Counter or letter`;
    case 'rule':
      return t`Store`;
    case 'import':
      return t`Import`;
  }
}

/** The issuer as a person reads it: the host of its address, or the name it goes by. */
export function issuerName(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

export function authorityName(authority: Account['authority']): string {
  return authority === 'store' ? t`This store decides` : t`Source not connected`;
}

/** A device as a drawing. */
export function deviceIcon(device: string | null): IconName {
  const words = (device ?? '').toLowerCase();
  if (/ipad|tablet|タブレット/.test(words)) return 'tablet';
  if (/iphone|android|pixel|galaxy|xperia|aquos|phone|スマホ/.test(words)) return 'phone';
  return 'laptop';
}
