import { Plural, useLingui } from '@lingui/react/macro';
import { useStatus } from '../../data';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { showOverlay } from '../frame/overlay';
import { keysOf } from '../keys/registry';
import { useShortcut } from '../keys/useShortcut';
import { useDesk } from './desk';
import styles from './SignOutQuestion.module.css';

/** Signs out, wherever it is asked for; while actions wait the question comes first. */
export function useSignOut(): () => void {
  const { signOut } = useDesk();
  const pending = useStatus()?.pending ?? 0;
  return () => (pending > 0 ? showOverlay('sign-out') : signOut());
}

/** Signing out while actions wait is worth a word: they stay here, and go out after the next sign-in. */
export function SignOutQuestion({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { signOut } = useDesk();
  const pending = useStatus()?.pending ?? 0;
  useShortcut('confirm', signOut);
  return (
    <Dialog
      title={t`Sign out now?`}
      icon="sign-out"
      role="alertdialog"
      width={460}
      onClose={onClose}
      foot={
        <>
          <span className={styles.grow} />
          <Button size="l" onPress={onClose} autoFocus>{t`Stay`}</Button>
          <Button size="l" kind="primary" keys={keysOf('confirm')} onPress={signOut}>{t`Sign out`}</Button>
        </>
      }
    >
      <p>
        <Plural
          value={pending}
          one="# saved action has not reached the store. It stays on this desk and goes out after you sign in again; if it has a time limit it may lapse."
          other="# saved actions have not reached the store. They stay on this desk and go out after you sign in again; those with a time limit may lapse."
        />
      </p>
    </Dialog>
  );
}
