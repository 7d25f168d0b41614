import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { FailureNote } from '../../../errors/FailureNote';
import type { Account, ActRequest, OutboxItem } from '../../../ipc';
import { Dot } from '../../../ui/Badge';
import { Button, type ButtonKind } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Icon, type IconName } from '../../../ui/Icon';
import { clockWithSeconds } from '../../../ui/time';
import { keysOf } from '../../keys/registry';
import { useShortcut } from '../../keys/useShortcut';
import { isUndecided } from '../../outbox/lanes';
import { Outcome } from '../../outbox/Outcome';
import { type Asked, useAsked } from '../../outbox/useAsked';
import { lapsesAt, type Waiting } from '../can';
import type { Effects } from '../effects';
import { useRecord } from '../record';
import { moment } from '../words/spans';
import styles from './ActDialog.module.css';

/** What it will and will not do, side by side. */
export function EffectLists({ effects }: { effects: Effects }) {
  const { t } = useLingui();
  return (
    <section className={`${styles.block} ${styles.effects}`}>
      <div>
        <h3 className={styles.title}>{t`This will`}</h3>
        <ul>
          {effects.will.map((line) => (
            <li key={line}>
              <Icon name="check" />
              {line}
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.not}>
        <h3 className={styles.title}>{t`This will not`}</h3>
        <ul>
          {effects.willNot.map((line) => (
            <li key={line}>
              <Icon name="x" />
              {line}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Whether it goes out at once, or is only saved and until when. */
function Carriage({ kind, asOf }: { kind: Waiting; asOf: string }) {
  const { t } = useLingui();
  const { offline, now } = useRecord();
  if (!offline) {
    const time = clockWithSeconds(asOf);
    return (
      <span className={styles.carriage}>
        <Dot tone="ok" />
        <span>{t`Live, judged on what you see as of ${time}`}</span>
      </span>
    );
  }
  const lapses = lapsesAt(kind, now);
  const time = lapses === null ? null : moment(lapses, now);
  return (
    <span className={`${styles.carriage} ${styles.offline}`}>
      <Icon name="offline" size="s" />
      <span>
        {time === null
          ? t`Will be saved on this desk until it reaches the store; it never lapses`
          : t`Will be saved on this desk and lapses at ${time} if it cannot reach the store`}
      </span>
    </span>
  );
}

/** What stands beside the buttons of a dialog: how it goes out, and in sight what keeps the button off. */
export function FootWords({ missing, children }: { missing?: string | undefined; children: ReactNode }) {
  return (
    <div className={styles.footWords}>
      {children}
      {missing !== undefined && (
        <span className={`${styles.carriage} ${styles.missing}`}>
          <Icon name="alert" size="s" />
          <span>{missing}</span>
        </span>
      )}
    </div>
  );
}

export type ActDialogProps = {
  kind: Waiting;
  title: ReactNode;
  icon: IconName;
  end?: ReactNode;
  /** What is asked for; null while something is missing. */
  request: ActRequest | null;
  /** What is missing, in a few words. */
  missing: string | null;
  confirm: string;
  danger?: boolean;
  /** When the record was read that this is judged on. */
  asOf: string;
  /** The account it is about, as it is now. */
  account?: Account | undefined;
  onClose: () => void;
  /** Closes as soon as it is saved; the corner tells the rest. */
  onSaved?: (item: OutboxItem) => void;
  children: ReactNode;
};

/** One question, and in the same place what became of it: Saved, Done, or a conflict to decide. */
export function ActDialog(props: ActDialogProps) {
  const { view } = useRecord();
  const asked = useAsked(props.onSaved === undefined);
  const item = props.onSaved ? null : asked.item;
  const send = () => {
    const { request, onSaved, onClose } = props;
    if (item || request === null || asked.busy) return;
    void asked.send(request).then((saved) => {
      if (saved && onSaved) {
        onSaved(saved);
        onClose();
      }
    });
  };
  const takeBack = () => void asked.takeBack();
  useShortcut('confirm', send, item === null);
  useShortcut('takeBackHere', takeBack, item?.state === 'saved' && !asked.gone);
  return (
    <Dialog
      title={props.title}
      icon={props.icon}
      beside={view.profile.id}
      end={props.end}
      onClose={props.onClose}
      isBusy={asked.busy}
      foot={item ? <ResultFoot item={item} {...props} /> : <FormFoot asked={asked} send={send} {...props} />}
    >
      {asked.failure && <FailureNote failure={asked.failure} />}
      {!item && props.children}
      <div role="status">
        {item && asked.gone && <Gone item={item} />}
        {item && !asked.gone && (
          <Outcome
            item={item}
            account={props.account}
            busy={asked.busy}
            onTakeBack={takeBack}
            onChoose={(choice) => void asked.resolve(choice)}
          />
        )}
      </div>
    </Dialog>
  );
}

function FormFoot({ asked, send, ...props }: ActDialogProps & { asked: Asked; send: () => void }) {
  const { t } = useLingui();
  const { offline } = useRecord();
  const whyOff = props.request === null ? (props.missing ?? t`Something is missing`) : undefined;
  const kind: ButtonKind = offline ? 'saved' : props.danger ? 'danger-fill' : 'primary';
  return (
    <>
      <FootWords missing={whyOff}>
        <Carriage kind={props.kind} asOf={props.asOf} />
      </FootWords>
      <Button size="l" onPress={props.onClose}>
        {t`Cancel`}
      </Button>
      <Button
        size="l"
        kind={kind}
        icon={props.icon}
        keys={keysOf('confirm')}
        whyOff={whyOff}
        isPending={asked.busy}
        onPress={send}
      >
        {props.confirm}
      </Button>
    </>
  );
}

function ResultFoot({ item, onClose }: { item: OutboxItem; onClose: () => void }) {
  const { t } = useLingui();
  const undecided = isUndecided(item);
  return (
    <>
      <FootWords>{undecided && t`It also waits in the outbox until you decide.`}</FootWords>
      <Button size="l" autoFocus onPress={onClose}>
        {t`Close`}
      </Button>
    </>
  );
}

function Gone({ item }: { item: OutboxItem }) {
  const { t } = useLingui();
  return (
    <p className={styles.gone}>
      <Icon name="check" />
      {item.state === 'saved' || item.state === 'sending'
        ? t`Taken back. Nothing was changed.`
        : t`Dropped. Nothing was changed.`}
    </p>
  );
}
