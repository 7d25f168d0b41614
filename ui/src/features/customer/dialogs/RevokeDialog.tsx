import { Plural, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ActRequest, Reason } from '../../../ipc';
import { brief } from '../../../ui/time';
import { useNames } from '../../session/desk';
import { revokeEffects } from '../effects';
import { useRecord } from '../record';
import { issuerName } from '../words/names';
import { placeName } from '../words/places';
import { ActDialog, EffectLists } from './ActDialog';
import styles from './ActDialog.module.css';
import { Options } from './Options';
import { ReasonPart } from './ReasonPart';
import { useReason } from './useReason';

const REASONS: readonly Reason[] = ['someone_else', 'new_device', 'customer_asked', 'other'];
const ALL = 'all';

/** Ends one session, or every session of an account. */
export function RevokeDialog({
  account: wanted,
  session: wantedSession,
  onClose,
}: {
  account?: string | undefined;
  session?: string | undefined;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const { view, now } = useRecord();
  const names = useNames();
  const by = useReason();
  // The choice stays as it was opened, although sessions end while somebody reads.
  const [ours] = useState(() =>
    view.accounts.filter((one) => one.authority === 'store' && one.sessions.length > 0),
  );
  const [accountId, setAccountId] = useState(wanted ?? ours[0]?.id ?? null);
  const [which, setWhich] = useState(wantedSession ?? ALL);
  const account = ours.find((one) => one.id === accountId) ?? ours[0];
  const session = which === ALL ? null : which;
  const n = account?.sessions.length ?? 0;
  const request: ActRequest | null =
    account && by.missing === null
      ? {
          customer: view.profile.id,
          ask:
            session === null
              ? { kind: 'revoke_sessions', account: account.id }
              : { kind: 'revoke_session', account: account.id, session },
          judged_on: null,
          ...by.given,
        }
      : null;
  return (
    <ActDialog
      kind="revoke_sessions"
      title={t`Revoke sessions of ${view.profile.name.written}`}
      icon="revoke"
      request={request}
      missing={account ? by.missing : t`no session is live`}
      confirm={t`Revoke`}
      asOf={view.as_of}
      account={view.accounts.find((one) => one.id === account?.id)}
      onClose={onClose}
    >
      {ours.length > 1 && (
        <div className={styles.block}>
          <Options
            label={t`Which account`}
            selected={account?.id ?? null}
            onSelect={(id) => {
              setAccountId(id);
              setWhich(ALL);
            }}
            options={ours.map((one) => ({
              id: one.id,
              label: names.brand(one.brand),
              sub: issuerName(one.issuer),
            }))}
          />
        </div>
      )}
      <div className={styles.block}>
        <Options
          label={t`Which session`}
          selected={which}
          onSelect={setWhich}
          options={[
            { id: ALL, label: <Plural value={n} one="The # session" other="All # sessions" /> },
            ...(account?.sessions ?? []).map((one) => ({
              id: one.id,
              label: `${one.device} · ${one.client}`,
              sub: [one.place === null ? null : placeName(one.place), brief(one.started_at, now)]
                .filter(Boolean)
                .join(' · '),
            })),
          ]}
        />
      </div>
      <ReasonPart reasons={REASONS} by={by} />
      {account && <EffectLists effects={revokeEffects(account, session)} />}
    </ActDialog>
  );
}
