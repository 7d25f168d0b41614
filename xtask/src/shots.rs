//! Pictures of every screen, from the real window.

use std::path::Path;

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::compile::{self, Profile};
use crate::session::Session;
use crate::{install, ui};

/// Builds the window and lets its story save a picture of every screen, light and dark, English and Japanese.
pub(crate) fn shots(checkout: &Checkout, folder: &Path) -> Result<(), Failure> {
    let tools = install::everything(checkout)?;
    ui::build(checkout, &tools)?;
    command::run(&mut compile::everything(checkout, &tools))?;
    std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;

    let mut story = compile::cargo(checkout, &tools, "test", Profile::Debug);
    story.args(["--test", "window", "--", "--ignored", "--nocapture", "shots"]);
    story.env("MADOGUCHI_SHOTS_DIR", folder.canonicalize().map_err(Failure::file(folder))?);
    command::run(Session::own(checkout)?.enter(&mut story))
}
