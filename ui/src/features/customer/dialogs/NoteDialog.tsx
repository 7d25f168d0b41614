import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import type { ActRequest } from '../../../ipc';
import { Field } from '../../../ui/Field';
import { useSavedToast } from '../../outbox/useActionToasts';
import { useRecord } from '../record';
import { ActDialog } from './ActDialog';
import styles from './ActDialog.module.css';

/** Writes something down for whoever opens this customer next. */
export function NoteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { view } = useRecord();
  const tellSaved = useSavedToast();
  const [text, setText] = useState('');
  const [caseNo, setCaseNo] = useState('');
  const missing = text.trim() === '' ? t`Write something first` : null;
  const request: ActRequest | null =
    missing === null
      ? {
          customer: view.profile.id,
          ask: { kind: 'note', text: text.trim() },
          judged_on: null,
          reason: null,
          words: null,
          case: caseNo.trim() === '' ? null : caseNo.trim(),
        }
      : null;
  return (
    <ActDialog
      kind="note"
      title={t`Note on ${view.profile.name.written}`}
      icon="note"
      request={request}
      missing={missing}
      confirm={t`Write it down`}
      asOf={view.as_of}
      onClose={onClose}
      onSaved={tellSaved}
    >
      <div className={styles.block}>
        <Field
          label={t`Note`}
          value={text}
          onChange={setText}
          rows={5}
          maxLength={2000}
          autoFocus
          help={t`Everybody who opens this customer reads it, with your name. It cannot be changed afterwards.`}
        />
      </div>
      <div className={styles.block}>
        <Field label={t`Case or ticket`} value={caseNo} onChange={setCaseNo} maxLength={60} />
      </div>
    </ActDialog>
  );
}
