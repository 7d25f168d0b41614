import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ActRequest, LockCause, LockScope, Reason } from '../../../ipc';
import { Chips } from '../../../ui/Chips';
import { useDesk, useNames } from '../../session/desk';
import { AGENT_ENDS } from '../can';
import { lockEffects } from '../effects';
import { useRecord } from '../record';
import { identityName, issuerName, lockCauseChip } from '../words/names';
import { ActDialog, EffectLists } from './ActDialog';
import styles from './ActDialog.module.css';
import { Options } from './Options';
import { useNumberKeys, WordsAndCase } from './ReasonPart';
import { useReason } from './useReason';

/** Causes that a person sets; the others are the store's own. Each carries its reason into the history. */
const CAUSES: readonly { cause: LockCause; reason: Reason }[] = [
  { cause: 'suspected_takeover', reason: 'someone_else' },
  { cause: 'customer_request', reason: 'customer_asked' },
  { cause: 'fraud', reason: 'other' },
  { cause: 'policy', reason: 'other' },
];
const WHOLE = 'whole';
const MINUTE = 60_000;
const spans = { m30: 30 * MINUTE, h2: 120 * MINUTE, d1: 1_440 * MINUTE, d7: 10_080 * MINUTE } as const;
type Span = keyof typeof spans | 'none';

/** Sets a lock on an account, or on one way into it. */
export function LockDialog({
  account: wanted,
  first,
  onClose,
}: {
  account?: string | undefined;
  /** The cause that is chosen to begin with. */
  first?: LockCause | undefined;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const { view, now } = useRecord();
  const { agent } = useDesk();
  const names = useNames();
  const ours = view.accounts.filter((one) => one.authority === 'store');
  const [accountId, setAccountId] = useState(wanted ?? ours[0]?.id ?? null);
  const [scopeId, setScopeId] = useState(WHOLE);
  const [cause, setCause] = useState<LockCause | null>(first ?? null);
  const [span, setSpan] = useState<Span>('h2');
  const reason = CAUSES.find((one) => one.cause === cause)?.reason ?? null;
  const by = useReason(null, reason === 'other');
  const account = ours.find((one) => one.id === accountId) ?? ours[0];
  const scope: LockScope = scopeId === WHOLE ? { kind: 'account' } : { kind: 'identity', identity: scopeId };
  const until = span === 'none' ? null : new Date(now.getTime() + spans[span]).toISOString();
  const missing =
    cause === null
      ? t`choose a cause`
      : reason === 'other' && by.given.words === null
        ? t`say it in words`
        : null;
  useNumberKeys((at) => {
    const one = CAUSES[at];
    if (one) setCause(one.cause);
  });
  const request: ActRequest | null =
    account && cause !== null && missing === null
      ? {
          customer: view.profile.id,
          ask: { kind: 'lock', account: account.id, scope, cause, until },
          judged_on: null,
          ...by.given,
          reason,
        }
      : null;
  const endedBy = agent.role === 'agent' && cause !== null && !AGENT_ENDS.includes(cause);
  return (
    <ActDialog
      kind="lock"
      title={t`Lock ${view.profile.name.written}`}
      icon="lock"
      request={request}
      missing={missing}
      confirm={t`Lock`}
      danger
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
              setScopeId(WHOLE);
            }}
            options={ours.map((one) => ({
              id: one.id,
              label: names.brand(one.brand),
              sub: issuerName(one.issuer),
            }))}
          />
        </div>
      )}
      <section className={styles.block}>
        <h3 className={styles.title}>
          {t`Cause`}{' '}
          {missing !== null ? (
            <span className={styles.missing}>{missing}</span>
          ) : (
            endedBy && <span className={styles.missing}>{t`only a supervisor can end it later`}</span>
          )}
        </h3>
        <Chips
          label={t`Cause`}
          chips={CAUSES.map((one, at) => ({
            id: one.cause,
            label: lockCauseChip(one.cause),
            keys: String(at + 1),
          }))}
          selected={cause}
          onSelect={(id) => setCause(id as LockCause)}
        />
        <WordsAndCase by={{ ...by, reason }} />
      </section>
      <section className={styles.block}>
        <h3 className={styles.title}>{t`What it shuts`}</h3>
        <Chips
          label={t`What it shuts`}
          chips={[
            { id: WHOLE, label: t`The whole account` },
            ...(account?.identities ?? []).map((way) => ({ id: way.id, label: identityName(way.kind) })),
          ]}
          selected={scopeId}
          onSelect={setScopeId}
        />
      </section>
      <section className={styles.block}>
        <h3 className={styles.title}>{t`For how long`}</h3>
        <Chips
          label={t`For how long`}
          chips={[
            { id: 'm30', label: t`30 minutes` },
            { id: 'h2', label: t`2 hours` },
            { id: 'd1', label: t`1 day` },
            { id: 'd7', label: t`7 days` },
            { id: 'none', label: t`Until somebody ends it` },
          ]}
          selected={span}
          onSelect={(id) => setSpan(id as Span)}
        />
      </section>
      {account && <EffectLists effects={lockEffects(account, scope, until, { now })} />}
    </ActDialog>
  );
}
