import type {
  ActRequest,
  Agent,
  Code,
  CustomerView,
  Event,
  Failure,
  OutboxItem,
  Phase,
  Preferences,
  Start,
  Status,
} from '../../ipc';
import type { Platform } from '../platform';
import { sampleBrands, samplePeople, samplePurposes } from './people';
import { recordOf } from './record';
import { hitOf, search } from './search';

type Command = Exclude<keyof Platform, 'listen'>;

/** How the pretended desk begins; the defaults are a desk that is signed in and live. */
export type FakeOptions = {
  phase?: Phase;
  keyring?: Start['keyring'];
  offline?: boolean;
  clockAheadMs?: number | null;
  /** Customers on the desk as the status bar tells it. */
  customers?: number;
  /** What a command is refused with. */
  refuse?: Partial<Record<Command, Failure>>;
  /** How long the store takes to answer, in milliseconds. */
  storeMs?: number;
  preferences?: Partial<Preferences>;
  /** Makes the store answer the next unlock with a conflict. */
  conflict?: boolean;
  now?: () => Date;
};

/** The pretended desk, with the strings that a test or a developer pulls. */
export type FakePlatform = Platform & {
  calls: { name: Command; args: unknown[] }[];
  refuse: Partial<Record<Command, Failure>>;
  emit(event: Event): void;
  goOffline(): void;
  goLive(): void;
};

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export const failure = (code: Code, over: Partial<Failure> = {}): Failure => ({
  code,
  message: code,
  retry: 'after_change',
  until: null,
  ...over,
});

const kaede: Agent = {
  id: 'agent-1',
  name: 'kaede',
  display_name: 'Kaede Mori',
  role: 'agent',
  brands: [],
  desk_brands: [],
};
const MINUTES = {
  unlock: 15,
  lock: 1440,
  revoke_session: 1440,
  revoke_sessions: 1440,
  note: 43_200,
} as const;

/** An in-memory desk with sample customers. It stands in for the real one in tests and in a plain browser. */
export function fakePlatform(options: FakeOptions = {}): FakePlatform {
  const now = options.now ?? (() => new Date());
  const storeMs = options.storeMs ?? 300;
  const ago = (ms: number) => new Date(now().getTime() - ms).toISOString();
  const people = samplePeople(now());
  const records = new Map<string, CustomerView>();
  const listeners = new Set<(event: Event) => void>();
  const calls: FakePlatform['calls'] = [];
  const refuse = { ...options.refuse };
  const opened: string[] = [];
  let phase: Phase = options.phase ?? 'ready';
  let agent: Agent | null = phase === 'ready' || phase === 'closed' ? kaede : null;
  let storeUrl = phase === 'first_start' ? null : 'https://store.asanagi.example';
  let preferences: Preferences = {
    theme: null,
    language: null,
    tabs: [],
    active_tab: null,
    facts_width: null,
    ...options.preferences,
  };
  let outbox: OutboxItem[] = [];
  let sequence = 0;
  const inMemory = options.keyring !== undefined && options.keyring !== 'ok';
  let status: Status = {
    state:
      phase === 'ready'
        ? options.offline
          ? 'offline'
          : 'live'
        : phase === 'closed'
          ? 'closed'
          : 'signed_out',
    as_of: phase === 'ready' ? ago(options.offline ? 18 * 60_000 : 4_000) : null,
    offline_since: options.offline ? ago(18 * 60_000) : null,
    offline_cause: options.offline ? 'offline' : null,
    next_try: options.offline ? ago(-18_000) : null,
    customers: phase === 'ready' ? (options.customers ?? 12_480) : 0,
    pending: 0,
    undecided: 0,
    progress: null,
    lease_until: options.offline ? ago(-23.7 * 3_600_000) : null,
    clock_ahead_ms: options.clockAheadMs ?? null,
    in_memory: inMemory,
  };

  const emit = (event: Event) => {
    for (const listener of [...listeners]) listener(event);
  };
  const say = (change: Partial<Status>) => {
    status = { ...status, ...change };
    emit({ event: 'status', status });
  };
  const called = (name: Command, ...args: unknown[]) => {
    calls.push({ name, args });
    const refused = refuse[name];
    if (refused) throw refused;
  };
  const needsStore = () => {
    if (status.state === 'offline') throw failure('needs_store', { retry: 'later' });
  };
  const record = (id: string): CustomerView => {
    const person = people.find((each) => each.id === id);
    if (!person) throw failure('unknown', { retry: 'no' });
    const known = records.get(id) ?? recordOf(person, now());
    records.set(id, known);
    return { ...known, pending: outbox.filter((item) => item.customer === id && item.state !== 'done') };
  };
  const startView = (): Start => ({
    phase,
    store_url: storeUrl,
    store_name: storeUrl ? 'Asanagi' : null,
    agent,
    brands: sampleBrands,
    purposes: samplePurposes,
    keyring: options.keyring ?? 'ok',
    version: '0.1.0',
    status,
    notices: [],
  });
  const recount = () => {
    const count = (...states: OutboxItem['state'][]) =>
      outbox.filter((each) => states.includes(each.state)).length;
    say({ pending: count('saved', 'sending'), undecided: count('conflict', 'refused', 'lapsed') });
  };
  const put = (item: OutboxItem) => {
    outbox = [item, ...outbox.filter((each) => each.action_id !== item.action_id)];
    emit({ event: 'action', item });
    recount();
  };
  const takeOut = (item: OutboxItem) => {
    outbox = outbox.filter((each) => each.action_id !== item.action_id);
    recount();
    emit({ event: 'changed', customers: [item.customer] });
  };
  /** What the store would do with an action, as far as a screen shows it. */
  const apply = (item: OutboxItem) => {
    const before = record(item.customer);
    const by = agent?.display_name ?? '';
    const at = now().toISOString();
    const done = {
      id: item.action_id,
      kind: item.kind,
      account: item.account,
      by,
      at,
      reason: item.reason,
      words: item.words,
      case: item.case,
      entry: 48_208 + sequence,
      lock_cause: item.saw?.cause ?? null,
      revealed: null,
    };
    let after: CustomerView = { ...before, actions: [done, ...before.actions], as_of: at };
    const { ask } = item;
    if (ask.kind === 'unlock') {
      const accounts = before.accounts.map((one) => {
        if (one.id !== ask.account) return one;
        const locks = one.locks.filter((lock) => lock.id !== ask.lock);
        return { ...one, blocked: locks.length > 0, locks, lock_version: one.lock_version + 1 };
      });
      const lock = accounts.find((one) => one.id === ask.account)?.locks[0];
      after = {
        ...after,
        accounts,
        why: lock
          ? { kind: 'locked', account: ask.account, lock, others: 0, evidence: null }
          : {
              kind: 'nothing',
              last_sign_in: before.sign_ins.recent.find((one) => one.outcome === 'signed_in')?.at ?? null,
            },
      };
    }
    if (ask.kind === 'lock') {
      const lock = {
        id: `lock-${item.action_id}`,
        scope: ask.scope,
        cause: ask.cause,
        since: at,
        until: ask.until,
        by,
        note: item.words,
        version: 1,
      };
      after = {
        ...after,
        accounts: before.accounts.map((one) =>
          one.id === ask.account ? { ...one, blocked: true, locks: [lock, ...one.locks] } : one,
        ),
        why: { kind: 'locked', account: ask.account, lock, others: 0, evidence: null },
      };
    }
    if (ask.kind === 'revoke_sessions' || ask.kind === 'revoke_session') {
      after = {
        ...after,
        accounts: before.accounts.map((one) =>
          one.id === ask.account
            ? {
                ...one,
                sessions:
                  ask.kind === 'revoke_session' ? one.sessions.filter((s) => s.id !== ask.session) : [],
              }
            : one,
        ),
      };
    }
    if (ask.kind === 'note')
      after = {
        ...after,
        notes: [{ id: item.action_id, text: ask.text, by, at, case: item.case }, ...before.notes],
      };
    if (ask.kind === 'withdraw') {
      after = {
        ...after,
        consents: {
          ...before.consents,
          status: before.consents.status.map((one) =>
            one.purpose === ask.purpose && one.brand === ask.brand
              ? {
                  ...one,
                  recorded: 'withdrawn',
                  effective: 'withdrawn',
                  recorded_at: at,
                  version: one.version + 1,
                }
              : one,
          ),
        },
      };
    }
    records.set(item.customer, after);
    emit({ event: 'changed', customers: [item.customer] });
    return done;
  };
  const send = (item: OutboxItem) => {
    if (status.state === 'offline') return;
    put({ ...item, state: 'sending' });
    setTimeout(() => {
      if (!outbox.some((each) => each.action_id === item.action_id)) return;
      const answered_at = now().toISOString();
      const account = record(item.customer).accounts.find((one) => one.id === item.account);
      if (options.conflict && item.kind === 'unlock' && account) {
        const lock = {
          id: 'lock-2',
          scope: { kind: 'account' as const },
          cause: 'suspected_takeover' as const,
          since: answered_at,
          until: null,
          by: 'Ellen Whitfield',
          note: null,
          version: 1,
        };
        put({
          ...item,
          state: 'conflict',
          answered_at,
          conflict: { kind: 'unlock', now: { ...account, lock_version: 4, locks: [lock] }, ended: [] },
        });
        return;
      }
      put({ ...item, state: 'done', answered_at, done: apply(item) });
    }, storeMs * 3);
  };

  return {
    calls,
    refuse,
    emit,
    goOffline: () =>
      say({
        state: 'offline',
        offline_since: now().toISOString(),
        offline_cause: 'offline',
        next_try: ago(-18_000),
      }),
    goLive() {
      say({
        state: 'live',
        offline_since: null,
        offline_cause: null,
        next_try: null,
        as_of: now().toISOString(),
      });
      for (const item of outbox) if (item.state === 'saved') send(item);
    },
    async start() {
      called('start');
      return startView();
    },
    async checkStore(url) {
      called('checkStore', url);
      await wait(storeMs);
      return {
        url: url.includes('://') ? url : `https://${url}`,
        name: 'Asanagi',
        version: '0.1.0',
        safe: !url.startsWith('http://'),
      };
    },
    async signIn({ store_url, name, password }) {
      called('signIn', store_url, name);
      await wait(storeMs);
      if (password !== 'asanagi') throw failure('wrong_credentials');
      const first = status.customers === 0;
      storeUrl = store_url;
      phase = 'ready';
      agent = { ...kaede, name };
      const total = options.customers ?? 12_480;
      if (first) {
        let done = 0;
        say({ state: 'catching_up', progress: { done, total } });
        const timer = setInterval(() => {
          done = Math.min(total, done + Math.ceil(total / 24));
          if (done < total) say({ progress: { done, total }, customers: done });
          else {
            clearInterval(timer);
            say({ state: 'live', progress: null, customers: total, as_of: now().toISOString() });
          }
        }, storeMs / 2);
      } else say({ state: 'live', as_of: now().toISOString() });
      return startView();
    },
    async signOut() {
      called('signOut');
      phase = 'signed_out';
      agent = null;
      status = { ...status, state: 'signed_out' };
      return startView();
    },
    async status() {
      called('status');
      return status;
    },
    async find(request) {
      called('find', request);
      const { all, hits } = search(people, request, 'desk');
      return {
        hits: hits.slice(0, request.limit),
        total: hits.length,
        counts: {
          all: all.length,
          locked: all.filter((hit) => hit.lock).length,
          brands: sampleBrands.map(({ id }) => ({
            brand: id,
            n: all.filter((hit) => hit.brands.includes(id)).length,
          })),
        },
        partial: false,
      };
    },
    async findStore(request) {
      called('findStore', request);
      needsStore();
      await wait(storeMs);
      const { hits } = search(people, request, 'store');
      return { hits: hits.slice(0, 20), more: hits.length > 20, took_ms: 200 };
    },
    async recent() {
      called('recent');
      return opened.flatMap((id) => people.filter((person) => person.id === id).map(hitOf)).slice(0, 8);
    },
    async open(id, front) {
      called('open', id, front);
      const found = record(id);
      if (front) opened.splice(0, opened.length, id, ...opened.filter((one) => one !== id));
      return found;
    },
    async earlier({ customer, before }) {
      called('earlier', { customer, before });
      needsStore();
      await wait(storeMs);
      const start = new Date(before).getTime();
      const sign_ins = record(customer).sign_ins.recent.map((one, n) => ({
        ...one,
        id: `${one.id}-${before}`,
        at: new Date(start - (n + 1) * 86_400_000).toISOString(),
      }));
      return { sign_ins, more: false };
    },
    async act(request: ActRequest) {
      called('act', request);
      sequence += 1;
      const view = record(request.customer);
      const { ask } = request;
      const account = 'account' in ask ? ask.account : null;
      const minutes = ask.kind in MINUTES ? MINUTES[ask.kind as keyof typeof MINUTES] : null;
      const item: OutboxItem = {
        action_id: `act-${sequence}`,
        kind: ask.kind,
        ask,
        customer: request.customer,
        customer_name: view.profile.name.written,
        account,
        state: 'saved',
        saved_at: now().toISOString(),
        lapses_at: minutes === null ? null : ago(-minutes * 60_000),
        answered_at: null,
        reason: request.reason,
        words: request.words,
        case: request.case,
        saw:
          ask.kind === 'unlock'
            ? (view.accounts.flatMap((one) => one.locks).find((lock) => lock.id === ask.lock) ?? null)
            : null,
        done: null,
        conflict: null,
        failure: null,
      };
      put(item);
      setTimeout(() => send(item), storeMs);
      return item;
    },
    async outbox() {
      called('outbox');
      return outbox;
    },
    async retryNow() {
      called('retryNow');
      await wait(storeMs);
    },
    async takeBack(actionId) {
      called('takeBack', actionId);
      const item = outbox.find((each) => each.action_id === actionId);
      if (item?.state !== 'saved') throw failure('already_sent', { retry: 'no' });
      takeOut(item);
    },
    async resolve(choice) {
      called('resolve', choice);
      const item = outbox.find((each) => each.action_id === choice.action_id);
      if (!item) throw failure('unknown', { retry: 'no' });
      const again: OutboxItem | null =
        choice.choice === 'drop'
          ? null
          : {
              ...item,
              action_id: `${item.action_id}-again`,
              state: 'saved',
              conflict: null,
              failure: null,
            };
      if (again) put(again);
      takeOut(item);
      return again;
    },
    async reveal(request) {
      called('reveal', request);
      needsStore();
      await wait(storeMs);
      const person = people.find((each) => each.id === request.customer);
      const values: Record<string, string | undefined> = {
        'id-email': person?.emailClear,
        'id-phone': person?.phoneClear,
        'id-loyalty': person?.loyaltyClear,
      };
      return { value: values[request.identifier] ?? '', seconds: 60 };
    },
    async copyText(text, sensitive) {
      called('copyText', text, sensitive);
    },
    async preferences() {
      called('preferences');
      return preferences;
    },
    async savePreferences(next) {
      called('savePreferences', next);
      preferences = next;
      return preferences;
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
