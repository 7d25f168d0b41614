import { useLingui } from '@lingui/react/macro';
import { useStatus } from '../../data';
import { Icon, type IconName } from '../../ui/Icon';
import { useStore } from '../../ui/store';
import { keysOf } from '../keys/registry';
import { overlay, showOverlay } from './overlay';
import styles from './Rail.module.css';
import { showPage, toggleOutbox, workspace } from './workspace';

function Item({
  icon,
  label,
  keys,
  on,
  count,
  spoken,
  panel,
  onPress,
}: {
  icon: IconName;
  label: string;
  keys: string;
  on: boolean;
  count?: number;
  spoken?: string;
  /** It opens beside the page and closes again. */
  panel?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      className={on ? `${styles.item} ${styles.on}` : styles.item}
      aria-current={on && !panel ? 'page' : undefined}
      aria-pressed={panel ? on : undefined}
      aria-keyshortcuts={keys.replace('Mod', 'Control')}
      aria-label={spoken}
      onClick={onPress}
    >
      <Icon name={icon} size="l" />
      <span>{label}</span>
      {count ? (
        <span className={styles.count} aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      ) : null}
    </button>
  );
}

/** Where one can go. Only what does something in this version stands here. */
export function Rail() {
  const { t } = useLingui();
  const status = useStatus();
  const now = useStore(workspace);
  const above = useStore(overlay);
  const waiting = (status?.pending ?? 0) + (status?.undecided ?? 0);
  return (
    <nav className={styles.rail} aria-label={t`Places`}>
      <div className={styles.mark} lang="ja" aria-hidden="true">
        窓
      </div>
      <Item
        icon="search"
        label={t`Find`}
        keys={keysOf('find')}
        on={above === 'find' || now.page === 'customers'}
        onPress={() => {
          showPage('customers');
          showOverlay('find');
        }}
      />
      <Item
        icon="outbox"
        label={t`Outbox`}
        keys={keysOf('outbox')}
        panel
        on={now.outboxOpen}
        count={waiting}
        {...(waiting > 0 ? { spoken: t`Outbox, ${waiting} waiting` } : {})}
        onPress={() => toggleOutbox()}
      />
      <div className={styles.grow} />
      <Item
        icon="settings"
        label={t`Settings`}
        keys={keysOf('settings')}
        on={now.page === 'settings'}
        onPress={() => showPage(now.page === 'settings' ? 'customers' : 'settings')}
      />
    </nav>
  );
}
