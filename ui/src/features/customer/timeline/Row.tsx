import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { SignIn } from '../../../ipc';
import { Badge } from '../../../ui/Badge';
import { LinkButton } from '../../../ui/Button';
import { Icon, type IconName } from '../../../ui/Icon';
import { brief, clock, clockWithSeconds, date } from '../../../ui/time';
import { StateBadge } from '../../outbox/StateBadge';
import { useDesk } from '../../session/desk';
import { useRecord } from '../record';
import { dayWords, timesIn } from '../words/spans';
import type { Row } from './rows';
import styles from './Timeline.module.css';
import { Said, type Tone, useAskWords, useEntryWords } from './words';

type CellsProps = {
  at: string;
  icon: IconName;
  tone: Tone;
  what: ReactNode;
  where: string;
  device: string;
};

function Cells({ at, icon, tone, what, where, device }: CellsProps) {
  return (
    <>
      <time dateTime={at} title={`${date(at)} ${clockWithSeconds(at)}`}>
        {clock(at)}
      </time>
      <div className={`${styles.icon} ${styles[tone]}`}>
        <Icon name={icon} />
      </div>
      <div className={styles.what}>{what}</div>
      <div className={styles.where} title={where}>
        {where}
      </div>
      <div className={styles.device} title={device}>
        {device}
      </div>
    </>
  );
}

function RunCells({ signIns, open, onToggle }: { signIns: SignIn[]; open: boolean; onToggle: () => void }) {
  const { t } = useLingui();
  const words = useEntryWords();
  const newest = signIns[0];
  const oldest = signIns.at(-1);
  if (!newest || !oldest) return null;
  const one = words({ key: oldest.id, at: oldest.at, kind: 'sign_in', signIn: oldest });
  return (
    <Cells
      {...one}
      at={oldest.at}
      what={
        <span className={styles.with}>
          <span>{one.what}</span>
          <Badge tone="stop">{timesIn(signIns.length, oldest.at, newest.at)}</Badge>
          <LinkButton onPress={onToggle} aria-expanded={open} className={styles.each}>
            {open ? t`Fold` : t`Show each`}
          </LinkButton>
        </span>
      }
    />
  );
}

/** One line of the timeline. */
export function RowCells({
  row,
  onToggle,
  earlier,
}: {
  row: Row;
  onToggle: (run: string) => void;
  earlier: { load: () => void; loading: boolean };
}) {
  const { t } = useLingui();
  const { now, view, offline } = useRecord();
  const { agent } = useDesk();
  const words = useEntryWords();
  const askWords = useAskWords();
  switch (row.kind) {
    case 'day': {
      const day = dayWords(row.at, now);
      return (
        <h2 className={styles.day}>
          <b>{day.name}</b> {day.date}
        </h2>
      );
    }
    case 'cut': {
      const asOf = brief(row.asOf, now);
      return (
        <div className={styles.cut}>
          <Trans>Below: the records as of {asOf}</Trans>
        </div>
      );
    }
    case 'pending': {
      const { item } = row;
      const by = item.saved_by ?? agent.display_name;
      const badge = <StateBadge item={item} />;
      return (
        <Cells
          at={item.saved_at}
          icon={item.state === 'saved' || item.state === 'sending' ? 'pending' : 'alert'}
          tone={item.state === 'saved' || item.state === 'sending' ? 'wait' : 'stop'}
          what={
            item.ask.kind === 'note' ? (
              <Said text={item.ask.text} by={by} badge={badge} />
            ) : (
              <span className={styles.with}>
                <span>
                  {askWords(item)} <span className={styles.cause}>{by}</span>
                </span>
                {badge}
              </span>
            )
          }
          where={item.case === null ? t`this desk` : t`case ${item.case}`}
          device=""
        />
      );
    }
    case 'entry':
      return <Cells {...words(row.entry)} at={row.entry.at} />;
    case 'run':
      return <RunCells signIns={row.signIns} open={row.open} onToggle={() => onToggle(row.key)} />;
    case 'earlier': {
      const since = date(view.profile.since);
      return (
        <div className={styles.more}>
          {offline ? (
            <Plural
              value={row.n}
              one="# earlier sign-in loads once connected"
              other="# earlier sign-ins load once connected"
            />
          ) : (
            <>
              <LinkButton onPress={earlier.load}>
                {earlier.loading ? (
                  t`Loading earlier sign-ins…`
                ) : (
                  <Plural value={row.n} one="Show # earlier sign-in" other="Show # earlier sign-ins" />
                )}
              </LinkButton>{' '}
              <span className="faint">
                <Trans>back to {since}</Trans>
              </span>
            </>
          )}
        </div>
      );
    }
  }
}
