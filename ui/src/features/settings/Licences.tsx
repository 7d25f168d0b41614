import type { Part } from 'virtual:licences';
import { useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { Dialog } from '../../ui/Dialog';
import styles from './SettingsPage.module.css';

/** Whose work this window stands on, with the text of each licence. */
export function Licences({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [parts, setParts] = useState<Part[]>([]);
  useEffect(() => {
    void import('virtual:licences').then((read) => setParts(read.parts));
  }, []);
  return (
    <Dialog title={t`Licences of its parts`} onClose={onClose} width={680}>
      <div className={styles.licences}>
        {parts.map((part) => (
          <details key={part.name}>
            <summary>
              <b>{part.name}</b>
              <span className="muted">{part.version}</span>
              <span className="muted">{part.licence}</span>
            </summary>
            <pre lang="en">{part.text}</pre>
          </details>
        ))}
      </div>
    </Dialog>
  );
}
