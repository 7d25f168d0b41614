import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ActRequest, Reason } from '../../../ipc';
import { Button, LinkButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { lockLine } from '../../outbox/words';
import { useDesk, useNames } from '../../session/desk';
import { locksToEnd } from '../can';
import { unlockEffects } from '../effects';
import { useRecord } from '../record';
import type { Filter } from '../timeline/entries';
import { whySentence } from '../why';
import { ActDialog, EffectLists } from './ActDialog';
import styles from './ActDialog.module.css';
import { Options } from './Options';
import { ReasonPart } from './ReasonPart';
import { useReason } from './useReason';

const REASONS: readonly Reason[] = ['forgot_password', 'mistyped', 'new_device', 'someone_else', 'other'];

/** Ends one lock, judged on what was on the screen when the dialog opened. */
export function UnlockDialog({
  lock: wanted,
  onClose,
  onBehind,
}: {
  lock?: string | undefined;
  onClose: () => void;
  onBehind: (behind: NonNullable<Filter['behind']>) => void;
}) {
  const { t } = useLingui();
  const { view, now, offline, ask } = useRecord();
  const { agent } = useDesk();
  const names = useNames();
  // What the person judges stays as they saw it, until they ask to see what is now.
  const [seen, setSeen] = useState(view);
  const [chosen, setChosen] = useState(wanted ?? null);
  const by = useReason();
  const locks = locksToEnd(seen, agent.role, now);
  const picked = locks.find(({ lock }) => lock.id === chosen) ?? locks[0];
  const profile = seen.profile;
  const title = t`Unlock ${profile.name.written}`;
  const account = view.accounts.find((one) => one.id === picked?.account.id);
  const changed = account !== undefined && account.lock_version !== picked?.account.lock_version;
  const missing = !picked ? t`no lock stands` : (picked.whyStays ?? by.missing);
  const request: ActRequest | null =
    picked && missing === null
      ? {
          customer: profile.id,
          ask: { kind: 'unlock', account: picked.account.id, lock: picked.lock.id },
          judged_on: picked.account.lock_version,
          ...by.given,
        }
      : null;
  const why =
    'lock' in seen.why && seen.why.lock.id === picked?.lock.id
      ? whySentence(seen.why, { accounts: seen.accounts, now, brandName: names.brand })
      : null;
  const strange = why !== null && 'evidence' in seen.why && seen.why.evidence?.new_address === true;
  return (
    <ActDialog
      kind="unlock"
      title={title}
      icon="unlock"
      request={request}
      missing={missing}
      confirm={offline ? t`Ask to unlock` : t`Unlock`}
      asOf={seen.as_of}
      account={account}
      onClose={onClose}
    >
      {changed && (
        <div className={`${styles.block} ${styles.caution}`} role="status">
          <Icon name="alert" />
          <p>{t`The locks of this account have changed since you opened this.`}</p>
          <Button size="s" onPress={() => setSeen(view)}>
            {t`Show what is now`}
          </Button>
        </div>
      )}
      {picked && (
        <p className={`${styles.block} ${styles.lead}`}>
          {why ? (
            <>
              <b>{why.lead}</b> {why.rest}{' '}
              {why.evidence && (
                <LinkButton onPress={() => why.evidence && onBehind(why.evidence)}>
                  <Plural value={why.evidence.n} one="See the sign-in" other="See the # sign-ins" />
                </LinkButton>
              )}
            </>
          ) : (
            <Trans>
              <b>{lockLine(picked.lock, now)}</b>.
            </Trans>
          )}
        </p>
      )}
      {locks.length > 1 && (
        <div className={styles.block}>
          <Options
            label={t`Which lock`}
            selected={picked?.lock.id ?? null}
            onSelect={setChosen}
            options={locks.map(({ lock, account: its, whyStays }) => ({
              id: lock.id,
              label: lockLine(lock, now),
              sub: seen.accounts.length > 1 ? names.brand(its.brand) : null,
              whyOff: whyStays,
            }))}
          />
        </div>
      )}
      <ReasonPart reasons={REASONS} by={by} />
      {strange && picked && (
        <div className={`${styles.block} ${styles.caution}`}>
          <Icon name="alert" />
          <p>{t`The address is new. If the caller says it was not them, do not unlock.`}</p>
          <Button
            size="s"
            kind="danger"
            icon="lock"
            onPress={() => ask({ what: 'lock', account: picked.account.id, cause: 'suspected_takeover' })}
          >
            {t`Lock instead`}
          </Button>
        </div>
      )}
      {picked && <EffectLists effects={unlockEffects(picked.account, picked.lock, { now })} />}
    </ActDialog>
  );
}
