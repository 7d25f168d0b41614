import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { FailureNote } from '../../../errors/FailureNote';
import type { Failure, Reason } from '../../../ipc';
import { usePlatform } from '../../../platform/context';
import { asFailure } from '../../../platform/platform';
import { Dot } from '../../../ui/Badge';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Icon } from '../../../ui/Icon';
import { keysOf } from '../../keys/registry';
import { useShortcut } from '../../keys/useShortcut';
import { revealEffects } from '../effects';
import { useRecord } from '../record';
import { identifierName } from '../words/names';
import { EffectLists, FootWords } from './ActDialog';
import styles from './ActDialog.module.css';
import { Options } from './Options';
import { ReasonPart } from './ReasonPart';
import { useReason } from './useReason';

const REASONS: readonly Reason[] = ['call_back', 'verify', 'customer_asked', 'other'];

/** Shows one masked value for a minute, on the record. The store answers it or nobody does. */
export function RevealDialog({
  identifier: wanted,
  onClose,
}: {
  identifier?: string | undefined;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const platform = usePlatform();
  const { view, ways, revealing } = useRecord();
  const by = useReason();
  const hidden = view.profile.identifiers.filter((one) => one.clear === null);
  const [chosen, setChosen] = useState(wanted ?? hidden[0]?.id ?? null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { reason } = by.given;
  const off = ways.reveal.how === 'off' ? ways.reveal.why : null;
  const missing = off ?? (chosen === null ? t`nothing is masked` : by.missing);
  const reveal = () => {
    if (missing !== null || chosen === null || reason === null || busy) return;
    setBusy(true);
    setFailure(null);
    platform.reveal({ customer: view.profile.id, identifier: chosen, ...by.given, reason }).then(
      (answer) => {
        revealing.show(chosen, answer.value, answer.seconds);
        onClose();
      },
      (thrown: unknown) => {
        setFailure(asFailure(thrown));
        setBusy(false);
      },
    );
  };
  useShortcut('confirm', reveal);
  const name = hidden.find((one) => one.id === chosen)?.kind;
  return (
    <Dialog
      title={name === undefined ? t`Show a masked value` : t`Show ${identifierName(name)}`}
      icon="eye"
      beside={view.profile.name.written}
      onClose={onClose}
      isBusy={busy}
      foot={
        <>
          <FootWords missing={off === null ? (missing ?? undefined) : undefined}>
            <span className={off === null ? styles.carriage : `${styles.carriage} ${styles.offline}`}>
              {off === null ? <Dot tone="ok" /> : <Icon name="offline" size="s" />}
              <span>{off ?? t`Live: the store decides and writes it down`}</span>
            </span>
          </FootWords>
          <Button size="l" onPress={onClose}>
            {t`Cancel`}
          </Button>
          <Button
            size="l"
            kind="primary"
            icon="eye"
            keys={keysOf('confirm')}
            whyOff={missing ?? undefined}
            isPending={busy}
            onPress={reveal}
          >
            {t`Show`}
          </Button>
        </>
      }
    >
      {failure && <FailureNote failure={failure} />}
      {hidden.length > 1 && (
        <div className={styles.block}>
          <Options
            label={t`Which value`}
            selected={chosen}
            onSelect={setChosen}
            options={hidden.map((one) => ({ id: one.id, label: identifierName(one.kind), sub: one.masked }))}
          />
        </div>
      )}
      <ReasonPart reasons={REASONS} by={by} />
      <EffectLists effects={revealEffects()} />
    </Dialog>
  );
}
