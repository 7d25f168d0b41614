//! `mado`, the desk in a terminal: the same files, the same sync, the same refusals as the window's.
//!
//! Exit codes: 0 done, 2 bad use, 3 refused by policy, 4 saved but not yet done, 5 conflict, 1 anything else.

mod act;
mod args;
mod print;
mod read;

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use madoguchi_protocol::error::Code;

use self::args::{Args, Command};
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

/// Runs `mado` with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let language = args.lang.as_deref().map_or_else(Language::default, Language::of);
    init_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(run(&args, language));
            runtime.shutdown_timeout(Duration::from_secs(1));
            outcome
        }
        Err(error) => Err(error.into()),
    };
    report(outcome, args.json, language)
}

/// What happens inside is logged only when it is asked for, and never with a value.
fn init_log() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("MADOGUCHI_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

fn report(outcome: Result<End, DeskError>, json: bool, language: Language) -> ExitCode {
    let (failure, code) = match outcome {
        Ok(End::Done) => return ExitCode::SUCCESS,
        Ok(End::Saved) => return ExitCode::from(4),
        Ok(End::Conflict(failure)) => (failure, 5),
        Ok(End::Refused(failure)) => {
            let code = exit_code(failure.code);
            (failure, code)
        }
        Ok(End::BadUse(message)) => {
            let error = DeskError::new(Code::BadRequest);
            (Failure { message, ..error.failure(language) }, 2)
        }
        Err(error) => (error.failure(language), exit_code(error.code)),
    };
    let line = if json {
        serde_json::json!({ "code": failure.code, "message": failure.message, "retry": failure.retry })
            .to_string()
    } else {
        failure.message
    };
    let _ = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(code)
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

async fn run(args: &Args, language: Language) -> Result<End, DeskError> {
    let mut config = DeskConfig::from_machine();
    "mado".clone_into(&mut config.program);
    if let Some(home) = &args.home {
        config.home.clone_from(home);
    }
    let desk = Desk::open(config).await?;
    desk.inner.set_language(Some(match language {
        Language::En => "en",
        Language::Ja => "ja",
    }));
    let notices = desk.start().await?.notices;
    let fatal = notices.iter().find(|notice| notice.code == Code::NoKeyring);
    for notice in notices.iter().filter(|notice| notice.code != Code::NoKeyring) {
        let _ = writeln!(std::io::stderr(), "{}", notice.message);
    }
    let outcome = match fatal {
        // Nothing of this command would be there for the next one.
        Some(_) => Err(DeskError::new(Code::NoKeyring)),
        None => command(&desk, args).await,
    };
    desk.close().await;
    outcome
}

async fn command(desk: &Desk, args: &Args) -> Result<End, DeskError> {
    let out =
        print::Out { json: args.json, language: desk.language(), colour: std::io::stdout().is_terminal() };
    match &args.command {
        Command::SignIn { store, agent } => act::sign_in(desk, &out, store, agent).await,
        Command::Sync => read::sync(desk, &out).await,
        Command::Find { query, locked } => read::find(desk, &out, query, *locked).await,
        Command::Show { id } => read::show(desk, &out, id).await,
        Command::Consents { id, at } => read::consents(desk, &out, id, at.as_deref()).await,
        Command::Reveal { id, field, why } => act::reveal(desk, &out, id, field, why).await,
        Command::Unlock { id, why, lock } => act::unlock(desk, &out, id, why, lock.as_deref()).await,
        Command::Lock { id, why, account, cause, until } => {
            act::lock(desk, &out, id, why, account.as_deref(), cause, until.as_deref()).await
        }
        Command::Revoke { id, why, session, account } => {
            act::revoke(desk, &out, id, why, session.as_deref(), account.as_deref()).await
        }
        Command::Note { id, text, case } => act::note(desk, &out, id, text, case.clone()).await,
        Command::Withdraw { id, purpose, brand, why } => {
            act::withdraw(desk, &out, id, purpose, brand.as_deref(), why).await
        }
        Command::Outbox => read::outbox(desk, &out).await,
        Command::Status => read::status(desk, &out).await,
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
