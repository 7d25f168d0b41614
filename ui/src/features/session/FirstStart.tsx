import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { FailureNote } from '../../errors/FailureNote';
import type { Failure, Start, StoreSeen } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { Button, LinkButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Counter } from './Counter';
import styles from './Counter.module.css';
import { KeyringNote } from './KeyringNote';
import { SignInForm } from './SignInForm';

/** No store is known, or another one is wanted: its address, a look at it, then name and password. */
export function FirstStart({
  start,
  onSignedIn,
  onBack,
}: {
  start: Start;
  onSignedIn: (next: Start) => Promise<void>;
  onBack?: (() => void) | undefined;
}) {
  const { t } = useLingui();
  const platform = usePlatform();
  const [url, setUrl] = useState('');
  const [seen, setSeen] = useState<StoreSeen | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);

  const check = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy) return;
    setMissing(url.trim() === '');
    if (url.trim() === '') return;
    setBusy(true);
    setFailure(null);
    try {
      setSeen(await platform.checkStore(url.trim()));
    } catch (thrown) {
      setFailure(asFailure(thrown));
    } finally {
      setBusy(false);
    }
  };

  if (seen) {
    const version = seen.version;
    return (
      <Counter
        title={<Trans>Sign in</Trans>}
        lead={<Trans>This desk will hold the customers you are allowed to see, encrypted.</Trans>}
      >
        <div className={styles.store}>
          <Icon name={seen.safe ? 'ok' : 'store'} />
          <div>
            <b>{seen.name}</b>
            <span className="truncate">
              {seen.url} · <Trans>version {version}</Trans>
            </span>
          </div>
          <LinkButton autoFocus={!seen.safe} onPress={() => setSeen(null)}>{t`Change`}</LinkButton>
        </div>
        {seen.safe ? (
          <>
            <KeyringNote keyring={start.keyring} />
            <SignInForm storeUrl={seen.url} onSignedIn={onSignedIn} />
          </>
        ) : (
          <Notice tone="stop" title={<Trans>The way to this store is not encrypted</Trans>}>
            <Trans>Nobody can sign in over it. Use the store’s https address.</Trans>
          </Notice>
        )}
      </Counter>
    );
  }
  return (
    <Counter
      title={onBack ? <Trans>Another store</Trans> : <Trans>Welcome to Madoguchi</Trans>}
      lead={<Trans>Which store does this desk belong to? Your administrator knows its address.</Trans>}
    >
      <form className={styles.form} onSubmit={check} noValidate>
        {failure && <FailureNote failure={failure} />}
        <Field
          label={t`Store’s address`}
          size="l"
          type="url"
          inputMode="url"
          value={url}
          onChange={setUrl}
          placeholder="https://store.example.jp"
          autoFocus
          isRequired
          error={missing ? t`Enter the store’s address.` : undefined}
        />
        <div className={styles.do}>
          {onBack && (
            <Button kind="plain" size="l" onPress={onBack}>
              {t`Back`}
            </Button>
          )}
          <Button kind="primary" size="l" type="submit" isPending={busy}>
            {busy ? t`Looking…` : t`Look for it`}
          </Button>
        </div>
      </form>
    </Counter>
  );
}
