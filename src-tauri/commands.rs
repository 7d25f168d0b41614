/// The names of the window's commands: one list for the build script, which makes a permission of each, and for the test
/// that holds it against the handler, the capability and the window's platform.
pub(crate) const COMMANDS: &[&str] = &[
    "start",
    "check_store",
    "sign_in",
    "sign_out",
    "status",
    "find",
    "find_store",
    "recent",
    "open",
    "earlier",
    "act",
    "outbox",
    "retry_now",
    "take_back",
    "resolve",
    "reveal",
    "copy",
    "preferences",
    "save_preferences",
];
