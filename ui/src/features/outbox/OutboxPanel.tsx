import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useOutbox, useStatus } from '../../data';
import { useFailureToast } from '../../errors/useFailureToast';
import { useOfflineCause } from '../../errors/useOfflineCause';
import { wordsFor } from '../../errors/words';
import type { OutboxItem } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { Button, IconButton, LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/Notice';
import { nameLang } from '../../ui/PersonName';
import { brief } from '../../ui/time';
import { useNow } from '../../ui/useNow';
import { useAskWords } from '../customer/timeline/words';
import { gap, join } from '../customer/words/spans';
import { openTab, toggleOutbox } from '../frame/workspace';
import { lanesOf, needsYou } from './lanes';
import styles from './OutboxPanel.module.css';
import { Choices, Compare } from './Outcome';
import { StateBadge } from './StateBadge';
import { lapsesSoon, lapseWords, savedWords } from './words';

function Detail({ item, first }: { item: OutboxItem; first: boolean }) {
  const { t, i18n } = useLingui();
  const now = useNow(15_000);
  const saved = brief(item.saved_at, now);
  const answered = item.answered_at === null ? null : brief(item.answered_at, now);
  switch (item.state) {
    case 'saved': {
      const soon = lapsesSoon(item, now);
      const late = item.failure === null ? null : i18n._(wordsFor(item.failure.code).text);
      return (
        <p className={styles.sub}>
          {t`Saved ${saved}.`}
          {gap()}
          {soon === null ? lapseWords(item, now) : <b className="tone-wait">{soon}</b>}
          {gap()}
          {join(
            item.kind === 'withdraw' && first
              ? t`First in line; it is always accepted.`
              : savedWords(item, now),
            late,
          )}
        </p>
      );
    }
    case 'sending':
      return (
        <p className={styles.sub}>
          <Trans>
            Sent, and the answer has not come. It is sent again under the same number; it cannot happen twice.
          </Trans>
        </p>
      );
    case 'conflict':
      return (
        <>
          <p className={styles.sub}>
            {answered !== null && t`The store answered ${answered}. Nothing was changed.`}
          </p>
          {item.conflict && <Compare item={item} conflict={item.conflict} />}
        </>
      );
    case 'refused': {
      if (!item.failure) return null;
      const words = wordsFor(item.failure.code);
      const [title, text] = [i18n._(words.title), i18n._(words.text)];
      return (
        <p className={styles.sub}>
          <Trans>
            <b className="tone-stop">{title}</b>. {text}
          </Trans>
        </p>
      );
    }
    case 'lapsed':
      return <p className={styles.sub}>{t`It did not reach the store in time. Nothing was changed.`}</p>;
    case 'done':
      return <p className={styles.sub}>{answered !== null && t`Done ${answered}.`}</p>;
  }
}

function Item({ item, first }: { item: OutboxItem; first: boolean }) {
  const { t } = useLingui();
  const platform = usePlatform();
  const tell = useFailureToast();
  const askWords = useAskWords();
  const [busy, setBusy] = useState(false);
  const undecided = needsYou(item);
  const theirs = item.saved_by;
  const what = askWords(item);
  const work = (doIt: () => Promise<unknown>) => {
    setBusy(true);
    doIt()
      .catch((thrown: unknown) => tell(asFailure(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <li className={undecided ? `${styles.item} ${styles.undecided}` : styles.item}>
      <div className={styles.top}>
        <StateBadge item={item} />
        <span className="truncate" title={what}>
          {what}
        </span>
        {item.state === 'saved' && theirs === undefined && (
          <Button
            size="s"
            kind="plain"
            isDisabled={busy}
            onPress={() => work(() => platform.takeBack(item.action_id))}
          >
            {t`Take back`}
          </Button>
        )}
      </div>
      <Detail item={item} first={first} />
      {theirs !== undefined && (
        <p className={styles.sub}>
          <Trans>{theirs} saved it. Only they can take it back or decide over it.</Trans>
        </p>
      )}
      {undecided && (
        <Choices
          item={item}
          busy={busy}
          onChoose={(choice) => work(() => platform.resolve({ action_id: item.action_id, choice }))}
        />
      )}
    </li>
  );
}

function Foot() {
  const { t } = useLingui();
  const platform = usePlatform();
  const status = useStatus();
  const now = useNow(1_000);
  const [busy, setBusy] = useState(false);
  if (status?.state !== 'offline') return null;
  const seconds = status.next_try
    ? Math.max(0, Math.ceil((Date.parse(status.next_try) - now.getTime()) / 1000))
    : null;
  return (
    <footer className={styles.foot}>
      <span className="muted">
        {seconds === 0 && t`Trying…`}
        {seconds !== null && seconds > 0 && (
          <Plural value={seconds} one="Next try in # s" other="Next try in # s" />
        )}
      </span>
      <Button
        size="s"
        icon="retry"
        isDisabled={busy}
        onPress={() => {
          setBusy(true);
          platform
            .retryNow()
            .catch(() => undefined)
            .finally(() => setBusy(false));
        }}
      >
        {t`Try now`}
      </Button>
    </footer>
  );
}

/** Actions of this desk that are not done, by customer, in the order in which they go. */
export function OutboxPanel() {
  const { t } = useLingui();
  const status = useStatus();
  const cause = useOfflineCause();
  const { data = [] } = useOutbox();
  const now = useNow(60_000);
  const lanes = lanesOf(data);
  const n = (...states: OutboxItem['state'][]) => data.filter((item) => states.includes(item.state)).length;
  const waiting = n('saved');
  const sending = n('sending');
  const undecided = data.filter(needsYou).length;
  const since = status?.offline_since ? brief(status.offline_since, now) : null;
  return (
    <aside className={styles.panel} aria-labelledby="outbox-title">
      <header className={styles.head}>
        <h2 id="outbox-title">{t`Outbox`}</h2>
        <span className={styles.counts}>
          {[
            waiting > 0 && t`${waiting} waiting`,
            sending > 0 && t`${sending} sent`,
            undecided > 0 && t`${undecided} to decide`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <IconButton label={t`Close the outbox`} icon="x" keys="O" onPress={() => toggleOutbox(false)} />
      </header>
      {status?.state === 'offline' && since !== null && (
        <div className={styles.note} role="status">
          <Icon name="offline" />
          <div>
            {cause !== null && (
              <p>
                <b>{cause}</b>
              </p>
            )}
            <p>
              <Trans>
                Offline since {since}. What is saved has no effect yet: do not tell a caller that it is done.
              </Trans>
            </p>
          </div>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className={styles.lanes} aria-label={t`Actions not yet done`} tabIndex={0}>
        {lanes.length === 0 && (
          <Empty icon="outbox" title={t`Nothing waits`}>
            {t`What you ask for stands here from the moment it is saved until the store has done it.`}
          </Empty>
        )}
        {lanes.map((lane) => (
          <section key={lane.customer} className={styles.lane}>
            <h3>
              <LinkButton onPress={() => openTab(lane.customer, lane.name)}>
                <span lang={nameLang(lane.name)}>{lane.name}</span>
              </LinkButton>
              <span className="faint">
                {lane.undecided ? t`needs you` : lane.items.length > 1 ? t`sent in this order` : ''}
              </span>
            </h3>
            <ul>
              {lane.items.map((item, at) => (
                <Item key={item.action_id} item={item} first={at === 0} />
              ))}
            </ul>
          </section>
        ))}
      </section>
      <Foot />
    </aside>
  );
}
