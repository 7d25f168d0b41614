//! `mado`, the desk in a terminal: the same files, the same sync, the same refusals as the window's.
//!
//! Exit codes: 0 done, 2 bad use, 3 refused by policy, 4 saved but not yet done, 5 conflict, 1 anything else.

mod act;
mod args;
mod print;
mod read;

use std::{
    ffi::OsString,
    io::{IsTerminal, Read, Write},
    process::ExitCode,
    time::Duration,
};

use clap::{
    Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};
use madoguchi_protocol::error::Code;

use self::{
    args::{Args, Command},
    print::Out,
};
use crate::{
    Desk, DeskConfig, DeskError,
    view::{Failure, SyncState},
    words::Language,
};

/// How long a command waits for the desk to be in step with the store before it answers from what it has.
const IN_STEP: Duration = Duration::from_secs(4);

/// How a command ended.
#[derive(Debug)]
pub(crate) enum End {
    /// It is done.
    Done,
    /// It is saved and not yet done.
    Saved,
    /// What it was judged on has changed; the sentence says so.
    Conflict(Failure),
    /// It was refused or lapsed after it was saved.
    Refused(Failure),
    /// It was not understood: the text says what.
    BadUse(String),
}

/// What a command reads and writes.
pub struct Streams<'a> {
    /// The password, to sign in.
    pub input: &'a mut dyn Read,
    /// Answers.
    pub out: &'a mut dyn Write,
    /// Errors and notices.
    pub err: &'a mut dyn Write,
    /// Whether a person looks at `out` in a terminal.
    pub colour: bool,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Streams")
    }
}

/// Runs `mado` with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    init_log();
    let colour = std::io::stdout().is_terminal();
    let (mut input, mut out, mut err) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let streams = Streams { input: &mut input, out: &mut out, err: &mut err, colour };
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(run(std::env::args_os(), DeskConfig::from_machine(), streams));
            runtime.shutdown_timeout(Duration::from_secs(1));
            ExitCode::from(code)
        }
        Err(error) => {
            let out = Out::new(false, Language::default(), streams);
            ExitCode::from(report(&out, Err(error.into())))
        }
    }
}

/// Runs one command as it was typed, the program's name first, on the desk of `config`; answers the exit code.
pub async fn run(
    typed: impl IntoIterator<Item = OsString>,
    mut config: DeskConfig,
    streams: Streams<'_>,
) -> u8 {
    let typed: Vec<OsString> = typed.into_iter().collect();
    let args = match Args::try_parse_from(&typed) {
        Ok(args) => args,
        Err(error) if !error.use_stderr() => {
            let _ = write!(streams.out, "{}", error.render());
            return 0;
        }
        Err(error) => {
            let language = language(named(&typed, "--lang").as_deref());
            let out = Out::new(typed.iter().any(|arg| arg == "--json"), language, streams);
            return report(&out, Ok(End::BadUse(misused(&error, &out))));
        }
    };
    let out = Out::new(args.json, language(args.lang.as_deref()), streams);
    if args.command.reason().is_some_and(|reason| reason.trim().is_empty()) {
        return report(&out, Ok(End::BadUse(out.say("mado-reason-needed", &[]))));
    }
    "mado".clone_into(&mut config.program);
    if let Some(home) = &args.home {
        config.home.clone_from(home);
    }
    let outcome = at_desk(config, &args.command, &out).await;
    report(&out, outcome)
}

fn language(tag: Option<&str>) -> Language {
    tag.map_or_else(Language::default, Language::of)
}

/// The value of an option in arguments that could not be read whole.
fn named(typed: &[OsString], option: &str) -> Option<String> {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    words.iter().zip(words.iter().skip(1).chain([&""])).find_map(|(word, next)| {
        match word.strip_prefix(option)? {
            "" => Some((*next).to_owned()),
            rest => rest.strip_prefix('=').map(str::to_owned),
        }
    })
}

/// What was typed wrong, in one line.
fn misused(error: &clap::Error, out: &Out<'_>) -> String {
    let what: Vec<String> = error
        .context()
        .filter(|(kind, _)| {
            matches!(
                kind,
                ContextKind::InvalidArg | ContextKind::InvalidSubcommand | ContextKind::InvalidValue
            )
        })
        .flat_map(|(_, value)| match value {
            ContextValue::String(one) => vec![one.clone()],
            ContextValue::Strings(many) => many.clone(),
            _ => Vec::new(),
        })
        .collect();
    let missing = error.kind() == ErrorKind::MissingRequiredArgument;
    if missing && what.iter().any(|what| what.starts_with("--reason")) {
        return out.say("mado-reason-needed", &[]);
    }
    let no_command = matches!(
        error.kind(),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let (key, what) = match (missing, no_command) {
        (_, true) => ("mado-missing", "COMMAND".to_owned()),
        (true, _) => ("mado-missing", what.join(", ")),
        _ => ("mado-not-understood", what.join(" ")),
    };
    out.say(key, &[("what", what)])
}

/// What happens inside is logged only when it is asked for, and never with a value.
fn init_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("MADOGUCHI_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

fn report(out: &Out<'_>, outcome: Result<End, DeskError>) -> u8 {
    let (failure, code) = match outcome {
        Ok(End::Done) => (None, 0),
        Ok(End::Saved) => (None, 4),
        Ok(End::Conflict(failure)) => (Some(failure), 5),
        Ok(End::Refused(failure)) => {
            let code = exit_code(failure.code);
            (Some(failure), code)
        }
        Ok(End::BadUse(message)) => {
            let error = DeskError::new(Code::BadRequest);
            (Some(Failure { message, ..error.failure(out.language) }), 2)
        }
        Err(error) => (Some(error.failure(out.language)), exit_code(error.code)),
    };
    out.complain(failure.as_ref());
    code
}

/// What a refusal means for whoever called.
const fn exit_code(code: Code) -> u8 {
    match code {
        Code::NotAllowed | Code::SupervisorNeeded | Code::SourceNotConnected | Code::DeviceRevoked => 3,
        Code::Conflict => 5,
        Code::BadRequest => 2,
        _ => 1,
    }
}

async fn at_desk(config: DeskConfig, command: &Command, out: &Out<'_>) -> Result<End, DeskError> {
    let desk = Desk::open(config).await?;
    desk.inner.set_language(Some(match out.language {
        Language::En => "en",
        Language::Ja => "ja",
    }));
    let notices = desk.start().await?.notices;
    let fatal = notices.iter().any(|notice| notice.code == Code::NoKeyring);
    out.notice(notices.into_iter().filter(|notice| notice.code != Code::NoKeyring));
    let outcome = if fatal {
        // Nothing of this command would be there for the next one.
        Err(DeskError::new(Code::NoKeyring))
    } else {
        let outcome = do_it(&desk, command, out).await;
        // What came up meanwhile.
        out.notice(desk.start().await?.notices);
        outcome
    };
    desk.close().await;
    outcome
}

async fn do_it(desk: &Desk, command: &Command, out: &Out<'_>) -> Result<End, DeskError> {
    match command {
        Command::SignIn { store, agent } => act::sign_in(desk, out, store, agent).await,
        Command::Sync => read::sync(desk, out).await,
        Command::Find { query, locked } => read::find(desk, out, query, *locked).await,
        Command::Show { id } => read::show(desk, out, id).await,
        Command::Consents { id, at } => read::consents(desk, out, id, at.as_deref()).await,
        Command::Reveal { id, field, why } => act::reveal(desk, out, id, field, why).await,
        Command::Unlock { id, why, lock } => act::unlock(desk, out, id, why, lock.as_deref()).await,
        Command::Lock { id, why, account, cause, until } => {
            act::lock(desk, out, id, why, account.as_deref(), cause, until.as_deref()).await
        }
        Command::Revoke { id, why, session, account } => {
            act::revoke(desk, out, id, why, session.as_deref(), account.as_deref()).await
        }
        Command::Note { id, text, case } => act::note(desk, out, id, text, case.clone()).await,
        Command::Withdraw { id, purpose, brand, why } => {
            act::withdraw(desk, out, id, purpose, brand.as_deref(), why).await
        }
        Command::Outbox => read::outbox(desk, out).await,
        Command::Status => read::status(desk, out).await,
    }
}

/// Waits a bounded moment until the desk is in step with the store, or knows that it cannot be.
pub(crate) async fn in_step(desk: &Desk, patience: Duration) -> Result<SyncState, DeskError> {
    let mut events = desk.events();
    let settled = async {
        loop {
            let state = desk.inner.status().state;
            if state != SyncState::CatchingUp {
                return state;
            }
            let _ = events.recv().await;
        }
    };
    Ok(tokio::time::timeout(patience, settled).await.unwrap_or(SyncState::CatchingUp))
}
