import { useLingui } from '@lingui/react/macro';
import { useStatus } from '../data';
import { wordsFor } from './words';

/** Why the desk is offline, where it is not simply that the store does not answer. */
export function useOfflineCause(): string | null {
  const { i18n } = useLingui();
  const status = useStatus();
  const cause = status?.state === 'offline' ? status.offline_cause : null;
  return cause === null || cause === 'offline' ? null : i18n._(wordsFor(cause).title);
}
