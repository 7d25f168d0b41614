import { beforeEach, describe, expect, it } from 'vitest';
import { speak } from '../../i18n';
import type { Why } from '../../ipc';
import { account, evidence, lock, NOW, tokyo, ZONE } from './test/sample';
import { whySentence } from './why';

const said = (why: Why, accounts = [account()]) => {
  const { lead, rest } = whySentence(why, { accounts, now: NOW, zone: ZONE, brandName: (id) => `<${id}>` });
  return `${lead}|${rest}`;
};
const locked = (over: Partial<Extract<Why, { kind: 'locked' }>> = {}): Why => ({
  kind: 'locked',
  account: 'account-1',
  lock: lock(),
  others: 0,
  evidence: evidence(),
  ...over,
});

const table: [string, Why, string, string][] = [
  [
    'the sign-in rule, with its evidence',
    locked(),
    'Locked until 14:35.|Six wrong passwords between 14:03 and 14:05, all from one address in Osaka not seen before.',
    '14:35 までロック中。|14:03 から 14:05 に、パスワードの誤りが 6 回。すべて、初めて見る大阪の 1 つのアドレスから。',
  ],
  [
    'one failure within a minute, from a known place',
    locked({ evidence: evidence({ failures: 1, to: tokyo('14:03'), new_address: false }) }),
    'Locked until 14:35.|One wrong password at 14:03, from a known address in Osaka.',
    '14:35 までロック中。|14:03 に、パスワードの誤りが 1 回。いつもの大阪のアドレスから。',
  ],
  [
    'many failures over midnight from several addresses',
    locked({
      evidence: evidence({
        failures: 14,
        from: tokyo('11/22 23:58'),
        to: tokyo('00:04'),
        addresses: 3,
        place: null,
      }),
    }),
    'Locked until 14:35.|14 wrong passwords between 11/22 23:58 and 00:04, from 3 addresses, not all seen before.',
    '14:35 までロック中。|11/22 23:58 から 00:04 に、パスワードの誤りが 14 回。3 個のアドレスから、初めて見るものを含む。',
  ],
  [
    'no end, another lock beside it, no evidence',
    locked({ lock: lock({ cause: 'fraud', until: null, by: 'Ellen' }), others: 1, evidence: null }),
    'Locked, no end set.|Fraud is being looked into. And 1 more lock stands.',
    '期限なしのロック中。|不正利用の調査中です。ほかに 1 件のロックがあります。',
  ],
  [
    'a suspicion, ending another day',
    locked({ lock: lock({ cause: 'suspected_takeover', until: tokyo('11/25 09:00') }), others: 2 }),
    'Locked until 11/25 09:00.|Somebody else seems to use this account. Six wrong passwords between 14:03 and 14:05, all from one address in Osaka not seen before. And 2 more locks stand.',
    '11/25 09:00 までロック中。|ほかの誰かが使っている疑いがあります。14:03 から 14:05 に、パスワードの誤りが 6 回。すべて、初めて見る大阪の 1 つのアドレスから。ほかに 2 件のロックがあります。',
  ],
  [
    'a decision with its note',
    locked({ lock: lock({ cause: 'policy', note: 'unpaid' }), evidence: null }),
    'Locked until 14:35.|By the company’s decision: unpaid.',
    '14:35 までロック中。|会社の判断による：unpaid。',
  ],
  [
    'one way in',
    {
      kind: 'partly_locked',
      account: 'account-1',
      lock: lock({ scope: { kind: 'identity', identity: 'identity-google' } }),
      identity: 'google',
      evidence: null,
    },
    'Google is locked until 14:35.|Too many attempts failed in a short time. The other ways in still work.',
    'Googleは 14:35 までロック中。|短時間に失敗が重なりました。ほかの方法ではサインインできます。',
  ],
  [
    'a password that never was',
    { kind: 'no_password', account: 'account-1', instead: 'line', evidence: evidence({ failures: 3 }) },
    'They never had a password.|They sign in with LINE. One was typed all the same, 3 times between 14:03 and 14:05.',
    'パスワードは一度も設定されていません。|いつもは LINE でサインインしています。それでも14:03 から 14:05 に、パスワードが 3 回入力されました。',
  ],
  [
    'failures without a lock',
    {
      kind: 'failing',
      account: 'account-1',
      identity: 'password',
      evidence: evidence({ failures: 2, cause: 'code_expired', addresses: 0, place: null }),
    },
    'Not locked, but the last attempts failed.|Two one-time codes not entered in time between 14:03 and 14:05. Tried with: Password.',
    'ロックはありませんが、直近の試行は失敗しています。|14:03 から 14:05 に、ワンタイムコードの時間切れが 2 回。使われた方法：パスワード。',
  ],
  [
    'no account',
    { kind: 'no_account' },
    'There is no account.|The company knows this person, but there is nothing to sign in to.',
    'アカウントがありません。|お客様情報はありますが、サインイン先がありません。',
  ],
  [
    'no way in',
    { kind: 'no_identity', account: 'account-1' },
    'There is no way in.|The account has neither a password nor a linked provider.',
    'サインイン方法がありません。|パスワードも連携先もないアカウントです。',
  ],
  [
    'nothing, signed in yesterday',
    { kind: 'nothing', last_sign_in: tokyo('11/22 21:17') },
    'Nothing keeps them from signing in.|They last signed in on 11/22 21:17.',
    'サインインを妨げるものはありません。|11/22 21:17 にサインインしたのが最後です。',
  ],
  [
    'nothing, and never a sign-in',
    { kind: 'nothing', last_sign_in: null },
    'Nothing keeps them from signing in.|No sign-in is known yet.',
    'サインインを妨げるものはありません。|サインインの記録はまだありません。',
  ],
];

describe('why they cannot sign in', () => {
  beforeEach(() => speak('en'));

  it.each(table)('in English: %s', (_, why, en) => {
    expect(said(why)).toBe(en);
  });
  it.each(table)('in Japanese: %s', (_, why, _en, ja) => {
    speak('ja');
    expect(said(why)).toBe(ja);
  });

  it('names the brand where there are several accounts, and a source that is not connected', () => {
    const accounts = [account({ authority: 'source' }), account({ id: 'account-2', brand: 'ferry' })];
    expect(said(locked({ evidence: null }), accounts)).toBe(
      'Locked at <stay> until 14:35.|Too many attempts failed in a short time. Its source is not connected, so it cannot be changed from here.',
    );
  });

  it('says who set it and what is left of it, and leads to what it rests on', () => {
    const sentence = whySentence(locked(), {
      accounts: [account()],
      now: NOW,
      zone: ZONE,
      brandName: String,
    });
    expect(sentence.end).toBe('Set 14:05 by the store’s sign-in rule, 23 min left');
    expect(sentence.evidence).toEqual({
      account: 'account-1',
      from: tokyo('14:03'),
      to: tokyo('14:05'),
      n: 6,
    });
  });
});
