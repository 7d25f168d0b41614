import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { likes, useLikes } from '../settings/preferences';
import styles from './Counter.module.css';

/** The plain page before anybody is at the desk: the mark, one thing to do, the two languages. */
export function Counter({
  title,
  lead,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}) {
  const { t, i18n } = useLingui();
  useLikes();
  return (
    <div className={styles.page}>
      <main className={styles.card}>
        <header className={styles.head}>
          <span className={styles.mark} lang="ja" aria-hidden="true">
            窓
          </span>
          <div>
            <h1>{title}</h1>
            {lead && <p className="muted">{lead}</p>}
          </div>
        </header>
        {children}
      </main>
      <nav className={styles.languages} aria-label={t`Language`}>
        {(['en', 'ja'] as const).map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={i18n.locale === language}
            onClick={() => likes.set((now) => ({ ...now, language }))}
          >
            {language === 'en' ? 'English' : '日本語'}
          </button>
        ))}
      </nav>
    </div>
  );
}
