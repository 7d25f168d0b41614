import { Trans, useLingui } from '@lingui/react/macro';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { wordsFor } from '../../errors/words';
import type { Hit } from '../../ipc';
import { Button, LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/Notice';
import { usePointerMoved } from '../../ui/usePointerMoved';
import styles from './Finder.module.css';
import { HitRow } from './HitRow';
import type { Found } from './useFind';

const HIT = 46;
const LINE = 30;

/** The line under which the store's answer stands; what it says never moves a row above it. */
function StoreLine({ found, alone }: { found: Found; alone: boolean }) {
  const { t, i18n } = useLingui();
  const n = found.store?.hits.length ?? 0;
  const seconds = i18n.number(Math.max(0.1, (found.store?.took_ms ?? 0) / 1000), {
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  });
  const count = i18n.number(n);
  const answer = () => {
    if (n === 0)
      return alone ? <Trans>The store has nobody either</Trans> : <Trans>The store has nobody else</Trans>;
    const more = found.store?.more ? t`more than ${count}` : alone ? count : t`${count} more`;
    return (
      <Trans>
        Also asked the store: <b>{more}</b>
      </Trans>
    );
  };
  const says: Record<Exclude<Found['storeState'], 'not_asked'>, [ReactNode, ReactNode]> = {
    asking: [<Trans key="a">Asking the store…</Trans>, null],
    offline: [
      <Trans key="a">The store cannot be asked while offline</Trans>,
      <Trans key="b">only this desk’s customers are found</Trans>,
    ],
    failed: [
      found.storeFailure ? i18n._(wordsFor(found.storeFailure.code).title) : null,
      <LinkButton key="b" onPress={found.askStoreAgain}>{t`Ask again`}</LinkButton>,
    ],
    answered: [
      answer(),
      n === 0 ? (
        <Trans key="b">answered in {seconds} s</Trans>
      ) : (
        <Trans key="c">answered in {seconds} s, kept on this desk once opened</Trans>
      ),
    ],
  };
  if (found.storeState === 'not_asked') return null;
  const [left, right] = says[found.storeState];
  return (
    <>
      <Icon name={found.storeState === 'offline' ? 'offline' : 'store'} size="s" />
      <span role="status">{left}</span>
      <span className={styles.lineEnd}>{right}</span>
    </>
  );
}

/** The rows: this desk's first, then the store's line, then what the store found. Only what is in sight is drawn. */
export function HitList({
  id,
  query,
  desk,
  beyond,
  found,
  chosen,
  onChoose,
  onOpen,
  onShowAll,
}: {
  id: string;
  query: string;
  desk: Hit[];
  beyond: Hit[];
  found: Found;
  chosen: number;
  onChoose: (n: number) => void;
  onOpen: (hit: Hit, behind: boolean) => void;
  onShowAll: () => void;
}) {
  const { t } = useLingui();
  const moved = usePointerMoved();
  const scroller = useRef<HTMLElement>(null);
  const hits = [...desk, ...beyond];
  const hasLine = found.storeState !== 'not_asked' && query !== '';
  const rows = hits.length + (hasLine ? 1 : 0);
  const lineAt = hasLine ? desk.length : -1;
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: (row) => (row === lineAt ? LINE : HIT),
    overscan: 4,
    initialRect: { width: 800, height: 470 },
  });
  const rowOf = (n: number) => (hasLine && n >= lineAt ? n + 1 : n);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line changes the sizes, which the list must measure anew.
  useEffect(() => {
    virtual.measure();
  }, [lineAt]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice or a new query scrolls, never an answer that arrives.
  useEffect(() => {
    if (hits.length > 0) virtual.scrollToIndex(rowOf(chosen), { align: 'auto' });
  }, [chosen, query]);

  const nobody = query !== '' && hits.length === 0 && !found.behind && found.desk !== undefined;
  return (
    <div className={styles.list}>
      <div
        className={hits.length > 0 ? styles.head : `${styles.head} ${styles.headEmpty}`}
        aria-hidden="true"
      >
        <span>{query === '' ? t`Recent` : t`Customer`}</span>
        <span>{query === '' ? '' : t`Matched in`}</span>
        <span>{t`E-mail and phone`}</span>
        <span>{t`Brand`}</span>
        <span />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard. */}
      <section ref={scroller} className={styles.rows} aria-label={t`Found`} tabIndex={0}>
        <div
          id={id}
          role="listbox"
          aria-label={t`Customers`}
          aria-busy={query !== '' && (found.behind || found.desk === undefined)}
          style={{ height: virtual.getTotalSize() }}
          className={styles.sheet}
        >
          {virtual.getVirtualItems().map((row) => {
            if (row.index === lineAt) return null;
            const n = hasLine && row.index > lineAt ? row.index - 1 : row.index;
            const hit = hits[n];
            if (!hit) return null;
            const keys = n === chosen ? 'Enter' : n < 9 ? `Mod+${n + 1}` : null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the box above holds the focus and its keys.
              // biome-ignore lint/a11y/useFocusableInteractive: options of a combobox are pointed at by aria-activedescendant.
              <div
                key={`${hit.source}-${hit.id}`}
                id={`${id}-${n}`}
                role="option"
                aria-selected={n === chosen}
                aria-posinset={n + 1}
                aria-setsize={hits.length}
                className={n === chosen ? `${styles.hit} ${styles.chosen}` : styles.hit}
                style={{ transform: `translateY(${row.start}px)` }}
                onPointerMove={(event) => moved(event) && n !== chosen && onChoose(n)}
                onClick={(event) => onOpen(hit, event.ctrlKey || event.metaKey)}
                onAuxClick={(event) => event.button === 1 && onOpen(hit, true)}
              >
                <HitRow hit={hit} keys={keys} />
              </div>
            );
          })}
        </div>
        {hasLine && (
          <div className={styles.line} style={{ transform: `translateY(${desk.length * HIT}px)` }}>
            <StoreLine found={found} alone={desk.length === 0} />
          </div>
        )}
        {nobody && (
          <div className={styles.nobody}>
            {(found.desk?.counts.all ?? 0) > 0 ? (
              <Empty
                icon="search"
                title={<Trans>Nobody matches with this filter</Trans>}
                action={<Button onPress={onShowAll}>{t`Show all`}</Button>}
              />
            ) : (
              <Empty icon="search" title={<Trans>Nobody on this desk matches</Trans>}>
                {found.storeState === 'offline' ? (
                  <Trans>
                    What is masked is searched by the store. On this desk an e-mail is found by its first
                    letter and its domain, a phone or loyalty number by its last four digits.
                  </Trans>
                ) : (
                  <Trans>
                    Try another part: a reading, romaji, the last four digits of a phone, or half of an
                    e-mail.
                  </Trans>
                )}
              </Empty>
            )}
          </div>
        )}
        {query === '' && hits.length === 0 && (
          <div className={styles.nobody}>
            <Empty icon="search" title={<Trans>Type a part of what you know</Trans>}>
              <Trans>
                田中, たなか, ﾀﾅｶ and tanaka all find the same people. The last digits of a phone or half of
                an e-mail are enough too.
              </Trans>
            </Empty>
          </div>
        )}
      </section>
    </div>
  );
}
