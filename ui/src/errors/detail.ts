import { useLingui } from '@lingui/react/macro';
import type { Failure } from '../ipc';
import { clock } from '../ui/time';

/** The sentence that only this one refusal can say: from when it can be tried again. */
export function useFailureDetail(failure: Failure): string | null {
  const { t } = useLingui();
  if (failure.until === null) return null;
  const from = clock(failure.until);
  return t`The next attempt is taken from ${from}.`;
}
