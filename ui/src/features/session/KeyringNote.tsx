import { Trans } from '@lingui/react/macro';
import type { KeyringState } from '../../ipc';
import { Notice } from '../../ui/Notice';

/** Without a keyring the desk still works, in memory; the agent is told what that changes before they sign in. */
export function KeyringNote({ keyring }: { keyring: KeyringState }) {
  if (keyring === 'ok') return null;
  return (
    <Notice
      tone="wait"
      icon="key"
      title={
        keyring === 'absent' ? (
          <Trans>This machine has no keyring</Trans>
        ) : (
          <Trans>The keyring is locked</Trans>
        )
      }
    >
      {keyring === 'absent' ? (
        <Trans>
          You can sign in, but nothing is kept when the window closes, and every action needs the store.
          Install a keyring such as GNOME Keyring or KWallet to work offline.
        </Trans>
      ) : (
        <Trans>
          Unlock it and start again to open what is kept here. You can also sign in now: nothing is kept when
          the window closes, and every action needs the store.
        </Trans>
      )}
    </Notice>
  );
}
