// Everything that happened to a customer as one list, the newest first.
import type {
  Account,
  ActionDone,
  ConsentEvent,
  CustomerView,
  Lock,
  Note,
  OutboxItem,
  SignIn,
} from '../../../ipc';

export type Kind = 'sign_in' | 'consent' | 'action' | 'note';

export type Entry = { key: string; at: string } & (
  | { kind: 'sign_in'; signIn: SignIn }
  | { kind: 'consent'; event: ConsentEvent; done: ActionDone | null }
  | { kind: 'action'; done: ActionDone }
  | { kind: 'note'; note: Note; done: ActionDone | null }
  /** A lock that stands and that no action of the history set. */
  | { kind: 'lock'; lock: Lock; account: string }
);

/** An action's own record and what it left behind carry the store's time of one transaction. */
const SAME_MS = 2_000;
const near = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) < SAME_MS;

/**
 * Merges sign-ins, consent events, actions, notes and standing locks. What an action left behind (a note, a withdrawal)
 * and the action itself are one entry, not two.
 */
export function entriesOf(view: CustomerView, earlier: readonly SignIn[] = []): Entry[] {
  const told = new Set<string>();
  const own = (kind: ActionDone['kind'], by: string) =>
    view.actions.filter((one) => one.kind === kind && !told.has(one.id) && one.by === by);
  const take = (done: ActionDone | undefined) => {
    if (done) told.add(done.id);
    return done ?? null;
  };
  // A note carries the time at which it was written; one that waited on a desk reached the store later.
  const doneForNote = (note: Note) =>
    take(
      own('note', note.by)
        .filter((one) => one.case === note.case && Date.parse(one.at) >= Date.parse(note.at) - SAME_MS)
        .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0],
    );
  const doneForWithdrawal = (event: ConsentEvent) =>
    take(own('withdraw', event.by).find((one) => near(one.at, event.received_at)));
  const entries: Entry[] = [];
  for (const note of view.notes) {
    const done = doneForNote(note);
    entries.push({ key: `act:${done?.id ?? note.id}`, at: note.at, kind: 'note', note, done });
  }
  for (const event of view.consents.events) {
    const done = event.change === 'withdrawn' ? doneForWithdrawal(event) : null;
    entries.push({ key: `act:${done?.id ?? event.id}`, at: event.captured_at, kind: 'consent', event, done });
  }
  for (const { account, lock } of standing(view.accounts)) {
    const set = view.actions.some(
      (one) => one.kind === 'lock' && one.account === account && near(one.at, lock.since),
    );
    if (!set) entries.push({ key: `lock:${lock.id}`, at: lock.since, kind: 'lock', lock, account });
  }
  for (const done of view.actions) {
    if (!told.has(done.id)) entries.push({ key: `act:${done.id}`, at: done.at, kind: 'action', done });
  }
  const seen = new Set<string>();
  for (const signIn of [...view.sign_ins.recent, ...earlier]) {
    if (seen.has(signIn.id)) continue;
    seen.add(signIn.id);
    entries.push({ key: `sign:${signIn.id}`, at: signIn.at, kind: 'sign_in', signIn });
  }
  const when = new Map(entries.map((entry) => [entry, Date.parse(entry.at)]));
  return entries.sort((a, b) => (when.get(b) ?? 0) - (when.get(a) ?? 0));
}

function standing(accounts: readonly Account[]): { account: string; lock: Lock }[] {
  return accounts.flatMap((account) => account.locks.map((lock) => ({ account: account.id, lock })));
}

export type Filter = {
  kind: Kind | null;
  onlyFailed: boolean;
  /** Only the failures of an account between two moments: what a lock rests on. */
  behind: { account: string; from: string; to: string } | null;
};

export const noFilter: Filter = { kind: null, onlyFailed: false, behind: null };

const kindOf = (entry: Entry): Kind => (entry.kind === 'lock' ? 'action' : entry.kind);

export function passes(entry: Entry, filter: Filter): boolean {
  if (filter.behind) {
    if (entry.kind !== 'sign_in') return false;
    const { account, from, to } = filter.behind;
    const at = Date.parse(entry.at);
    return (
      entry.signIn.account === account &&
      entry.signIn.outcome === 'failed' &&
      at >= Date.parse(from) &&
      at <= Date.parse(to)
    );
  }
  if (filter.onlyFailed) return entry.kind === 'sign_in' && entry.signIn.outcome !== 'signed_in';
  return filter.kind === null || kindOf(entry) === filter.kind;
}

export type Counts = Record<Kind | 'all', number>;

/** How many there are of each kind; sign-ins as the store counts them, whether they are here or not. */
export function countsOf(entries: readonly Entry[], signInTotal: number): Counts {
  const counts: Counts = { all: 0, sign_in: 0, consent: 0, action: 0, note: 0 };
  for (const entry of entries) counts[kindOf(entry)] += 1;
  counts.sign_in = Math.max(counts.sign_in, signInTotal);
  counts.all = counts.sign_in + counts.consent + counts.action + counts.note;
  return counts;
}

/** Whether a pending action of this desk belongs under a filter. */
export function pendingPasses(item: OutboxItem, filter: Filter): boolean {
  if (filter.behind || filter.onlyFailed) return false;
  const kind: Kind = item.kind === 'note' ? 'note' : item.kind === 'withdraw' ? 'consent' : 'action';
  return filter.kind === null || filter.kind === kind;
}
