import { useLingui } from '@lingui/react/macro';
import type { Failure } from '../ipc';
import { toasts } from '../ui/toasts';
import { wordsFor } from './words';

/** Says a refusal in the corner, for what failed away from where the person is looking. */
export function useFailureToast(): (failure: Failure) => void {
  const { i18n } = useLingui();
  return (failure) => {
    const known = wordsFor(failure.code);
    toasts.show({
      tone: known.tone ?? 'stop',
      ...(known.icon ? { icon: known.icon } : {}),
      text: `${i18n._(known.title)} — ${i18n._(known.text)}`,
      seconds: 9,
    });
  };
}
