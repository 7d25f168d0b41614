import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useStatus } from '../../data';
import { useOfflineCause } from '../../errors/useOfflineCause';
import { Dot } from '../../ui/Badge';
import { Icon } from '../../ui/Icon';
import { Kbd } from '../../ui/Kbd';
import { useStore } from '../../ui/store';
import { brief, clockWithSeconds } from '../../ui/time';
import { useNow } from '../../ui/useNow';
import { useDesk } from '../session/desk';
import { useRoleName } from '../session/roles';
import { showOverlay } from './overlay';
import styles from './StatusBar.module.css';
import { toggleOutbox, workspace } from './workspace';

function Connection({ now }: { now: Date }) {
  const status = useStatus();
  const cause = useOfflineCause();
  if (!status) return null;
  if (status.progress) {
    const { done, total } = status.progress;
    const share = total > 0 ? `${Math.floor((done / total) * 100)} %` : '';
    return (
      <span className={styles.item}>
        <Icon name="retry" size="s" />
        <Trans>Fetching customers</Trans> {share}
      </span>
    );
  }
  switch (status.state) {
    case 'live':
      return (
        <span className={styles.item}>
          <Dot tone="ok" />
          <Trans>Live</Trans>
        </span>
      );
    case 'catching_up':
      return (
        <span className={styles.item}>
          <Icon name="retry" size="s" />
          <Trans>Catching up</Trans>
        </span>
      );
    case 'offline': {
      const since = status.offline_since ? brief(status.offline_since, now) : null;
      return (
        <span className={`${styles.item} ${styles.offline}`}>
          <Icon name="offline" size="s" />
          {since ? <Trans>Offline since {since}</Trans> : <Trans>Offline</Trans>}
          {cause !== null && <span className={styles.cause}>{cause}</span>}
        </span>
      );
    }
    default:
      return (
        <span className={`${styles.item} ${styles.offline}`}>
          <Icon name="lock" size="s" />
          <Trans>Closed</Trans>
        </span>
      );
  }
}

/** What the desk knows about itself, always in sight. */
export function StatusBar() {
  const { t } = useLingui();
  const status = useStatus();
  const { agent } = useDesk();
  const role = useRoleName(agent.role);
  const now = useNow(60_000);
  const { outboxOpen } = useStore(workspace);
  const asOf = status?.as_of ?? null;
  const shown = asOf && (status?.state === 'live' ? clockWithSeconds(asOf) : brief(asOf, now));
  const pending = status?.pending ?? 0;
  const undecided = status?.undecided ?? 0;
  const customers = status?.customers ?? 0;
  const lease = status?.state === 'offline' && status.lease_until ? brief(status.lease_until, now) : null;
  const minutes = status?.clock_ahead_ms ? Math.round(Math.abs(status.clock_ahead_ms) / 60_000) : 0;
  return (
    <footer className={styles.bar}>
      <span role="status" className={styles.live}>
        <Connection now={now} />
      </span>
      {shown && (
        <span className={styles.item}>
          {status?.state === 'offline' ? <Trans>Shown as of {shown}</Trans> : <Trans>As of {shown}</Trans>}
        </span>
      )}
      <button
        type="button"
        className={[styles.item, outboxOpen && styles.open, (pending > 0 || undecided > 0) && 'tone-wait']
          .filter(Boolean)
          .join(' ')}
        aria-expanded={outboxOpen}
        onClick={() => toggleOutbox()}
      >
        <Icon name="outbox" size="s" />
        {pending === 0 && undecided === 0 && <Trans>Outbox empty</Trans>}
        {pending > 0 && <Plural value={pending} one="# not yet done" other="# not yet done" />}
        {undecided > 0 && (
          <b className="tone-stop">
            <Plural value={undecided} one="# to decide" other="# to decide" />
          </b>
        )}
      </button>
      {minutes > 0 && (
        <span className={`${styles.item} tone-stop`}>
          <Icon name="clock" size="s" />
          {(status?.clock_ahead_ms ?? 0) > 0 ? (
            <Plural value={minutes} one="This clock is # minute fast" other="This clock is # minutes fast" />
          ) : (
            <Plural value={minutes} one="This clock is # minute slow" other="This clock is # minutes slow" />
          )}
        </span>
      )}
      <span className={styles.grow} />
      {status?.in_memory && (
        <span className={`${styles.item} tone-wait`}>
          <Icon name="key" size="s" />
          <Trans>No keyring: nothing is kept</Trans>
        </span>
      )}
      {lease ? (
        <span className={styles.item}>
          <Icon name="clock" size="s" />
          <Trans>Can be read here until {lease}</Trans>
        </span>
      ) : (
        <span className={styles.item}>
          <Plural value={customers} one="# customer on this desk" other="# customers on this desk" />
        </span>
      )}
      <span className={styles.item}>
        <Trans>
          {agent.display_name}, {role}
        </Trans>
      </span>
      <button
        type="button"
        className={styles.item}
        aria-keyshortcuts="?"
        aria-haspopup="dialog"
        onClick={() => showOverlay('keys')}
        title={t`Show the keys`}
      >
        <Trans>Keys</Trans>
        <Kbd keys="?" />
      </button>
    </footer>
  );
}
