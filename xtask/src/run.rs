//! From a checkout to an open console: one command.

use std::path::PathBuf;
use std::process::Command;

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::compile::{self, Profile};
use crate::running::Running;
use crate::sample::{AGENT, Import, PASSWORD, Sample};
use crate::session::{self, Session};
use crate::{install, ui};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many sample customers; half of them are Japanese.
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// In place of sample customers: a Keycloak realm, an Auth0 export, or a CSV file with its map (.toml) beside it.
    #[arg(long, value_name = "FILE", conflicts_with = "customers")]
    import: Option<PathBuf>,
    /// Start the store and sign in, and open no window.
    #[arg(long)]
    no_window: bool,
    /// Where the desk keeps its files, in place of a folder beside the sample store.
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Compile for speed. Takes several times as long; what is slow by design is optimised in any case.
    #[arg(long)]
    release: bool,
}

/// Installs what is missing, builds, fills a store, serves it, signs in, and opens the window. Ends with the window, or
/// without one at Ctrl-C, and takes everything it started along.
pub(crate) fn run(checkout: &Checkout, options: &Options) -> Result<(), Failure> {
    let import = options.import.as_deref().map(Import::of).transpose()?;
    let needs_screen = !options.no_window && !session::has_screen();
    let needs_keyring = !session::has_keyring();
    let mut more = Vec::new();
    more.extend(needs_screen.then_some(install::SCREEN));
    more.extend(needs_keyring.then_some(install::KEYRING));
    let tools = install::install(checkout, &more)?;
    ui::build(checkout, &tools)?;
    let profile = if options.release { Profile::Release } else { Profile::Debug };
    command::run(&mut compile::product(checkout, &tools, profile))?;

    let programs = checkout.built(profile.folder());
    let sample = Sample::prepare(checkout, programs, options.customers, import.as_ref())?;
    let mut session = Session::default();
    if needs_screen {
        let screen = session.screen()?;
        println!("There is no display here: the window opens on a virtual one, DISPLAY={screen}.");
    }
    if needs_keyring {
        session.keyring(&sample.keyring())?;
        println!("There is no keyring here: the keys lie in one of the sample's own.");
    }
    let home = options.home.clone().unwrap_or_else(|| sample.desk());
    let (mut store, url) = sample.serve()?;
    let mut sign_in = Command::new(sample.program("mado"));
    sign_in.args(["sign-in", "--store", &url, "--agent", AGENT, "--home"]).arg(&home);
    command::with_input(session.enter(&mut sign_in), PASSWORD)?;

    println!("The store answers at {url}; {AGENT} is signed in, with the password {PASSWORD}.");
    if options.no_window {
        let bus = session.bus().map_or_else(String::new, |bus| format!("DBUS_SESSION_BUS_ADDRESS={bus} "));
        let mado = sample.program("mado");
        println!("Try, in another terminal:\n  {bus}{} find 田中 --home {}", mado.display(), home.display());
        println!("Ctrl-C ends the store.");
        store.wait()?;
        return Ok(());
    }
    let mut window = Running::command(sample.program("madoguchi"));
    window.env("MADOGUCHI_HOME", &home);
    let ended = Running::start(session.enter(&mut window))?.wait()?;
    command::success(&window, ended)
}
