import { Trans, useLingui } from '@lingui/react/macro';
import { useRecent, useStatus } from '../../data';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/Notice';
import { nameLang } from '../../ui/PersonName';
import { Progress } from '../../ui/Progress';
import { keysOf } from '../keys/registry';
import { useSignOut } from '../session/SignOutQuestion';
import { showOverlay } from './overlay';
import styles from './StartPage.module.css';
import { openTab } from './workspace';

/** How far the first copy of this desk's customers has come; those that are here can already be found. */
function FirstCopy() {
  const { t, i18n } = useLingui();
  const status = useStatus();
  const signOut = useSignOut();
  if (!status?.progress) return null;
  const { done, total } = status.progress;
  const [here, all] = [i18n.number(done), i18n.number(total)];
  return (
    <section className={styles.copy} aria-label={t`First copy`}>
      <Progress
        label={t`Fetching your customers`}
        text={total > 0 ? t`${here} of ${all}` : here}
        done={done}
        of={total > 0 ? total : null}
      />
      <p className="muted">
        <Trans>
          Those that are here can already be found. If the way to the store breaks, it goes on where it
          stopped.
        </Trans>
      </p>
      <div className={styles.stop}>
        <Button onPress={signOut}>{t`Stop and sign out`}</Button>
      </div>
    </section>
  );
}

/** Nobody is in front: how to find somebody, and who was here lately. */
export function StartPage() {
  const { t } = useLingui();
  const status = useStatus();
  const recent = useRecent().data ?? [];
  const none = status?.customers === 0 && !status.progress && status.state !== 'catching_up';
  return (
    <div className={styles.page}>
      <h1 className="hidden">Madoguchi</h1>
      <FirstCopy />
      <Empty
        icon="search"
        title={none ? t`There are no customers on this desk yet` : t`Who is it about?`}
        action={
          <Button
            kind="primary"
            size="l"
            icon="search"
            keys={keysOf('find')}
            onPress={() => showOverlay('find')}
          >{t`Find a customer`}</Button>
        }
      >
        {none ? (
          <Trans>The store finds them when you search; whoever you open stays here.</Trans>
        ) : (
          <Trans>
            A name, its reading, romaji, an e-mail, the last digits of a phone, a customer number. Part of it
            is enough.
          </Trans>
        )}
      </Empty>
      {recent.length > 0 && (
        <section className={styles.recent} aria-labelledby="recent">
          <h2 id="recent">{t`Recent`}</h2>
          <ul>
            {recent.map((one) => (
              <li key={one.id}>
                <button type="button" onClick={() => openTab(one.id, one.written)}>
                  <Icon
                    name={one.lock ? 'lock' : 'user'}
                    size="s"
                    className={one.lock ? 'tone-stop' : undefined}
                  />
                  {one.lock && <span className="hidden">{t`Locked`}</span>}
                  <b lang={nameLang(one.written)}>{one.written}</b>
                  <span className="muted" lang="ja">
                    {one.reading}
                  </span>
                  <span className="faint">{one.id}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
