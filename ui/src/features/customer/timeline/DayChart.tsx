import { Trans, useLingui } from '@lingui/react/macro';
import type { SignIn } from '../../../ipc';
import { date } from '../../../ui/time';
import styles from './DayChart.module.css';
import { type Day, daysOf } from './rows';

const DAYS = 14;
const HEIGHT = 27;

/** The last days by the calendar, as far back as all of their sign-ins are here. */
export function knownDays(signIns: readonly SignIn[], total: number, now: Date, zone?: string): Day[] {
  const days = daysOf(signIns, now, DAYS, zone);
  const oldest = signIns.at(-1);
  if (signIns.length >= total || !oldest) return days;
  // The day of the oldest one may have had more.
  const partial = date(oldest.at, zone);
  return days.filter((one) => one.day > partial);
}

/** Two weeks of sign-ins at a glance: one bar a day, failures on top; the same in words for those who do not see it. */
export function DayChart({ signIns, total, now }: { signIns: readonly SignIn[]; total: number; now: Date }) {
  const { t } = useLingui();
  const days = knownDays(signIns, total, now);
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  const all = days.reduce((sum, day) => sum + day.ok + day.failed, 0);
  const failed = days.reduce((sum, day) => sum + day.failed, 0);
  const most = Math.max(1, ...days.map((day) => day.ok + day.failed));
  const height = (n: number) => (n === 0 ? 0 : Math.max(2, Math.round((n / most) * (HEIGHT - 2))));
  const from = first.day.slice(5);
  const to = last.day.slice(5);
  const spoken = days
    .filter((day) => day.ok + day.failed > 0)
    .map((day) => {
      const name = day.day.slice(5);
      const n = day.ok + day.failed;
      const bad = day.failed;
      return bad > 0 ? t`${name}: ${n}, ${bad} failed` : t`${name}: ${n}`;
    })
    .join('; ');
  return (
    <div className={styles.chart}>
      <div className={styles.caption}>
        <Trans>
          <b>{all}</b> sign-ins, <b className={failed > 0 ? 'tone-stop' : undefined}>{failed}</b> failed
        </Trans>
        <div className="faint">
          <Trans>
            {from} to {to}, by day
          </Trans>
        </div>
      </div>
      <div
        className={styles.bars}
        role="img"
        aria-label={spoken === '' ? t`No sign-in in these days` : spoken}
      >
        {days.map((day) => (
          <span key={day.day} className={styles.bar}>
            {day.failed > 0 && <i className={styles.bad} style={{ height: height(day.failed) }} />}
            {day.ok > 0 && <i style={{ height: height(day.ok) }} />}
          </span>
        ))}
      </div>
    </div>
  );
}
