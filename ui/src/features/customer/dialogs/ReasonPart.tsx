import { useLingui } from '@lingui/react/macro';
import { useRef } from 'react';
import type { Reason } from '../../../ipc';
import { Chips } from '../../../ui/Chips';
import { Field } from '../../../ui/Field';
import { useShortcut } from '../../keys/useShortcut';
import { reasonName } from '../words/names';
import styles from './ActDialog.module.css';
import type { ReasonGiven } from './useReason';

const KEYS = [1, 2, 3, 4, 5] as const;

/** Answers the keys 1 to 5 with the choice at that place. */
export function useNumberKeys(choose: (at: number) => void, enabled = true) {
  for (const n of KEYS) {
    // biome-ignore lint/correctness/useHookAtTopLevel: five keys, always the same five.
    useShortcut(`choice${n}`, () => choose(n - 1), enabled);
  }
}

/** Why it is asked: a chip by number key, words, and the case. */
export function ReasonPart({ reasons, by }: { reasons: readonly Reason[]; by: ReasonGiven }) {
  const { t } = useLingui();
  const words = useRef<HTMLInputElement>(null);
  const choose = (reason: Reason) => {
    by.setReason(reason);
    words.current?.focus();
  };
  useNumberKeys((at) => {
    const reason = reasons[at];
    if (reason) choose(reason);
  });
  return (
    <section className={styles.block}>
      <h3 className={styles.title}>
        {t`Reason`} {by.missing !== null && <span className={styles.missing}>{by.missing}</span>}
      </h3>
      <Chips
        label={t`Reason`}
        chips={reasons.map((reason, at) => ({ id: reason, label: reasonName(reason), keys: String(at + 1) }))}
        selected={by.reason}
        onSelect={(id) => choose(id as Reason)}
      />
      <WordsAndCase by={by} field={words} />
    </section>
  );
}

export function WordsAndCase({
  by,
  field,
}: {
  by: ReasonGiven;
  field?: React.RefObject<HTMLInputElement | null>;
}) {
  const { t } = useLingui();
  return (
    <div className={styles.words}>
      <Field
        label={t`In words`}
        hideLabel
        placeholder={
          by.reason === 'other' ? t`In words (needed)` : t`In words, for whoever reads the history`
        }
        value={by.words}
        onChange={by.setWords}
        maxLength={500}
        {...(field ? { ref: field } : {})}
      />
      <Field
        label={t`Case or ticket`}
        hideLabel
        placeholder={t`Case or ticket`}
        value={by.caseNo}
        onChange={by.setCaseNo}
        maxLength={60}
      />
    </div>
  );
}
