import { useLingui } from '@lingui/react/macro';
import { Dialog } from '../../ui/Dialog';
import { Kbd } from '../../ui/Kbd';
import styles from './KeySheet.module.css';
import { type Scope, type Shortcut, shortcuts } from './registry';

/** Every key of the window on one sheet, from the one registry. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const groups: [Scope, string][] = [
    ['frame', t`Everywhere`],
    ['customer', t`With a customer in front`],
    ['find', t`While finding`],
    ['dialog', t`In a dialog`],
  ];
  const all: Shortcut[] = Object.values(shortcuts);
  return (
    <Dialog title={t`Keys`} onClose={onClose} width={760}>
      <div className={styles.groups}>
        {groups.map(([scope, title]) => (
          <section key={scope}>
            <h3>{title}</h3>
            <dl>
              {all
                .filter((shortcut) => shortcut.scope === scope && !shortcut.folded)
                .map((shortcut) => (
                  <div key={shortcut.keys.join()}>
                    <dt>{i18n._(shortcut.label)}</dt>
                    <dd>
                      {shortcut.keys.map((keys) => (
                        <Kbd key={keys} keys={keys} spoken />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p
        className={styles.foot}
      >{t`Single keys rest while you write in a field. During conversion every key belongs to the input method.`}</p>
    </Dialog>
  );
}
