import { useLingui } from '@lingui/react/macro';
import type { Field, Lock } from '../../ipc';
import { brief } from '../../ui/time';

/** What the field is called in which a query was found. */
export function useFieldName(): (field: Field) => string {
  const { t } = useLingui();
  return (field) => {
    switch (field) {
      case 'written':
        return t`Name`;
      case 'reading':
        return t`Reading`;
      case 'romaji':
        return t`Romaji`;
      case 'former':
        return t`Former name`;
      case 'possible_reading':
        return t`Possible reading`;
      case 'customer_id':
        return t`Customer id`;
      case 'email':
        return t`E-mail`;
      case 'phone':
        return t`Phone`;
      case 'loyalty':
        return t`Loyalty number`;
    }
  };
}

/** A lock in two short sentences: until when, and why. */
export function useLockWords(): (lock: Lock, now: Date) => { until: string; cause: string } {
  const { t } = useLingui();
  const causes: Record<Lock['cause'], () => string> = {
    too_many_failures: () => t`Too many failed sign-ins.`,
    suspected_takeover: () => t`Somebody else seems to use it.`,
    customer_request: () => t`The customer asked for it.`,
    fraud: () => t`Fraud is being looked into.`,
    dormant: () => t`Not used for a long time.`,
    contact_unverified: () => t`A contact must be verified first.`,
    disabled_at_source: () => t`It was disabled where it came from.`,
    policy: () => t`By the company’s decision.`,
  };
  return (lock, now) => {
    const until = lock.until && brief(lock.until, now);
    return { until: until ? t`Locked until ${until}.` : t`Locked, no end set.`, cause: causes[lock.cause]() };
  };
}
