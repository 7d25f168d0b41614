import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useId, useState } from 'react';
import { useStatus } from '../../data';
import { systemLocale } from '../../i18n';
import { Button } from '../../ui/Button';
import { type Chip, Chips } from '../../ui/Chips';
import { Dialog } from '../../ui/Dialog';
import { keysOf } from '../keys/registry';
import { useShortcut } from '../keys/useShortcut';
import { useDesk } from '../session/desk';
import { useRoleName } from '../session/roles';
import { Licences } from './Licences';
import { likes, type Theme, useLikes } from './preferences';
import styles from './SettingsPage.module.css';

function Row({ title, children, help }: { title: string; children: ReactNode; help?: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.row} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles.what}>
        {children}
        {help && <p className="muted">{help}</p>}
      </div>
    </section>
  );
}

/** Signing out while actions wait is worth a word: they stay here, and go out after the next sign-in. */
function SignOutQuestion({
  pending,
  onClose,
  onSignOut,
}: {
  pending: number;
  onClose: () => void;
  onSignOut: () => void;
}) {
  const { t } = useLingui();
  useShortcut('confirm', onSignOut);
  return (
    <Dialog
      title={t`Sign out now?`}
      icon="sign-out"
      role="alertdialog"
      width={460}
      onClose={onClose}
      foot={
        <>
          <span className={styles.grow} />
          <Button size="l" onPress={onClose} autoFocus>{t`Stay`}</Button>
          <Button size="l" kind="primary" keys={keysOf('confirm')} onPress={onSignOut}>{t`Sign out`}</Button>
        </>
      }
    >
      <p>
        <Trans>
          {pending} saved actions have not reached the store. They stay on this desk and go out after you sign
          in again; those with a time limit may lapse.
        </Trans>
      </p>
    </Dialog>
  );
}

/** How the window looks and speaks, who is at it, and what it is made of. */
export function SettingsPage() {
  const { t, i18n } = useLingui();
  const now = useLikes();
  const desk = useDesk();
  const status = useStatus();
  const role = useRoleName(desk.agent.role);
  const [asks, setAsks] = useState(false);
  const [licences, setLicences] = useState(false);
  const pending = status?.pending ?? 0;
  const themes: Chip[] = [
    { id: 'system', label: t`As the machine` },
    { id: 'light', label: t`Light` },
    { id: 'dark', label: t`Dark` },
  ];
  const languages: Chip[] = [
    { id: 'en', label: <span lang="en">English</span> },
    { id: 'ja', label: <span lang="ja">日本語</span> },
  ];
  const customers = i18n.number(status?.customers ?? 0);
  const version = desk.version;
  return (
    <div className={styles.page}>
      <h1>{t`Settings`}</h1>
      <Row title={t`Theme`}>
        <Chips
          label={t`Theme`}
          chips={themes}
          selected={now.theme}
          onSelect={(theme) => likes.set((was) => ({ ...was, theme: theme as Theme }))}
        />
      </Row>
      <Row title={t`Language`} help={<Trans>It changes at once; nothing has to be started again.</Trans>}>
        <Chips
          label={t`Language`}
          chips={languages}
          selected={now.language ?? systemLocale()}
          onSelect={(language) => likes.set((was) => ({ ...was, language: language === 'ja' ? 'ja' : 'en' }))}
        />
      </Row>
      <Row title={t`Signed in`} help={<Trans>What you saved stays on this desk, encrypted.</Trans>}>
        <p>
          <b>{desk.agent.display_name}</b> <span className="muted">{role}</span>
        </p>
        <Button
          icon="sign-out"
          onPress={() => (pending > 0 ? setAsks(true) : desk.signOut())}
        >{t`Sign out`}</Button>
      </Row>
      <Row
        title={t`This desk`}
        help={
          status?.in_memory ? (
            <Trans>There is no keyring, so nothing is kept when the window closes.</Trans>
          ) : (
            <Trans>
              Customers rest here encrypted, with masked contacts. Without contact to the store they close
              after a day.
            </Trans>
          )
        }
      >
        <p>
          <b>{desk.store_name}</b>{' '}
          <span className="muted" data-selectable>
            {desk.store_url}
          </span>
        </p>
        <p className="muted">
          <Trans>{customers} customers on this desk</Trans>
        </p>
      </Row>
      <Row title={t`About`}>
        <p>
          <Trans>Madoguchi {version}, licensed under Apache 2.0</Trans>
        </p>
        <Button icon="book" onPress={() => setLicences(true)}>{t`Licences of its parts`}</Button>
      </Row>
      {asks && <SignOutQuestion pending={pending} onClose={() => setAsks(false)} onSignOut={desk.signOut} />}
      {licences && <Licences onClose={() => setLicences(false)} />}
    </div>
  );
}
