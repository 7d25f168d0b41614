import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useFailureToast } from '../../errors/useFailureToast';
import type { Identifier } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { IconButton } from '../../ui/Button';
import { toasts } from '../../ui/toasts';
import { useNow } from '../../ui/useNow';
import styles from './Masked.module.css';
import { useRecord } from './record';
import { identifierName } from './words/names';

/** Puts a text on the clipboard and says so. */
export function useCopy() {
  const { t } = useLingui();
  const platform = usePlatform();
  const tell = useFailureToast();
  return (text: string, sensitive: boolean) =>
    platform.copyText(text, sensitive).then(
      () =>
        void toasts.show({
          text: sensitive ? t`Copied. The clipboard is cleared in a minute.` : t`Copied`,
          icon: 'copy',
        }),
      (thrown: unknown) => tell(asFailure(thrown)),
    );
}

function Countdown({ until }: { until: number }) {
  const { t } = useLingui();
  const now = useNow(1000);
  const [total] = useState(() => Math.max(1, until - Date.now()));
  const left = Math.max(0, Math.ceil((until - now.getTime()) / 1000));
  return (
    <>
      <span className={styles.count} title={t`Masked again in ${left} s. Escape hides it at once.`}>
        {t`${left} s`}
      </span>
      <span className={styles.track} aria-hidden="true">
        <i style={{ inlineSize: `${Math.min(100, ((until - now.getTime()) / total) * 100)}%` }} />
      </span>
    </>
  );
}

/** A value that is masked until somebody reveals it. Both buttons keep their place when they are off. */
export function Masked({ identifier }: { identifier: Identifier }) {
  const { t } = useLingui();
  const { ways, ask, revealing } = useRecord();
  const copy = useCopy();
  const name = identifierName(identifier.kind);
  const shown = revealing.shown.get(identifier.id);
  const value = shown?.value ?? identifier.clear;
  const off = ways.reveal.how === 'off' ? t`Off: ${ways.reveal.why}` : undefined;
  return (
    <span className={styles.masked}>
      <span className={shown ? styles.shown : undefined} data-selectable={value ? '' : undefined}>
        {value ?? identifier.masked}
        {shown && <Countdown until={shown.until} />}
      </span>
      {shown ? (
        <IconButton label={t`Hide ${name} now`} icon="x" onPress={revealing.hideAll} />
      ) : (
        identifier.clear === null && (
          <IconButton
            label={t`Show ${name}`}
            icon="eye"
            whyOff={off}
            aria-haspopup="dialog"
            onPress={() => ask({ what: 'reveal', identifier: identifier.id })}
          />
        )
      )}
      <IconButton
        label={t`Copy ${name}`}
        icon="copy"
        whyOff={value === null ? t`Show it first` : undefined}
        onPress={() => value !== null && void copy(value, true)}
      />
    </span>
  );
}
