import { useLingui } from '@lingui/react/macro';
import { type FormEvent, useRef, useState } from 'react';
import { FailureNote } from '../../errors/FailureNote';
import type { Failure, Start } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import styles from './Counter.module.css';

/** Name and password. What goes wrong is said above the fields, and the password is asked again. */
export function SignInForm({
  storeUrl,
  name: known = '',
  onSignedIn,
}: {
  storeUrl: string;
  name?: string;
  onSignedIn: (next: Start) => Promise<void>;
}) {
  const { t } = useLingui();
  const platform = usePlatform();
  const [name, setName] = useState(known);
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const passwordInput = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setMissing(true);
    if (name.trim() === '' || password === '') return;
    setBusy(true);
    setFailure(null);
    try {
      await onSignedIn(await platform.signIn({ store_url: storeUrl, name: name.trim(), password }));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setPassword('');
      setMissing(false);
      passwordInput.current?.focus();
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {failure && <FailureNote failure={failure} />}
      <Field
        label={t`Name`}
        size="l"
        value={name}
        onChange={setName}
        autoComplete="username"
        autoFocus={known === ''}
        isRequired
        error={missing && name.trim() === '' ? t`Enter the name you sign in with.` : undefined}
      />
      <Field
        label={t`Password`}
        type="password"
        size="l"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        autoFocus={known !== ''}
        isRequired
        ref={passwordInput}
        error={missing && password === '' ? t`Enter your password.` : undefined}
      />
      <div className={styles.do}>
        <Button kind="primary" size="l" type="submit" isPending={busy}>
          {busy ? t`Signing in…` : t`Sign in`}
        </Button>
      </div>
    </form>
  );
}
