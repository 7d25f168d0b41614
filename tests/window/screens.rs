//! Every screen, light and dark, in English and Japanese: nothing that axe-core has against it, and a picture of each.

use std::path::PathBuf;

use madoguchi_tests::{
    axe,
    company::{AGENT, Company, PASSWORD},
    session::{Keyring, Session},
    window::{Thing, Window, dialog, field},
    words::Language,
};
use serde_json::json;

use crate::{
    counter::{self, HARUTO, YUI},
    unlock,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What is done at each screen.
#[derive(Clone)]
enum Look {
    /// axe-core.
    Axe,
    /// A picture in this folder.
    Picture(PathBuf),
}

/// One walk through every screen.
struct Walk {
    window: Window,
    look: Look,
    variant: String,
    found: Vec<String>,
}

impl Walk {
    async fn at(&mut self, screen: &str) {
        let settled = "
            await document.fonts.ready;
            const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
            await Promise.allSettled(moving.map((one) => one.finished));
            await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));";
        let settled = self.window.promise(settled, json!([])).await;
        assert!(settled.is_ok(), "{settled:?}");
        match &self.look {
            Look::Picture(folder) => {
                self.window.picture(&folder.join(format!("{screen}-{}.png", self.variant)));
            }
            Look::Axe => {
                let against = axe::violations(&self.window).await;
                self.found
                    .extend(against.into_iter().map(|line| format!("{screen}-{}: {line}", self.variant)));
            }
        }
    }

    /// Opens a dialog by its key, looks, and closes it.
    async fn dialog(&mut self, key: &str, screen: &str) {
        self.window.keys(key).await;
        self.window.see(&dialog()).await;
        self.at(screen).await;
        self.window.keys("Escape").await;
        self.window.gone(&dialog()).await;
    }
}

async fn walk(language: Language, theme: Theme, look: Look) {
    let mut company = counter::company().await;
    let variant = format!("{}-{}", language.tag(), theme.word());
    let open = async |keyring| {
        let mut session = Session::start(language, keyring);
        session.set("GTK_THEME", if theme == Theme::Dark { "Adwaita:dark" } else { "Adwaita" });
        Window::open(format!("screens-{variant}"), session).await
    };
    let window = open(Keyring::Unlocked).await;
    let mut walk = Walk { window, look, variant: variant.clone(), found: Vec::new() };
    entrance(&mut walk, &company, theme).await;
    customer(&mut walk, &company).await;
    trouble(&mut walk, &company).await;
    refusal(&mut walk, &mut company).await;
    std::mem::replace(&mut walk.window, open(Keyring::Absent).await).close().await;
    without_keyring(&mut walk, &company).await;
    let Walk { window, found, .. } = walk;
    window.close().await;
    assert!(found.is_empty(), "{} things:\n{}", found.len(), found.join("\n"));
}

/// First start, sign-in with a wrong password, the first copy, the find box.
async fn entrance(walk: &mut Walk, company: &Company, theme: Theme) {
    let shown = walk.window.until("a theme", "document.documentElement.dataset.theme", json!([])).await;
    assert_eq!(shown, theme.word(), "the window does not follow the machine's theme");
    walk.window.see(&field(walk.window.word("Store’s address"))).await;
    walk.at("first-start").await;
    counter::name_store(&walk.window, company).await;
    walk.at("sign-in").await;
    walk.window.fill(&field(walk.window.word("Name")), AGENT).await;
    walk.window.fill(&field(walk.window.word("Password")), "not this one").await;
    walk.window.keys("Enter").await;
    walk.window.says(walk.window.word("The name or the password is wrong")).await;
    walk.at("sign-in-wrong").await;
    company.wire().stall_after(24_000);
    walk.window.type_text(PASSWORD).await;
    walk.window.keys("Enter").await;
    counter::in_status(&walk.window, walk.window.word("Fetching customers")).await;
    if walk.window.count(&dialog()).await > 0 {
        walk.window.keys("Escape").await;
        walk.window.gone(&dialog()).await;
    }
    walk.at("first-copy").await;
    company.wire().mend();
    counter::live(&walk.window).await;
    walk.at("start").await;
    walk.dialog("Control+k", "find-empty").await;
    counter::find(&walk.window, "田中").await;
    walk.window.see(&counter::row(&YUI)).await;
    let asked = "/[0-9]/.test(document.querySelector('[role=dialog] [class*=lineEnd]')?.innerText ?? '')";
    walk.window.until("the store has answered", asked, json!([])).await;
    walk.at("find").await;
    counter::find(&walk.window, "zzyzx-nobody").await;
    counter::answered(&walk.window, "zzyzx-nobody").await;
    walk.window.says(walk.window.word("The store has nobody either")).await;
    walk.at("find-nobody").await;
    walk.window.keys("Control+k").await;
    walk.at("find-do").await;
    walk.window.keys("Escape").await;
    walk.window.gone(&dialog()).await;
    walk.dialog("?", "keys").await;
    walk.window.keys("Control+,").await;
    walk.window.see(&Thing::new("heading", walk.window.word("Settings"))).await;
    walk.at("settings").await;
}

/// A customer who can sign in and one who cannot, and every dialog.
async fn customer(walk: &mut Walk, company: &Company) {
    let sample = company.colleague(walk.window.session()).find_locked("田");
    counter::find(&walk.window, &sample).await;
    walk.window
        .until("somebody", "document.querySelector('[role=option][aria-selected=true]')", json!([]))
        .await;
    walk.window.keys("Enter").await;
    walk.window.see(&counter::page(&walk.window)).await;
    walk.at("customer").await;
    for (key, screen) in [
        ("u", "dialog-unlock"),
        ("l", "dialog-lock"),
        ("s", "dialog-revoke"),
        ("w", "dialog-withdraw"),
        ("n", "dialog-note"),
        ("r", "dialog-reveal"),
    ] {
        walk.dialog(key, screen).await;
    }
    counter::open_customer(&walk.window, &HARUTO).await;
    walk.at("customer-unlocked").await;
    walk.window.keys("r").await;
    walk.window.see(&dialog()).await;
    walk.window.keys("2").await;
    walk.window.keys("Control+Enter").await;
    walk.window.gone(&dialog()).await;
    walk.window.says(HARUTO.email).await;
    walk.at("revealed").await;
    let colleague = company.colleague(walk.window.session());
    colleague.lock_for_fraud(&colleague.find(HARUTO.romaji));
    walk.window.says(walk.window.words().piece("a supervisor must end it ({cause})")).await;
    walk.at("supervisor-only").await;
}

/// Offline, Saved, the outbox, a conflict, Done.
async fn trouble(walk: &mut Walk, company: &Company) {
    let application = company.application().await;
    application.lock_out(YUI.subject).await;
    counter::open_customer(&walk.window, &YUI).await;
    walk.window
        .until("locked", "all(args[0])[0]?.dataset.tone === 'stop'", json!([counter::page(&walk.window)]))
        .await;
    company.wire().cut();
    let offline = walk.window.words().piece("Offline since {since}").to_owned();
    counter::in_status(&walk.window, &offline).await;
    walk.at("customer-offline").await;
    walk.window.keys("u").await;
    walk.window.see(&dialog()).await;
    walk.window.keys("2").await;
    walk.at("dialog-unlock-offline").await;
    walk.window.keys("Control+Enter").await;
    unlock::outcome(&walk.window, "saved").await;
    walk.at("saved").await;
    walk.window.keys("Escape").await;
    walk.window.gone(&dialog()).await;
    walk.window.keys("o").await;
    walk.window.says(walk.window.word("Saved, not done yet")).await;
    walk.at("outbox-offline").await;

    let colleague = company.colleague(walk.window.session());
    colleague.unlock(&colleague.find(YUI.romaji));
    application.lock_out(YUI.subject).await;
    company.wire().mend();
    walk.window.says(walk.window.word("Now is")).await;
    walk.at("conflict").await;
    walk.window.keys("o").await;

    walk.window.keys("u").await;
    walk.window.see(&dialog()).await;
    walk.window.keys("2").await;
    walk.window.keys("Control+Enter").await;
    unlock::outcome(&walk.window, "done").await;
    walk.at("done").await;
    walk.window.keys("Escape").await;
    walk.window.gone(&dialog()).await;
}

/// A company takes back who decides over an account while an unlock of it waits on the desk: the store refuses.
async fn refusal(walk: &mut Walk, company: &mut Company) {
    company.application().await.lock_out(YUI.subject).await;
    counter::open_customer(&walk.window, &YUI).await;
    walk.window
        .until("locked", "all(args[0])[0]?.dataset.tone === 'stop'", json!([counter::page(&walk.window)]))
        .await;
    company.wire().cut();
    let offline = walk.window.words().piece("Offline since {since}").to_owned();
    counter::in_status(&walk.window, &offline).await;
    walk.window.keys("u").await;
    walk.window.see(&dialog()).await;
    walk.window.keys("2").await;
    walk.window.keys("Control+Enter").await;
    unlock::outcome(&walk.window, "saved").await;
    company.reopen(|store| {
        store.csv_decided_by("source", &counter::table(), counter::MAP);
    });
    company.wire().mend();
    let refused = unlock::outcome(&walk.window, "stop").await;
    assert!(refused.contains(walk.window.word("Refused, nothing was changed")), "{refused}");
    walk.at("refused").await;
    walk.window.keys("Escape").await;
    walk.window.gone(&dialog()).await;
    walk.window.keys("o").await;
    walk.window.see(&Thing::new("heading", walk.window.word("Outbox"))).await;
    walk.at("outbox-refused").await;
}

/// First start on a machine without a keyring.
async fn without_keyring(walk: &mut Walk, company: &Company) {
    counter::name_store(&walk.window, company).await;
    walk.window.says(walk.window.word("This machine has no keyring")).await;
    walk.at("sign-in-no-keyring").await;
    counter::sign_in_here(&walk.window).await;
    counter::in_status(&walk.window, walk.window.word("No keyring: nothing is kept")).await;
    walk.at("start-no-keyring").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_has_nothing_against_any_screen_en_light() {
    walk(Language::En, Theme::Light, Look::Axe).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_has_nothing_against_any_screen_en_dark() {
    walk(Language::En, Theme::Dark, Look::Axe).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_has_nothing_against_any_screen_ja_light() {
    walk(Language::Ja, Theme::Light, Look::Axe).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_has_nothing_against_any_screen_ja_dark() {
    walk(Language::Ja, Theme::Dark, Look::Axe).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes pictures: cargo xtask shots DIR"]
async fn shots() {
    let folder =
        PathBuf::from(std::env::var_os("MADOGUCHI_SHOTS_DIR").expect("MADOGUCHI_SHOTS_DIR names a folder"));
    for language in [Language::En, Language::Ja] {
        for theme in [Theme::Light, Theme::Dark] {
            walk(language, theme, Look::Picture(folder.clone())).await;
        }
    }
}
