import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Dot } from '../../ui/Badge';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Kbd } from '../../ui/Kbd';
import { nameLang } from '../../ui/PersonName';
import { useStore } from '../../ui/store';
import { showOverlay } from './overlay';
import styles from './Tabs.module.css';
import { useTabMarks } from './useTabMarks';
import { closeTab, showTab, stepTab, type Tab, workspace } from './workspace';

const STEPS: Record<string, 1 | -1> = { ArrowRight: 1, ArrowLeft: -1 };

function Mark({ mark }: { mark: Tab['mark'] }) {
  const { t } = useLingui();
  if (mark === 'decide') {
    return (
      <span className="tone-stop">
        <Icon name="alert" size="s" />
        <span className="hidden">{t`Needs you`}</span>
      </span>
    );
  }
  if (mark === 'blocked') {
    return (
      <span className="tone-stop">
        <Icon name="lock" size="s" />
        <span className="hidden">{t`Locked`}</span>
      </span>
    );
  }
  if (mark === 'waiting') {
    return (
      <>
        <Dot tone="wait" />
        <span className="hidden">{t`Something waits in the outbox`}</span>
      </>
    );
  }
  return mark === 'ok' ? <Dot tone="ok" /> : <Dot tone="quiet" hollow />;
}

/** The customers that are open; the one in front joins the page below it. */
export function Tabs() {
  const { t } = useLingui();
  const now = useStore(workspace);
  useTabMarks(now.tabs);
  const list = useRef<HTMLDivElement>(null);
  const inFront = now.page === 'customers' ? now.active : null;
  useEffect(() => {
    if (inFront === null) return;
    list.current
      ?.querySelector(`[data-tab="${CSS.escape(inFront)}"]`)
      ?.scrollIntoView?.({ inline: 'nearest', block: 'nearest' });
  }, [inFront]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      stepTab(step);
      const { active } = workspace.get();
      list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(active ?? '')}"]`)?.focus();
    } else if (event.key === 'Delete' && now.active) {
      event.preventDefault();
      closeTab(now.active);
    }
  };
  return (
    <>
      <div className={styles.row}>
        <div
          className={styles.tabs}
          role="tablist"
          aria-label={t`Open customers`}
          ref={list}
          onKeyDown={onKeyDown}
        >
          {now.tabs.map((tab, n) => {
            const on = tab.id === inFront;
            const after = n > 0 && now.tabs[n - 1]?.id === inFront;
            return (
              <div
                key={tab.id}
                className={[styles.tab, on && styles.on, after && styles.after].filter(Boolean).join(' ')}
                role="presentation"
              >
                <button
                  type="button"
                  role="tab"
                  data-tab={tab.id}
                  aria-selected={on}
                  aria-keyshortcuts="Delete"
                  aria-controls={`customer-${tab.id}`}
                  tabIndex={on || (inFront === null && n === 0) ? 0 : -1}
                  className={styles.label}
                  title={tab.written}
                  onClick={() => showTab(tab.id)}
                  onAuxClick={(event) => event.button === 1 && closeTab(tab.id)}
                >
                  <Mark mark={tab.mark} />{' '}
                  <span className="truncate" lang={nameLang(tab.written)}>
                    {tab.written || tab.id}
                  </span>
                </button>
                {/* The keyboard closes a tab with Delete or its own key, so this is for the pointer alone. */}
                <span className={styles.close} aria-hidden="true">
                  <button
                    type="button"
                    tabIndex={-1}
                    title={t`Close ${tab.written}`}
                    onClick={() => closeTab(tab.id)}
                  >
                    <Icon name="x" size="xs" />
                  </button>
                </span>
              </div>
            );
          })}
        </div>
        <IconButton
          className={styles.add}
          label={t`Open another customer`}
          icon="add"
          onPress={() => showOverlay('find')}
        />
      </div>
      <button
        type="button"
        className={styles.search}
        aria-haspopup="dialog"
        aria-keyshortcuts="/ Control+K"
        onClick={() => showOverlay('find')}
      >
        <Icon name="search" size="s" />
        <span className={styles.placeholder}>{t`Name, e-mail, phone, number`}</span>
        <Kbd keys="/" />
        <Kbd keys="Mod+K" />
      </button>
    </>
  );
}
