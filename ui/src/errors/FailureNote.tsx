import { useLingui } from '@lingui/react/macro';
import type { Failure } from '../ipc';
import { Button, IconButton } from '../ui/Button';
import { Notice } from '../ui/Notice';
import { useFailureDetail } from './detail';
import { wordsFor } from './words';

/** A refusal as a person can use it: what happened, what it means, what to do now. */
export function FailureNote({
  failure,
  onRetry,
  onClose,
}: {
  failure: Failure;
  onRetry?: () => void;
  onClose?: () => void;
}) {
  const { t, i18n } = useLingui();
  const known = wordsFor(failure.code);
  const detail = useFailureDetail(failure);
  return (
    <Notice
      tone={known.tone ?? 'stop'}
      {...(known.icon ? { icon: known.icon } : {})}
      title={i18n._(known.title)}
      action={
        <>
          {onRetry && <Button size="s" icon="retry" onPress={onRetry}>{t`Try again`}</Button>}
          {onClose && <IconButton label={t`Close`} icon="x" size="xs" onPress={onClose} />}
        </>
      }
    >
      {detail ? `${detail} ` : ''}
      {i18n._(known.text)}
    </Notice>
  );
}
