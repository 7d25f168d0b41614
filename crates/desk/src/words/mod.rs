//! The desk's own sentences, in English and Japanese: one for each error, and `mado`'s texts.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use madoguchi_domain::{account::Lock, sign_in::Cause, why::Why};
use unic_langid::{LanguageIdentifier, langid};

use madoguchi_protocol::error::Code;

use crate::error::DeskError;

const EN: &str = include_str!("en.ftl");
const JA: &str = include_str!("ja.ftl");

/// The notice that a cache was set aside: the files are unusable, but nothing is to be done about it.
pub(crate) const CACHE_SET_ASIDE: &str = "notice-cache-set-aside";

/// The notice that an action of a lost outbox was not done; the sentence of its code follows.
pub(crate) const LOST_NOT_DONE: &str = "notice-lost-not-done";

/// Another agent of this desk saved the action.
pub(crate) const NOT_YOURS: &str = "error-not-yours";

/// A later version of this program wrote the desk's files.
pub(crate) const NEWER_FILES: &str = "error-newer-files";

/// A language the desk speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// The language of a tag or a locale (`ja`, `ja-JP`, `ja_JP.UTF-8`); English for every other.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ja") { Self::Ja } else { Self::En }
    }

    /// What the environment asks for: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
    #[must_use]
    pub fn of_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .map_or(Self::En, |value| Self::of(&value))
    }

    /// The catalogue of this language.
    #[must_use]
    pub fn words(self) -> &'static Words {
        static BOTH: LazyLock<[Words; 2]> =
            LazyLock::new(|| [Words::new(Language::En), Words::new(Language::Ja)]);
        &BOTH[usize::from(self == Self::Ja)]
    }

    const fn id(self) -> LanguageIdentifier {
        match self {
            Self::En => langid!("en"),
            Self::Ja => langid!("ja"),
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::of_environment()
    }
}

/// The catalogue of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({:?})", self.language)
    }
}

impl Words {
    fn new(language: Language) -> Self {
        let text = match language {
            Language::En => EN,
            Language::Ja => JA,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
        // Fluent's invisible marks around values are for mixed directions; both languages run left to right.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// Which language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of that key with its values; the key itself when there is none (a test proves there always is).
    #[must_use]
    pub fn say(&self, key: &str, values: &[(&str, String)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set((*name).to_owned(), value.clone());
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// The word for a value that travels as a word: `named("lock-cause", &LockCause::Fraud)`.
    #[must_use]
    pub fn named(&self, what: &str, value: &impl serde::Serialize) -> String {
        let word = serde_json::to_value(value).ok();
        let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
        self.say(&format!("{what}-{}", word.replace('_', "-")), &[])
    }

    /// One sentence: why somebody cannot sign in.
    #[must_use]
    pub fn why(&self, why: &Why) -> String {
        let lock = |lock: &Lock| {
            vec![
                ("cause", self.named("lock-cause", &lock.cause)),
                ("since", moment(lock.since)),
                ("until", lock.until.map(moment).unwrap_or_default()),
            ]
        };
        let identity = |kind| ("identity", self.named("identity", kind));
        match why {
            Why::Locked { lock: of, .. } if of.until.is_some() => self.say("why-locked", &lock(of)),
            Why::Locked { lock: of, .. } => self.say("why-locked-open", &lock(of)),
            Why::PartlyLocked { lock: of, identity: kind, .. } => {
                let mut values = lock(of);
                values.push(identity(kind));
                self.say("why-partly-locked", &values)
            }
            Why::NoPassword { instead, .. } => self.say("why-no-password", &[identity(instead)]),
            Why::Failing { identity: kind, evidence, .. } => {
                let cause = self.named("cause", &evidence.cause.unwrap_or(Cause::Other));
                let failures = ("failures", evidence.failures.to_string());
                self.say("why-failing", &[identity(kind), failures, ("cause", cause)])
            }
            Why::NoAccount => self.say("why-no-account", &[]),
            Why::NoIdentity { .. } => self.say("why-no-identity", &[]),
            Why::Nothing { .. } => self.say("why-nothing", &[]),
        }
    }

    /// The sentence for an error.
    #[must_use]
    pub fn error(&self, error: &DeskError) -> String {
        let detail = error.detail.as_deref().unwrap_or_default();
        if matches!(detail, CACHE_SET_ASIDE | NOT_YOURS | NEWER_FILES) {
            return self.say(detail, &[]);
        }
        if detail == LOST_NOT_DONE {
            return self.say(detail, &[("why", self.error(&DeskError::new(error.code)))]);
        }
        let key = format!("error-{}", error.code.word().replace('_', "-"));
        let until = error.until.map_or_else(|| self.say("later", &[]), clock_time);
        let detail = match error.code {
            Code::ClockOff => self.span(detail),
            _ => self.holder(detail),
        };
        self.say(&key, &[("until", until), ("detail", detail)])
    }

    /// `3 min`, for minutes as a number.
    fn span(&self, minutes: &str) -> String {
        let minutes: u64 = minutes.parse().unwrap_or(0);
        let (key, n) = if minutes < 120 { ("span-minutes", minutes) } else { ("span-hours", minutes / 60) };
        self.say(key, &[("n", n.to_string())])
    }

    /// Who holds the files: a program's name and, on a line of its own, the number of its process.
    fn holder(&self, holder: &str) -> String {
        match holder.split_once('\n') {
            Some((program, process)) => {
                let values = [("program", program.to_owned()), ("process", process.to_owned())];
                self.say("holder", &values)
            }
            None if holder.is_empty() => self.say("another-program", &[]),
            None => holder.to_owned(),
        }
    }
}

/// `2026-11-23 14:12Z`.
pub(crate) fn moment(at: madoguchi_domain::Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute}Z"),
        _ => text,
    }
}

/// `14:32 UTC`: a desk in a terminal does not know whose wall the person looks at.
fn clock_time(at: madoguchi_domain::Timestamp) -> String {
    let text = at.to_string();
    text.get(11..16).map_or_else(|| text.clone(), |time| format!("{time} UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_bundle::FluentResource;
    use std::collections::BTreeSet;

    fn keys(text: &str) -> BTreeSet<String> {
        FluentResource::try_new(text.to_owned()).expect("the catalogue has no syntax error");
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn both_catalogues_say_the_same_things() {
        assert_eq!(keys(EN), keys(JA));
    }

    #[test]
    fn every_error_has_a_sentence_of_its_own_in_both_languages() {
        for language in [Language::En, Language::Ja] {
            let words = language.words();
            let mut sentences = BTreeSet::new();
            for code in Code::ALL {
                let sentence = words.error(&DeskError::new(code));
                assert!(!sentence.starts_with("error-"), "{code:?} has no sentence in {language:?}");
                assert!(!sentence.contains('{'), "{sentence}");
                assert!(sentence.ends_with(if language == Language::Ja { '。' } else { '.' }), "{sentence}");
                assert!(sentences.insert(sentence), "{code:?} says what another code says");
            }
        }
    }

    #[test]
    fn japanese_sentences_are_japanese() {
        for line in JA.lines().filter_map(|line| line.split_once(" = ")) {
            let japanese = line.1.chars().any(|c| matches!(c, 'ぁ'..='ヿ' | '一'..='龯'));
            assert!(japanese, "{} = {}", line.0, line.1);
        }
    }

    #[test]
    fn every_word_that_travels_has_a_word_for_people() {
        let words = Language::En.words();
        let lists = [
            (
                "lock-cause",
                "too_many_failures suspected_takeover customer_request fraud dormant contact_unverified disabled_at_source policy",
            ),
            ("outcome", "signed_in failed refused"),
            (
                "cause",
                "wrong_password wrong_code code_expired locked provider_refused cancelled unknown_user password_expired contact_unverified other",
            ),
            ("consent", "never_asked given refused withdrawn expired"),
            ("identity", "password google facebook apple line enterprise other"),
            ("identifier", "email phone loyalty"),
            ("action", "unlock lock revoke_session revoke_sessions note withdraw reveal"),
            ("state", "saved sending done conflict refused lapsed"),
        ];
        for (what, list) in lists {
            for word in list.split(' ') {
                let said = words.named(what, &word);
                assert!(!said.starts_with(&format!("{what}-")), "{what} {word} has no word");
            }
        }
    }

    #[test]
    fn the_language_is_read_from_a_locale() {
        assert_eq!(Language::of("ja_JP.UTF-8"), Language::Ja);
        assert_eq!(Language::of("ja"), Language::Ja);
        assert_eq!(Language::of("C"), Language::En);
        assert_eq!(Language::of("javanese"), Language::En);
    }
}
