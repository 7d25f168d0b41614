import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useId, useState } from 'react';
import { useStatus } from '../../data';
import { systemLocale } from '../../i18n';
import { Button } from '../../ui/Button';
import { type Chip, Chips } from '../../ui/Chips';
import { useDesk } from '../session/desk';
import { useRoleName } from '../session/roles';
import { useSignOut } from '../session/SignOutQuestion';
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

/** How the window looks and speaks, who is at it, and what it is made of. */
export function SettingsPage() {
  const { t } = useLingui();
  const now = useLikes();
  const desk = useDesk();
  const status = useStatus();
  const role = useRoleName(desk.agent.role);
  const signOut = useSignOut();
  const [licences, setLicences] = useState(false);
  const themes: Chip[] = [
    { id: 'system', label: t`As the machine` },
    { id: 'light', label: t`Light` },
    { id: 'dark', label: t`Dark` },
  ];
  const languages: Chip[] = [
    { id: 'en', label: <span lang="en">English</span> },
    { id: 'ja', label: <span lang="ja">日本語</span> },
  ];
  const customers = status?.customers ?? 0;
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
        <Button icon="sign-out" onPress={signOut}>{t`Sign out`}</Button>
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
          <Plural value={customers} one="# customer on this desk" other="# customers on this desk" />
        </p>
      </Row>
      <Row title={t`About`}>
        <p>
          <Trans>Madoguchi {version}, licensed under Apache 2.0</Trans>
        </p>
        <Button icon="book" onPress={() => setLicences(true)}>{t`Licences of its parts`}</Button>
      </Row>
      {licences && <Licences onClose={() => setLicences(false)} />}
    </div>
  );
}
