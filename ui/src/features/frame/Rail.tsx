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
  counted,
  panel,
  onPress,
}: {
  icon: IconName;
  label: string;
  keys: string;
  on: boolean;
  count?: number;
  /** What is counted, for those who hear the number. */
  counted?: string;
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
      onClick={onPress}
    >
      <Icon name={icon} size="l" />
      <span>{label}</span>
      {count ? (
        <>
          {' '}
          <span className={styles.count}>{count > 99 ? '99+' : count}</span>{' '}
          <span className="hidden">{counted}</span>
        </>
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
        counted={t`waiting or undecided`}
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
