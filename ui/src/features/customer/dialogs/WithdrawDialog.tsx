import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ActRequest, Reason } from '../../../ipc';
import { date } from '../../../ui/time';
import { useNames } from '../../session/desk';
import { withdrawEffects } from '../effects';
import { useRecord } from '../record';
import { ActDialog, EffectLists } from './ActDialog';
import styles from './ActDialog.module.css';
import { Options } from './Options';
import { ReasonPart } from './ReasonPart';
import { useReason } from './useReason';

const REASONS: readonly Reason[] = ['customer_asked', 'other'];

/** Takes back one yes, in the customer's name. */
export function WithdrawDialog({
  brand,
  purpose,
  onClose,
}: {
  brand?: string | undefined;
  purpose?: string | undefined;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const { view } = useRecord();
  const names = useNames();
  const by = useReason('customer_asked');
  // The list stays as it was opened.
  const [given] = useState(() => view.consents.status.filter((one) => one.recorded === 'given'));
  const idOf = (one: { brand: string; purpose: string }) => `${one.brand}/${one.purpose}`;
  const [chosen, setChosen] = useState<string | null>(
    brand !== undefined && purpose !== undefined
      ? idOf({ brand, purpose })
      : given.length === 1 && given[0]
        ? idOf(given[0])
        : null,
  );
  const one = given.find((status) => idOf(status) === chosen);
  const several = new Set(given.map((status) => status.brand)).size > 1;
  const missing = one ? by.missing : t`choose a consent`;
  const request: ActRequest | null =
    one && missing === null
      ? {
          customer: view.profile.id,
          ask: { kind: 'withdraw', brand: one.brand, purpose: one.purpose },
          judged_on: null,
          ...by.given,
        }
      : null;
  return (
    <ActDialog
      kind="withdraw"
      title={t`Withdraw a consent of ${view.profile.name.written}`}
      icon="ban"
      request={request}
      missing={missing}
      confirm={t`Withdraw`}
      asOf={view.as_of}
      onClose={onClose}
    >
      <div className={styles.block}>
        <Options
          label={t`Which consent`}
          selected={chosen}
          onSelect={setChosen}
          options={given.map((status) => {
            const since = status.recorded_at === null ? null : date(status.recorded_at);
            return {
              id: idOf(status),
              label: names.purpose(status.brand, status.purpose),
              sub: [several ? names.brand(status.brand) : null, since === null ? null : t`given ${since}`]
                .filter(Boolean)
                .join(' · '),
            };
          })}
        />
      </div>
      <ReasonPart reasons={REASONS} by={by} />
      {one && (
        <EffectLists
          effects={withdrawEffects(names.purpose(one.brand, one.purpose), names.brand(one.brand))}
        />
      )}
    </ActDialog>
  );
}
