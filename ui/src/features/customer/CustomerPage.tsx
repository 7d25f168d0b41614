import { useLingui } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { useCustomer, useStatus } from '../../data';
import { FailureNote } from '../../errors/FailureNote';
import type { CustomerView } from '../../ipc';
import { asFailure } from '../../platform/platform';
import { useStore } from '../../ui/store';
import { toasts } from '../../ui/toasts';
import { useNow } from '../../ui/useNow';
import { clearWish, wish } from '../frame/wish';
import { workspace } from '../frame/workspace';
import { useShortcut } from '../keys/useShortcut';
import { OutboxPanel } from '../outbox/OutboxPanel';
import { useDesk } from '../session/desk';
import { Actions } from './Actions';
import styles from './CustomerPage.module.css';
import { waysOf } from './can';
import { ActionDialogs } from './dialogs/ActionDialogs';
import { Facts } from './facts/Facts';
import { Side } from './facts/Side';
import { useCopy } from './Masked';
import { Reason } from './Reason';
import { type Asking, type CustomerRecord, RecordProvider } from './record';
import { Strip } from './Strip';
import { type Filter, noFilter } from './timeline/entries';
import { Timeline } from './timeline/Timeline';
import { useRevealing } from './useRevealing';

/** One customer whole: who it is, why they cannot sign in, what can be done, what happened, what is known. */
export function CustomerPage({ id }: { id: string }) {
  const { t } = useLingui();
  const { data, error, refetch } = useCustomer(id);
  if (data) return <Record view={data} />;
  if (error) {
    return (
      <div className={styles.failed}>
        <FailureNote failure={asFailure(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <div className={styles.opening} role="status">
      <span className="hidden">{t`Opening the customer`}</span>
      <i className={styles.strip} />
      <i className={styles.reason} />
      <i className={styles.actions} />
    </div>
  );
}

function Record({ view }: { view: CustomerView }) {
  const { t } = useLingui();
  const status = useStatus();
  const { agent } = useDesk();
  const now = useNow(5_000);
  const revealing = useRevealing();
  const copy = useCopy();
  const { outboxOpen } = useStore(workspace);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [filter, setFilter] = useState<Filter>(noFilter);
  const { id } = view.profile;
  const ways = waysOf(view, status, agent.role, now);
  const record: CustomerRecord = {
    view,
    status,
    now,
    ways,
    offline: status?.state === 'offline',
    ask: setAsking,
    revealing,
  };
  useShortcut('copyId', () => void copy(id, false));

  const wished = useStore(wish);
  const granted = wished?.customer === id ? wished.what : null;
  const way = granted === null ? null : ways[granted];
  const whyNot = way?.how === 'off' ? way.why : null;
  useEffect(() => {
    if (granted === null) return;
    clearWish();
    if (whyNot === null) setAsking({ what: granted });
    else toasts.show({ tone: 'stop', text: t`This cannot be asked for now: ${whyNot}.` });
  }, [granted, whyNot, t]);

  return (
    <RecordProvider record={record}>
      <Strip />
      <Reason onBehind={(behind) => setFilter({ ...noFilter, behind })} />
      <Actions />
      <div className={styles.split}>
        <Timeline filter={filter} onFilter={setFilter} />
        {outboxOpen ? (
          <div className={styles.outbox}>
            <OutboxPanel />
          </div>
        ) : (
          <Side>
            <Facts />
          </Side>
        )}
      </div>
      {asking && (
        <ActionDialogs
          asking={asking}
          onClose={() => setAsking(null)}
          onBehind={(behind) => {
            setAsking(null);
            setFilter({ ...noFilter, behind });
          }}
        />
      )}
    </RecordProvider>
  );
}
