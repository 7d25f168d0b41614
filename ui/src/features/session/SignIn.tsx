import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNote } from '../../errors/FailureNote';
import type { Failure, Start } from '../../ipc';
import { LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Counter } from './Counter';
import styles from './Counter.module.css';
import { FirstStart } from './FirstStart';
import { KeyringNote } from './KeyringNote';
import { SignInForm } from './SignInForm';

/** A store is known and nobody is at the desk, or the desk was too long without contact. */
export function SignIn({
  start,
  ended,
  onSignedIn,
}: {
  start: Start;
  ended: Failure | null;
  onSignedIn: (next: Start) => Promise<void>;
}) {
  const { t } = useLingui();
  const [another, setAnother] = useState(false);
  if (another || start.store_url === null) {
    return (
      <FirstStart
        start={start}
        onSignedIn={onSignedIn}
        onBack={start.store_url === null ? undefined : () => setAnother(false)}
      />
    );
  }
  const closed: Failure | null =
    start.phase === 'closed' ? { code: 'lease_over', message: '', retry: 'after_change', until: null } : null;
  const why = ended ?? closed;
  return (
    <Counter title={<Trans>Sign in</Trans>} lead={<Trans>Customers open once the store knows you.</Trans>}>
      {why && <FailureNote failure={why} />}
      {start.notices.map((notice) => (
        <FailureNote key={notice.code} failure={notice} />
      ))}
      <KeyringNote keyring={start.keyring} />
      <div className={styles.store}>
        <Icon name="store" />
        <div>
          <b>{start.store_name ?? t`Store`}</b>
          <span className="truncate">{start.store_url}</span>
        </div>
        <LinkButton onPress={() => setAnother(true)}>{t`Another store`}</LinkButton>
      </div>
      <SignInForm
        storeUrl={start.store_url}
        {...(start.agent ? { name: start.agent.name } : {})}
        onSignedIn={onSignedIn}
      />
    </Counter>
  );
}
