//! The sample company: three brands, what each asks for, and the notices it shows.

use std::time::Duration;

use madoguchi_domain::{Timestamp, consent::Purpose, role::Brand};

use crate::db::company::Notice;

const DAY: u64 = 86_400;

/// A brand: id, English, Japanese.
pub(super) const BRANDS: [(&str, &str, &str); 3] = [
    ("asanagi-stay", "Asanagi Stay", "朝凪ステイ"),
    ("asanagi-ferry", "Asanagi Ferry", "朝凪フェリー"),
    ("asanagi-pay", "Asanagi Pay", "朝凪ペイ"),
];

/// A purpose of every brand, and how people take it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) id: &'static str,
    pub(super) name_en: &'static str,
    pub(super) name_ja: &'static str,
    /// Behind the brand's name; see [`brands`].
    text_en: &'static str,
    text_ja: &'static str,
    /// Of a thousand people, how many were asked at all.
    pub(super) asked: u64,
    /// Of a thousand who were asked, how many said yes.
    pub(super) yes: u64,
    /// How many months a yes holds; none until it is taken back.
    pub(super) months: Option<u64>,
}

/// What every brand asks for.
pub(super) const PURPOSES: [Asked; 7] = [
    Asked {
        id: "service-notices",
        name_en: "Service notices",
        name_ja: "サービスに関するお知らせ",
        text_en: "writes to you about your bookings, payments and changes to the service.",
        text_ja: "ご予約、お支払い、サービスの変更についてご連絡します。",
        asked: 1000,
        yes: 985,
        months: None,
    },
    Asked {
        id: "email-offers",
        name_en: "E-mail offers",
        name_ja: "メールでのご案内",
        text_en: "sends offers to your e-mail address. You can stop this at any time.",
        text_ja: "お得な情報をメールでお送りします。いつでも停止できます。",
        asked: 900,
        yes: 560,
        months: None,
    },
    Asked {
        id: "sms-offers",
        name_en: "SMS offers",
        name_ja: "SMSでのご案内",
        text_en: "sends offers to your phone by SMS. You can stop this at any time.",
        text_ja: "お得な情報をSMSでお送りします。いつでも停止できます。",
        asked: 520,
        yes: 300,
        months: None,
    },
    Asked {
        id: "line-offers",
        name_en: "LINE offers",
        name_ja: "LINEでのご案内",
        text_en: "sends offers to you on LINE. You can stop this at any time.",
        text_ja: "お得な情報をLINEでお送りします。いつでも停止できます。",
        asked: 480,
        yes: 520,
        months: Some(24),
    },
    Asked {
        id: "recommendations",
        name_en: "Recommendations",
        name_ja: "おすすめの表示",
        text_en: "uses what you looked at and booked to suggest what may suit you.",
        text_ja: "閲覧やご予約の履歴をもとに、おすすめを表示します。",
        asked: 620,
        yes: 640,
        months: None,
    },
    Asked {
        id: "partner-sharing",
        name_en: "Sharing with partners",
        name_ja: "提携先への提供",
        text_en: "passes your name and e-mail address to partner companies, which are listed on the consent page.",
        text_ja: "お名前とメールアドレスを提携先に提供します。提携先の一覧は同意のページにあります。",
        asked: 560,
        yes: 180,
        months: Some(36),
    },
    Asked {
        id: "location",
        name_en: "Location",
        name_ja: "位置情報の利用",
        text_en: "uses the place of your phone while the app is open to show what is near you.",
        text_ja: "アプリの利用中、端末の位置情報をもとに近くの情報を表示します。",
        asked: 430,
        yes: 450,
        months: Some(24),
    },
];

/// The notice of this purpose of this brand.
pub(super) fn notice_id(brand: &str, purpose: &str) -> String {
    format!("{}-{purpose}", brand.trim_start_matches("asanagi-"))
}

/// When each version of a notice began, as days before now; the place in the list and one is its version.
const VERSIONS: [u64; 3] = [7 * 365, 900, 200];

/// The version that was shown at `at`.
pub(super) fn version(at: Timestamp, now: Timestamp) -> i32 {
    let shown = VERSIONS.iter().filter(|days| at >= now.minus(Duration::from_secs(*days * DAY))).count();
    i32::try_from(shown.max(1)).unwrap_or(1)
}

/// The brands.
pub(super) fn brands() -> Vec<Brand> {
    BRANDS
        .iter()
        .map(|(id, name_en, name_ja)| Brand {
            id: (*id).into(),
            name_en: (*name_en).to_owned(),
            name_ja: (*name_ja).to_owned(),
        })
        .collect()
}

/// What each of them asks for.
pub(super) fn purposes() -> Vec<Purpose> {
    BRANDS
        .iter()
        .flat_map(|(brand, ..)| {
            PURPOSES.iter().map(|asked| Purpose {
                id: asked.id.into(),
                brand: (*brand).into(),
                name_en: asked.name_en.to_owned(),
                name_ja: asked.name_ja.to_owned(),
            })
        })
        .collect()
}

/// What they show for it: every version in both languages.
pub(super) fn notices(now: Timestamp) -> Vec<Notice> {
    let mut notices = Vec::new();
    for (brand, brand_en, brand_ja) in BRANDS {
        for asked in &PURPOSES {
            for (version, days) in (1i32..).zip(VERSIONS) {
                let (more_en, more_ja) = added(version);
                for (language, text) in [
                    ("en", format!("{brand_en} {}{more_en}", asked.text_en)),
                    ("ja", format!("{brand_ja}から、{}{more_ja}", asked.text_ja)),
                ] {
                    notices.push(Notice {
                        id: notice_id(brand, asked.id).as_str().into(),
                        version,
                        language: language.to_owned(),
                        brand: brand.into(),
                        purpose: asked.id.into(),
                        text,
                        shown_from: now.minus(Duration::from_secs(days * DAY)),
                    });
                }
            }
        }
    }
    notices
}

/// What a version says behind the words of the first one.
const fn added(version: i32) -> (&'static str, &'static str) {
    match version {
        1 => ("", ""),
        2 => (
            " See the privacy notice for how long we keep your data.",
            "保存期間はプライバシー通知をご覧ください。",
        ),
        _ => (
            " See the privacy notice for how long we keep your data. Your choice does not change the price of anything.",
            "保存期間はプライバシー通知をご覧ください。選択によって料金が変わることはありません。",
        ),
    }
}
