// The list as it is drawn: day headings, runs of equal failures folded into one row, the desk's own pending actions first.
import type { OutboxItem, SignIn } from '../../../ipc';
import { date } from '../../../ui/time';
import type { Entry } from './entries';

export type Row =
  | { key: string; kind: 'day'; at: string }
  | { key: string; kind: 'pending'; item: OutboxItem }
  /** Below it stand the records as of a time, because this desk is offline. */
  | { key: string; kind: 'cut'; asOf: string }
  | { key: string; kind: 'entry'; entry: Entry; inRun: string | null }
  | { key: string; kind: 'run'; signIns: SignIn[]; open: boolean }
  /** Earlier sign-ins that the desk does not hold. */
  | { key: string; kind: 'earlier'; n: number };

export type RowsOptions = {
  zone?: string;
  pending: readonly OutboxItem[];
  /** The time of the records, when the line that names it is wanted. */
  cutAsOf: string | null;
  /** Runs that are shown one by one. */
  open: ReadonlySet<string>;
  /** How many sign-ins the store holds beyond those in `entries`; where they are missing, a row says so. */
  missing: number;
  /** Fold runs of equal failures. */
  fold: boolean;
};

/** Longer pauses than this end a run. */
const RUN_PAUSE_MS = 30 * 60_000;

const alike = (a: SignIn, b: SignIn) =>
  a.outcome === b.outcome &&
  a.cause === b.cause &&
  a.account === b.account &&
  a.identity === b.identity &&
  a.address === b.address &&
  a.device === b.device &&
  a.client === b.client &&
  Math.abs(Date.parse(a.at) - Date.parse(b.at)) <= RUN_PAUSE_MS;

/** The key under which a run is remembered as open: its oldest attempt, which stays when newer ones join. */
const runKey = (signIns: readonly SignIn[]) => `run:${signIns.at(-1)?.id ?? ''}`;

function folded(entries: readonly Entry[], zone: string | undefined, fold: boolean): (Entry | SignIn[])[] {
  const groups: (Entry | SignIn[])[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const failed = entry.kind === 'sign_in' && entry.signIn.outcome !== 'signed_in';
    if (!fold || !failed || entry.kind !== 'sign_in') {
      groups.push(entry);
      continue;
    }
    const before = Array.isArray(last) ? last.at(-1) : undefined;
    if (
      Array.isArray(last) &&
      before &&
      alike(before, entry.signIn) &&
      date(before.at, zone) === date(entry.at, zone)
    ) {
      last.push(entry.signIn);
    } else groups.push([entry.signIn]);
  }
  return groups;
}

/** Lays out entries that are sorted, the newest first. */
export function rowsOf(entries: readonly Entry[], options: RowsOptions): Row[] {
  const { zone, pending, cutAsOf, open, missing, fold } = options;
  const rows: Row[] = [];
  let day: string | null = null;
  const heading = (at: string, of = 'day') => {
    const its = date(at, zone);
    if (its === day) return;
    day = its;
    rows.push({ key: `${of}:${its}`, kind: 'day', at });
  };
  for (const item of [...pending].sort((a, b) => Date.parse(b.saved_at) - Date.parse(a.saved_at))) {
    heading(item.saved_at, 'pending-day');
    rows.push({ key: `act:${item.action_id}`, kind: 'pending', item });
  }
  if (cutAsOf !== null && pending.length > 0) rows.push({ key: 'cut', kind: 'cut', asOf: cutAsOf });

  const oldest = entries.findLast((entry) => entry.kind === 'sign_in');
  const gapAfter = missing > 0 ? oldest : undefined;
  const note = () => rows.push({ key: 'earlier', kind: 'earlier', n: missing });
  for (const group of folded(entries, zone, fold)) {
    if (!Array.isArray(group)) {
      heading(group.at);
      rows.push({ key: group.key, kind: 'entry', entry: group, inRun: null });
      if (group === gapAfter) note();
      continue;
    }
    const [newest] = group;
    if (!newest) continue;
    heading(newest.at);
    const each = (inRun: string | null) => {
      for (const signIn of group) {
        const entry: Entry = { key: `sign:${signIn.id}`, at: signIn.at, kind: 'sign_in', signIn };
        rows.push({ key: entry.key, kind: 'entry', entry, inRun });
      }
    };
    if (group.length === 1) each(null);
    else {
      const key = runKey(group);
      rows.push({ key, kind: 'run', signIns: group, open: open.has(key) });
      if (open.has(key)) each(key);
    }
    if (gapAfter?.kind === 'sign_in' && group.includes(gapAfter.signIn)) note();
  }
  if (missing > 0 && !oldest) note();
  return rows;
}

export type Day = { day: string; ok: number; failed: number };

/** Sign-ins of the last `n` days by the calendar of a zone, the oldest day first. */
export function daysOf(signIns: readonly SignIn[], now: Date, n: number, zone?: string): Day[] {
  const [y, m, d] = date(now, zone).split('/').map(Number);
  const days = Array.from({ length: n }, (_, back): Day => {
    const day = new Date(Date.UTC(y ?? 0, (m ?? 1) - 1, (d ?? 1) - (n - 1 - back)));
    return { day: date(day, 'UTC'), ok: 0, failed: 0 };
  });
  const byDay = new Map(days.map((one) => [one.day, one]));
  for (const signIn of signIns) {
    const day = byDay.get(date(signIn.at, zone));
    if (!day) continue;
    if (signIn.outcome === 'signed_in') day.ok += 1;
    else day.failed += 1;
  }
  return days;
}

/** Entries that are new at the top, while somebody's pointer or focus is on the list. */
export function heldBack(entries: readonly Entry[], shown: ReadonlySet<string>): Entry[] {
  const firstKnown = entries.findIndex((entry) => shown.has(entry.key));
  return entries.slice(0, firstKnown < 0 ? 0 : firstKnown).filter((entry) => !shown.has(entry.key));
}
