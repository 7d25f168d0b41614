//! The window's commands. What they do is the desk's; what they are called is in `src-tauri/commands.rs`.

use tauri::{State, ipc::Invoke};

use madoguchi_desk::{
    DeskError,
    view::{
        ActRequest, Credentials, CustomerView, EarlierAnswer, EarlierRequest, Failure, FindAnswer,
        FindRequest, FindStoreAnswer, Hit, OutboxItem, Preferences, Resolve, RevealRequest, Revealed, Start,
        Status, StoreSeen,
    },
};
use madoguchi_domain::{ActionId, CustomerId};

use crate::{Counter, clipboard};

type Answer<T> = Result<T, Failure>;
type At<'a> = State<'a, Counter>;

/// Every command, for the builder.
pub(crate) fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        start,
        check_store,
        sign_in,
        sign_out,
        status,
        find,
        find_store,
        recent,
        open,
        earlier,
        act,
        outbox,
        retry_now,
        take_back,
        resolve,
        reveal,
        clipboard::copy,
        preferences,
        save_preferences,
    ]
}

/// The failure in the language of the window.
fn say(counter: &At<'_>, error: &DeskError) -> Failure {
    error.failure(counter.desk().map_or_else(|_| Default::default(), |desk| desk.language()))
}

/// A command that asks the desk: `ask!(counter, desk => call)`.
macro_rules! ask {
    ($counter:ident, $desk:ident => $call:expr) => {{
        let answer = match $counter.desk() {
            Ok($desk) => $call,
            Err(error) => Err(error),
        };
        answer.map_err(|error| say(&$counter, &error))
    }};
}

#[tauri::command]
async fn start(counter: At<'_>) -> Answer<Start> {
    ask!(counter, desk => desk.start().await)
}

#[tauri::command]
async fn check_store(counter: At<'_>, url: String) -> Answer<StoreSeen> {
    ask!(counter, desk => desk.check_store(&url).await)
}

#[tauri::command]
async fn sign_in(counter: At<'_>, credentials: Credentials) -> Answer<Start> {
    ask!(counter, desk => desk.sign_in(credentials).await)
}

#[tauri::command]
async fn sign_out(counter: At<'_>) -> Answer<Start> {
    ask!(counter, desk => desk.sign_out().await)
}

#[tauri::command]
async fn status(counter: At<'_>) -> Answer<Status> {
    ask!(counter, desk => desk.status().await)
}

#[tauri::command]
async fn find(counter: At<'_>, request: FindRequest) -> Answer<FindAnswer> {
    ask!(counter, desk => desk.find(request).await)
}

#[tauri::command]
async fn find_store(counter: At<'_>, request: FindRequest) -> Answer<FindStoreAnswer> {
    ask!(counter, desk => desk.find_store(request).await)
}

#[tauri::command]
async fn recent(counter: At<'_>) -> Answer<Vec<Hit>> {
    ask!(counter, desk => desk.recent().await)
}

#[tauri::command]
async fn open(counter: At<'_>, id: CustomerId, front: bool) -> Answer<CustomerView> {
    ask!(counter, desk => if front { desk.open_customer(id).await } else { desk.read_customer(id).await })
}

#[tauri::command]
async fn earlier(counter: At<'_>, request: EarlierRequest) -> Answer<EarlierAnswer> {
    ask!(counter, desk => desk.earlier(request).await)
}

#[tauri::command]
async fn act(counter: At<'_>, request: ActRequest) -> Answer<OutboxItem> {
    ask!(counter, desk => desk.act(request).await)
}

#[tauri::command]
async fn outbox(counter: At<'_>) -> Answer<Vec<OutboxItem>> {
    ask!(counter, desk => desk.outbox().await)
}

#[tauri::command]
async fn retry_now(counter: At<'_>) -> Answer<()> {
    ask!(counter, desk => desk.retry_now().await)
}

#[tauri::command]
async fn take_back(counter: At<'_>, action_id: ActionId) -> Answer<()> {
    ask!(counter, desk => desk.take_back(action_id).await)
}

#[tauri::command]
async fn resolve(counter: At<'_>, request: Resolve) -> Answer<Option<OutboxItem>> {
    ask!(counter, desk => desk.resolve(request).await)
}

#[tauri::command]
async fn reveal(counter: At<'_>, request: RevealRequest) -> Answer<Revealed> {
    ask!(counter, desk => desk.reveal(request).await)
}

#[tauri::command]
async fn preferences(counter: At<'_>) -> Answer<Preferences> {
    ask!(counter, desk => desk.preferences().await)
}

#[tauri::command]
async fn save_preferences(counter: At<'_>, preferences: Preferences) -> Answer<Preferences> {
    ask!(counter, desk => desk.save_preferences(preferences).await)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    include!("../commands.rs");

    fn named<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
        text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).map(str::trim).collect()
    }

    /// A command that is missing in one of the four places is one that the window asks for in vain.
    #[test]
    fn list_handler_capability_and_window_name_the_same_commands() {
        let listed: BTreeSet<&str> = COMMANDS.iter().copied().collect();

        let source = include_str!("commands.rs");
        let handler = source
            .split("generate_handler![")
            .nth(1)
            .and_then(|rest| rest.split(']').next())
            .expect("the handler");
        let handled: BTreeSet<&str> = handler
            .split(',')
            .map(|name| name.trim().trim_start_matches("clipboard::"))
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(listed, handled, "handler");

        let capability = include_str!("../capabilities/main.json");
        let granted: BTreeSet<String> =
            named(capability, "\"allow-", "\"").into_iter().map(|name| name.replace('-', "_")).collect();
        assert_eq!(listed, granted.iter().map(String::as_str).collect(), "capability");

        let window = include_str!("../../ui/src/platform/tauri.ts");
        let asked: BTreeSet<&str> =
            listed.iter().copied().filter(|name| window.contains(&format!("'{name}'"))).collect();
        assert_eq!(listed, asked, "the window's platform");
    }
}
