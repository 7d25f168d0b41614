//! What agents wrote down and did.

use std::time::Duration;

use madoguchi_domain::{
    AccountId, ActionId, NoteId, Timestamp,
    account::LockCause,
    action::{ActionDone, ActionKind, Reason},
    customer::{IdentifierKind, Note},
};

use super::{dice::Dice, story::AGENTS};
use crate::db::bulk::NewAccount;

const DAY: u64 = 86_400;

/// Notes in Japanese.
const WORDS_JA: &[&str] = &[
    "17時以降に折り返しをご希望。メールよりLINEがよいとのこと。",
    "機種変更後にログインできないとのお問い合わせ。認証コードの受信先をご案内済み。",
    "パスワードの再設定をご案内。完了を確認。",
    "ご本人確認済み。登録の電話番号に折り返し。",
    "予約の領収書を再送。宛名は会社名をご希望。",
    "引っ越しに伴う住所変更。書類はペーパーレスをご希望。",
    "お子様の予約についてのご質問。ご家族で電話番号を共有。",
    "メール配信の停止をご希望。手順をご案内。",
    "出張先の大阪からログインできないとのこと。",
    "旧姓のままの予約あり。次回の来館時に確認。",
    "耳が不自由なため、電話ではなくメールでの連絡をご希望。",
    "ポイントの合算についてお問い合わせ。担当部署へ引き継ぎ。",
];

/// Notes in English.
const WORDS_EN: &[&str] = &[
    "Please call after 17:00. Prefers LINE to e-mail.",
    "New phone, codes still went to the old one. Explained where to change the number.",
    "Reset the password together; works again.",
    "Called back on the number we hold. It was them.",
    "Wants receipts in the company's name.",
    "Travels a lot: sign-ins from abroad are expected until March.",
    "Shares the phone with their partner, who is a customer too.",
    "Asked how to stop the offers; showed the consent page.",
    "Cannot sign in from the hotel's network, works on mobile data.",
    "Married name on the booking, former name on the card. Checked at the counter.",
    "Deaf: write, do not call.",
    "Asked to have two accounts made one. Passed on.",
];

/// The notes of one customer, the oldest first.
pub(super) fn notes(dice: &mut Dice, japanese: bool, since: Timestamp, now: Timestamp) -> Vec<Note> {
    let count = dice.weighted(&[(84, 0), (11, 1), (4, 2), (1, 3)]);
    let earliest = since.max(now.minus(Duration::from_secs(300 * DAY)));
    let mut notes: Vec<Note> = (0..count)
        .map(|_| {
            let at = dice.moment(earliest, now);
            Note {
                id: NoteId::new(at, dice.bytes()),
                text: (*dice.pick(if japanese { WORDS_JA } else { WORDS_EN })).to_owned(),
                by: (*dice.pick(AGENTS)).to_owned(),
                at,
                case: dice.per_mille(700).then(|| case(dice)),
            }
        })
        .collect();
    notes.sort_by_key(|note| note.at);
    notes
}

fn case(dice: &mut Dice) -> String {
    format!("CS-{}", dice.between(14_000, 20_999))
}

/// What was done to one customer, the oldest first: the unlocks their ended locks tell of, each note, some reveals.
pub(super) fn actions(
    dice: &mut Dice,
    accounts: &[NewAccount],
    notes: &[Note],
    now: Timestamp,
) -> Vec<ActionDone> {
    let mut done = Vec::new();
    for note in notes {
        done.push(act(dice, ActionKind::Note, None, &note.by, note.at, note.case.clone()));
        // Who writes something down often looked up a number before.
        if dice.per_mille(250) {
            let at = note.at.minus(dice.seconds(30, 400));
            let mut reveal = act(dice, ActionKind::Reveal, None, &note.by, at, note.case.clone());
            reveal.reason = Some(*dice.pick(&[Reason::CallBack, Reason::Verify]));
            reveal.revealed = Some(*dice.pick(&[IdentifierKind::Phone, IdentifierKind::Email]));
            done.push(reveal);
        }
    }
    for account in accounts {
        for lock in &account.ended {
            let case = Some(case(dice));
            let mut unlock = act(dice, ActionKind::Unlock, Some(account.id), &lock.by, lock.at, case);
            unlock.reason = Some(*dice.pick(&[Reason::Mistyped, Reason::ForgotPassword, Reason::NewDevice]));
            unlock.lock_cause = Some(lock.lock.cause);
            done.push(unlock);
        }
        for lock in account.locks.iter().filter(|lock| lock.cause == LockCause::CustomerRequest) {
            let case = Some(case(dice));
            let mut set = act(dice, ActionKind::Lock, Some(account.id), &lock.by, lock.since, case);
            set.reason = Some(Reason::CustomerAsked);
            set.lock_cause = Some(lock.cause);
            done.push(set);
        }
    }
    done.retain(|action| action.at <= now);
    done.sort_by_key(|action| action.at);
    done
}

fn act(
    dice: &mut Dice,
    kind: ActionKind,
    account: Option<AccountId>,
    by: &str,
    at: Timestamp,
    case: Option<String>,
) -> ActionDone {
    ActionDone {
        id: ActionId::new(at, dice.bytes()),
        kind,
        account,
        by: by.to_owned(),
        at,
        reason: None,
        words: None,
        case,
        // The store counts its entries when they are written.
        entry: 0,
        lock_cause: None,
        revealed: None,
    }
}
