import { useLingui } from '@lingui/react/macro';
import type { Role } from '../../ipc';

/** What a role is called. */
export function useRoleName(role: Role): string {
  const { t } = useLingui();
  switch (role) {
    case 'agent':
      return t`agent`;
    case 'supervisor':
      return t`supervisor`;
    case 'privacy_officer':
      return t`privacy officer`;
    case 'administrator':
      return t`administrator`;
    case 'auditor':
      return t`auditor`;
    case 'application':
      return t`application`;
  }
}
