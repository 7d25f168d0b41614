// Made-up customers for development and tests; nobody here is anybody.
import type { Brand, Hit, Lock, Purpose } from '../../ipc';

export type Person = Omit<Hit, 'matched' | 'pending'> & {
  former: string | null;
  emailClear: string;
  phoneClear: string;
  loyaltyClear: string;
};

const surnames = [
  ['田中', 'タナカ', 'Tanaka'],
  ['佐藤', 'サトウ', 'Sato'],
  ['鈴木', 'スズキ', 'Suzuki'],
  ['高橋', 'タカハシ', 'Takahashi'],
  ['小林', 'コバヤシ', 'Kobayashi'],
  ['山田', 'ヤマダ', 'Yamada'],
  ['中村', 'ナカムラ', 'Nakamura'],
  ['渡邉', 'ワタナベ', 'Watanabe'],
  ['佐々木', 'ササキ', 'Sasaki'],
  ['小野', 'オノ', 'Ono'],
  ['田仲', 'タナカ', 'Tanaka'],
  ['齋藤', 'サイトウ', 'Saito'],
] as const;
const givens = [
  ['美咲', 'ミサキ', 'Misaki'],
  ['太郎', 'タロウ', 'Taro'],
  ['由紀', 'ユキ', 'Yuki'],
  ['健一', 'ケンイチ', 'Kenichi'],
  ['彩', 'アヤ', 'Aya'],
  ['直樹', 'ナオキ', 'Naoki'],
  ['葵', 'アオイ', 'Aoi'],
  ['恵', 'メグミ', 'Megumi'],
  ['浩二', 'コウジ', 'Koji'],
  ['さくら', 'サクラ', 'Sakura'],
] as const;
const western = [
  ['Amelia', 'Hartley'],
  ['Daniel', 'Tanaka-Reyes'],
  ['Tom', 'Lindqvist'],
  ['Emi', 'Tanaka Holt'],
  ['Noor', 'van Dijk'],
  ['Lucía', 'Ferreira'],
  ['Jonas', 'Weber'],
  ['Priya', 'Nair'],
] as const;

export const sampleBrands: Brand[] = [
  { id: 'stay', name_en: 'Asanagi Stay', name_ja: '朝凪ステイ' },
  { id: 'ferry', name_en: 'Asanagi Ferry', name_ja: '朝凪フェリー' },
];
export const samplePurposes: Purpose[] = sampleBrands.flatMap(({ id: brand }) => [
  { id: 'service', brand, name_en: 'Service notices', name_ja: 'サービスのお知らせ' },
  { id: 'email_offers', brand, name_en: 'E-mail offers', name_ja: 'メールのご案内' },
  { id: 'sms_offers', brand, name_en: 'SMS offers', name_ja: 'SMS のご案内' },
  { id: 'line_offers', brand, name_en: 'LINE offers', name_ja: 'LINE のご案内' },
  { id: 'recommendations', brand, name_en: 'Recommendations', name_ja: 'おすすめ' },
  { id: 'partners', brand, name_en: 'Sharing with partners', name_ja: '提携先への提供' },
  { id: 'location', brand, name_en: 'Location', name_ja: '位置情報' },
]);

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const maskMail = (mail: string) => `${mail[0]}•••${mail.split('@')[0]?.slice(-1)}@${mail.split('@')[1]}`;

/** The lock of the sign-in rule, as most are. */
export const ruleLock = (now: Date): Lock => ({
  id: 'lock-1',
  scope: { kind: 'account' },
  cause: 'too_many_failures',
  since: new Date(now.getTime() - 7 * 60_000).toISOString(),
  until: new Date(now.getTime() + 23 * 60_000).toISOString(),
  by: 'rule',
  note: null,
  version: 3,
});

function person(
  n: number,
  now: Date,
  written: string,
  reading: string | null,
  romaji: string | null,
  mail: string,
  source: Hit['source'],
): Person {
  const last4 = String(4821 + n * 137).slice(-4);
  const loyalty = `AS-${1000 + n * 7}-${String(3307 + n * 91).slice(-4)}`;
  return {
    id: `C-${(0x7f3 + n * 3131).toString(36).toUpperCase().padStart(4, '0').slice(-4)}-${String(2009 + n * 53).slice(-4)}`,
    written,
    reading,
    romaji,
    former: n === 9 ? '田中 沙織' : null,
    email: maskMail(mail),
    phone: reading ? `0${at([9, 8, 7], n)}0-••••-${last4}` : `+4•••${last4}`,
    loyalty: `AS•••${loyalty.slice(-4)}`,
    languages: reading ? ['ja', 'en'] : ['en'],
    brands: n % 4 === 3 ? ['stay', 'ferry'] : [at(['stay', 'ferry'], n)],
    lock: n % 9 === 0 ? ruleLock(now) : null,
    last_sign_in: n % 5 === 4 ? null : new Date(now.getTime() - 152 * 60_000 - n * 7_300_000).toISOString(),
    source,
    emailClear: mail,
    phoneClear: reading ? `090-5512-${last4}` : `+44 7700 90${last4}`,
    loyaltyClear: loyalty,
  };
}

/** The same people each time: Japanese names in every pairing of the lists, Western ones between them. */
export function samplePeople(now: Date): Person[] {
  const people: Person[] = [];
  for (let g = 0; g < givens.length; g += 1) {
    for (let s = 0; s < surnames.length; s += 1) {
      const n = people.length;
      const [surname, given] = [at(surnames, s), at(givens, g + s)];
      const mail = `${given[2].toLowerCase()}.${surname[2].toLowerCase()}${n}@example.jp`;
      people.push(
        person(
          n,
          now,
          `${surname[0]} ${given[0]}`,
          `${surname[1]} ${given[1]}`,
          `${surname[2]} ${given[2]}`,
          mail,
          n % 6 === 5 ? 'store' : 'desk',
        ),
      );
    }
    const n = people.length;
    const [first, family] = at(western, g);
    const mail = `${first.toLowerCase().replace('í', 'i')}${n}@example.co.uk`;
    people.push(person(n, now, `${first} ${family}`, null, null, mail, g % 4 === 3 ? 'store' : 'desk'));
  }
  return people;
}
