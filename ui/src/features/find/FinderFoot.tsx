import { useLingui } from '@lingui/react/macro';
import type { Hit } from '../../ipc';
import { Kbd } from '../../ui/Kbd';
import { nameLang } from '../../ui/PersonName';
import { useStore } from '../../ui/store';
import { workspace } from '../frame/workspace';
import { keysOf } from '../keys/registry';
import styles from './Finder.module.css';

/** Who was open lately, one click away. */
export function RecentLine({ recent, onOpen }: { recent: Hit[]; onOpen: (hit: Hit) => void }) {
  const { t } = useLingui();
  const { last } = useStore(workspace);
  if (recent.length === 0) return null;
  return (
    <div className={styles.recent}>
      <span className="muted">{t`Recent`}</span>
      <span className={styles.recentNames}>
        {recent.slice(0, 5).map((one) => (
          <button key={one.id} type="button" onClick={() => onOpen(one)}>
            <span lang={nameLang(one.written)}>{one.written}</span>{' '}
            {one.reading && (
              <span className="muted" lang="ja">
                {one.reading}
              </span>
            )}
          </button>
        ))}
      </span>
      {last !== null && (
        <>
          <span className="muted">{t`last one`}</span>
          <Kbd keys={keysOf('findLast')} />
        </>
      )}
    </div>
  );
}

/** The keys of the box. */
export function FinderFoot({ doing }: { doing: boolean }) {
  const { t } = useLingui();
  return (
    <div className={styles.foot}>
      <span>
        <Kbd keys="ArrowUp" />
        <Kbd keys="ArrowDown" /> {t`move`}
      </span>
      <span>
        <Kbd keys="Enter" /> {doing ? t`do` : t`open`}
      </span>
      {!doing && (
        <>
          <span>
            <Kbd keys="Tab" /> {t`filter`}
          </span>
          <span>
            <Kbd keys=">" /> {t`do something`}
          </span>
        </>
      )}
      <span className={styles.footEnd}>{t`During conversion, Enter chooses the word and opens nothing`}</span>
    </div>
  );
}
