import type { Account, ConsentState, CustomerView, SignIn } from '../../ipc';
import { type Person, ruleLock } from './people';

const consents: [string, ConsentState, ConsentState][] = [
  ['service', 'given', 'given'],
  ['email_offers', 'withdrawn', 'withdrawn'],
  ['sms_offers', 'given', 'given'],
  ['line_offers', 'given', 'given'],
  ['recommendations', 'given', 'given'],
  ['partners', 'refused', 'refused'],
  ['location', 'given', 'expired'],
];

/** One customer's whole record as the desk would give it. */
export function recordOf(person: Person, now: Date): CustomerView {
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
  const brand = person.brands[0] ?? 'stay';
  const signIn = (id: string, minutes: number, over: Partial<SignIn> = {}): SignIn => ({
    id,
    account: 'account-1',
    identity: 'password',
    at: ago(minutes),
    outcome: 'signed_in',
    cause: null,
    address: '198.51.100.24',
    place: 'Tokyo',
    device: 'iPhone',
    client: 'App 8.2',
    channel: 'stay-app',
    new_address: false,
    ...over,
  });
  const osaka = {
    address: '203.0.113.58',
    place: 'Osaka',
    device: 'Windows',
    client: 'Chrome 142',
    new_address: true,
  };
  const signIns: SignIn[] = [
    ...(person.lock
      ? [
          signIn('s1', 4, {
            ...osaka,
            outcome: 'refused',
            cause: 'locked',
            device: 'iPhone',
            client: 'Safari 19',
          }),
          ...Array.from({ length: 6 }, (_, n) =>
            signIn(`s2${n}`, 7 + n * 0.3, { ...osaka, outcome: 'failed', cause: 'wrong_password' }),
          ),
        ]
      : []),
    signIn('s3', 152, { identity: 'line' }),
    signIn('s4', 60 * 17, { identity: 'google', device: 'MacBook', client: 'Safari 19' }),
    signIn('s5', 60 * 78, { device: 'MacBook', client: 'Safari 19' }),
    signIn('s6', 60 * 124, {
      outcome: 'failed',
      cause: 'code_expired',
      place: 'Yokohama',
      address: '192.0.2.77',
      device: 'iPad',
    }),
    signIn('s7', 60 * 125, { identity: 'line', place: 'Yokohama', address: '192.0.2.77', device: 'iPad' }),
  ];
  const lock = person.lock ? ruleLock(now) : null;
  const accounts: Account[] = person.brands.map((one, n) => ({
    id: `account-${n + 1}`,
    issuer: n === 0 ? 'https://id.asanagi.example' : 'https://sso.ferry.example',
    brand: one,
    authority: n === 0 ? 'store' : 'source',
    blocked: lock !== null && n === 0,
    lock_version: 3,
    session_epoch: 1,
    identities: (['password', 'google', 'apple', 'line'] as const).map((kind, i) => ({
      id: `identity-${n}-${i}`,
      kind,
      issuer: kind,
      masked: kind === 'line' ? 'U4•••f2c2' : (person.email ?? ''),
      linked_at: '2021-06-14T03:00:00Z',
      last_sign_in: [ago(60 * 78), ago(60 * 17), '2026-08-29T22:55:00Z', ago(152)][i] ?? null,
      failures_today: kind === 'password' && lock ? 7 : 0,
    })),
    sessions: [
      {
        id: `session-${n}-1`,
        started_at: ago(152),
        last_seen_at: ago(30),
        device: 'iPhone',
        client: 'App 8.2',
        place: 'Tokyo',
      },
      {
        id: `session-${n}-2`,
        started_at: ago(60 * 17),
        last_seen_at: ago(60 * 9),
        device: 'MacBook',
        client: 'Safari 19',
        place: 'Tokyo',
      },
      {
        id: `session-${n}-3`,
        started_at: ago(60 * 125),
        last_seen_at: ago(60 * 90),
        device: 'iPad',
        client: 'App 8.2',
        place: 'Yokohama',
      },
    ],
    locks: lock && n === 0 ? [lock] : [],
    since: '2021-06-14T03:00:00Z',
  }));
  return {
    profile: {
      id: person.id,
      name: {
        written: person.written,
        reading: person.reading,
        romaji: person.romaji,
        former: person.former,
      },
      brands: person.brands,
      languages: person.languages,
      time_zone: person.reading ? 'Asia/Tokyo' : 'Europe/London',
      country: person.reading ? 'JP' : 'GB',
      tier: 'Gold',
      since: '2021-06-14T03:00:00Z',
      identifiers: [
        {
          id: 'id-email',
          kind: 'email',
          masked: person.email ?? '',
          clear: null,
          verified_at: '2021-06-14T03:00:00Z',
          held_since: '2021-06-14T03:00:00Z',
          source: 'store',
        },
        {
          id: 'id-phone',
          kind: 'phone',
          masked: person.phone ?? '',
          clear: null,
          verified_at: '2023-04-02T03:00:00Z',
          held_since: '2023-04-02T03:00:00Z',
          source: 'store',
        },
        {
          id: 'id-loyalty',
          kind: 'loyalty',
          masked: person.loyalty ?? '',
          clear: null,
          verified_at: null,
          held_since: '2024-01-09T03:00:00Z',
          source: 'store',
        },
      ],
      version: 5,
    },
    accounts,
    consents: {
      status: consents.map(([purpose, recorded, effective], n) => ({
        brand,
        purpose,
        recorded,
        recorded_at: ago(60 * 24 * (1 + n * 180)),
        effective,
        until: purpose === 'location' ? ago(60 * 24 * 5) : null,
        version: 2,
      })),
      events: consents.map(([purpose, recorded], n) => ({
        id: `event-${n}`,
        brand,
        purpose,
        change: recorded === 'withdrawn' ? 'withdrawn' : recorded === 'refused' ? 'refused' : 'given',
        method: 'web',
        by: 'customer',
        notice: { id: `notice-${purpose}`, version: 7, language: person.reading ? 'ja' : 'en' },
        captured_at: ago(60 * 24 * (1 + n * 180)),
        received_at: ago(60 * 24 * (1 + n * 180)),
        until: null,
      })),
    },
    notes: [
      {
        id: 'note-1',
        text: person.reading
          ? '17 時以降に折り返し希望。メールより LINE。'
          : 'Please call after 17:00. Prefers LINE to e-mail.',
        by: 'Jun Sato',
        at: ago(60 * 70),
        case: 'CS-20377',
      },
    ],
    actions: [
      {
        id: 'action-0',
        kind: 'reveal',
        account: null,
        by: 'Jun Sato',
        at: ago(60 * 70 + 3),
        reason: 'call_back',
        words: null,
        case: 'CS-20377',
        entry: 47_980,
        lock_cause: null,
        revealed: 'phone',
      },
    ],
    sign_ins: { recent: signIns, total: signIns.length + 41 },
    why: lock
      ? {
          kind: 'locked',
          account: 'account-1',
          lock,
          others: 0,
          evidence: {
            failures: 6,
            from: ago(8.5),
            to: ago(7),
            cause: 'wrong_password',
            addresses: 1,
            place: 'Osaka',
            device: 'Windows',
            new_address: true,
          },
        }
      : { kind: 'nothing', last_sign_in: ago(152) },
    pending: [],
    as_of: now.toISOString(),
    source: person.source,
  };
}
