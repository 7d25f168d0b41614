import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useStatus } from '../../data';
import { wordsFor } from '../../errors/words';
import type { Account, Choice, Conflict, OutboxItem } from '../../ipc';
import { Button } from '../../ui/Button';
import { Icon, type IconName } from '../../ui/Icon';
import { clockWithSeconds } from '../../ui/time';
import { useNow } from '../../ui/useNow';
import { whyLockStays } from '../customer/can';
import { join } from '../customer/words/spans';
import { useDesk } from '../session/desk';
import styles from './Outcome.module.css';
import { compare, doneWords, lapseWords, lockToAskAgain, savedWords } from './words';

type Look = 'saved' | 'done' | 'stop';

function Card({
  look,
  icon,
  title,
  at,
  children,
}: {
  look: Look;
  icon: IconName;
  title: string;
  at: string | null;
  children: ReactNode;
}) {
  return (
    <div className={`${styles.card} ${styles[look]}`} data-look={look}>
      <div className={styles.head}>
        <Icon name={icon} />
        <h3>{title}</h3>
        {at !== null && <time dateTime={at}>{clockWithSeconds(at)}</time>}
      </div>
      {children}
    </div>
  );
}

/** You saw, now is, you asked. */
export function Compare({ item, conflict }: { item: OutboxItem; conflict: Conflict }) {
  const { t } = useLingui();
  const now = useNow(30_000);
  const sides = compare(item, conflict, now);
  return (
    <dl className={styles.compare}>
      {sides.saw !== null && (
        <>
          <dt>{t`You saw`}</dt>
          <dd>{sides.saw}</dd>
        </>
      )}
      <dt>{t`Now is`}</dt>
      <dd className={sides.stillLocked ? 'tone-stop' : undefined}>
        <b>{sides.now}</b>
      </dd>
      <dt>{t`You asked`}</dt>
      <dd>{sides.asked}</dd>
    </dl>
  );
}

/** What a person chooses for an action that was not done. */
export function Choices({
  item,
  onChoose,
  busy,
  autoFocus = false,
}: {
  item: OutboxItem;
  onChoose: (choice: Choice) => void;
  busy: boolean;
  autoFocus?: boolean;
}) {
  const { t } = useLingui();
  const { agent } = useDesk();
  const now = useNow(30_000);
  const { conflict } = item;
  const target = conflict && item.kind === 'unlock' ? lockToAskAgain(item, conflict, now) : null;
  const pointless = conflict !== null && item.kind === 'unlock' && target === null;
  const off = conflict && target ? whyLockStays(conflict.now, target, agent.role) : null;
  const never = item.failure?.retry === 'no';
  return (
    <div className={styles.do}>
      {!pointless && !never && (
        <Button
          size="s"
          kind={off === null ? 'primary' : 'normal'}
          isDisabled={busy}
          whyOff={off ?? undefined}
          autoFocus={autoFocus && off === null}
          onPress={() => onChoose('again')}
        >
          {conflict ? t`Ask again on what is now` : t`Ask anew`}
        </Button>
      )}
      <Button
        size="s"
        kind={pointless || never ? 'normal' : 'plain'}
        isDisabled={busy}
        autoFocus={autoFocus && (pointless || never || off !== null)}
        onPress={() => onChoose('drop')}
      >
        {t`Drop`}
      </Button>
      {off !== null && <span className={styles.sub}>{off}</span>}
    </div>
  );
}

/** What became of one action. Saved, Done and Conflict differ in word, shape and colour. */
export function Outcome({
  item,
  account,
  busy,
  onTakeBack,
  onChoose,
}: {
  item: OutboxItem;
  /** The account it is about, as it is now. */
  account: Account | undefined;
  busy: boolean;
  onTakeBack: () => void;
  onChoose: (choice: Choice) => void;
}) {
  const { t, i18n } = useLingui();
  const status = useStatus();
  const now = useNow(15_000);
  switch (item.state) {
    case 'saved':
      return (
        <Card look="saved" icon="pending" title={t`Saved on this desk`} at={item.saved_at}>
          <p>
            <b>{savedWords(item, now)}</b>
          </p>
          <p className={styles.sub}>
            {join(
              status?.state === 'offline' ? t`Offline: it goes out once connected.` : t`Being sent.`,
              lapseWords(item, now),
            )}
          </p>
          <div className={styles.do}>
            <Button size="s" keys="Z" isDisabled={busy} onPress={onTakeBack}>
              {t`Take back`}
            </Button>
          </div>
        </Card>
      );
    case 'sending':
      return (
        <Card look="saved" icon="send" title={t`Sent, no answer yet`} at={item.saved_at}>
          <p>
            <b>{t`Do not count on it yet.`}</b>
          </p>
          <p className={styles.sub}>
            <Trans>
              Nobody knows yet whether it was done. It is sent again under the same number, so it cannot
              happen twice.
            </Trans>
          </p>
        </Card>
      );
    case 'done': {
      const entry = item.done === null ? null : i18n.number(item.done.entry);
      return (
        <Card look="done" icon="ok" title={t`Done by the store`} at={item.answered_at}>
          <p>{doneWords(item, account, now)}</p>
          {entry !== null && <p className={styles.sub}>{t`Entry ${entry} of the history.`}</p>}
        </Card>
      );
    }
    case 'conflict':
      return (
        <Card look="stop" icon="alert" title={t`Conflict, nothing was changed`} at={item.answered_at}>
          {item.conflict && <Compare item={item} conflict={item.conflict} />}
          <Choices item={item} onChoose={onChoose} busy={busy} autoFocus />
        </Card>
      );
    case 'refused': {
      const words = item.failure ? wordsFor(item.failure.code) : null;
      const [title, text] = [words && i18n._(words.title), words && i18n._(words.text)];
      return (
        <Card look="stop" icon="ban" title={t`Refused, nothing was changed`} at={item.answered_at}>
          {words && (
            <p>
              <Trans>
                <b>{title}</b>. {text}
              </Trans>
            </p>
          )}
          <Choices item={item} onChoose={onChoose} busy={busy} autoFocus />
        </Card>
      );
    }
    case 'lapsed':
      return (
        <Card look="stop" icon="clock" title={t`Lapsed, nothing was changed`} at={item.lapses_at}>
          <p>{t`It did not reach the store in time.`}</p>
          <Choices item={item} onChoose={onChoose} busy={busy} autoFocus />
        </Card>
      );
  }
}
