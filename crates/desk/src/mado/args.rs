//! `mado`'s command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The desk in a terminal.
#[derive(Debug, Parser)]
#[command(
    name = "mado",
    version,
    about = "The desk in a terminal: find a customer, see why they cannot sign in, unlock them."
)]
pub(crate) struct Args {
    /// Answer with JSON on standard output, and errors as JSON on standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The folder of this desk's files; its keyring entries go with it.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// The language of its sentences: en or ja; the locale's without it.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Why something is asked, as the dialogs have it.
#[derive(Debug, clap::Args)]
pub(crate) struct Why {
    /// Why, in words or as one of: forgot_password, mistyped, new_device, someone_else, customer_asked, call_back, verify.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The case or ticket.
    #[arg(long)]
    pub(crate) case: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in; the password comes on standard input.
    SignIn {
        /// The store's address.
        #[arg(long, value_name = "URL")]
        store: String,
        /// The agent's name.
        #[arg(long, value_name = "NAME")]
        agent: String,
    },
    /// Come into step with the store.
    Sync,
    /// Find customers by name, reading, id, e-mail or phone.
    Find {
        /// What to look for.
        query: String,
        /// Only those with a standing lock.
        #[arg(long)]
        locked: bool,
    },
    /// Show a customer whole.
    Show {
        /// The customer's id.
        id: String,
    },
    /// Show a masked value once, on the record.
    Reveal {
        /// The customer's id.
        id: String,
        /// Which: email, phone, loyalty, or an identifier's id.
        field: String,
        #[command(flatten)]
        why: Why,
    },
    /// End a lock.
    Unlock {
        /// The customer's id.
        id: String,
        #[command(flatten)]
        why: Why,
        /// Which lock, where several stand.
        #[arg(long)]
        lock: Option<String>,
    },
    /// Lock an account.
    Lock {
        /// The customer's id.
        id: String,
        #[command(flatten)]
        why: Why,
        /// Which account, where there are several.
        #[arg(long)]
        account: Option<String>,
        /// The lock's cause: customer_request, suspected_takeover, fraud, policy.
        #[arg(long, default_value = "customer_request")]
        cause: String,
        /// Until when; until somebody ends it without this.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
    /// End one session, or every session of an account.
    Revoke {
        /// The customer's id.
        id: String,
        #[command(flatten)]
        why: Why,
        /// Which session; every one without this.
        #[arg(long)]
        session: Option<String>,
        /// Which account, where there are several.
        #[arg(long)]
        account: Option<String>,
    },
    /// Write something down.
    Note {
        /// The customer's id.
        id: String,
        /// What.
        text: String,
        /// The case or ticket.
        #[arg(long)]
        case: Option<String>,
    },
    /// Show what a customer agreed to.
    Consents {
        /// The customer's id.
        id: String,
        /// As of this time, as it was known to this day.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Take back a yes.
    Withdraw {
        /// The customer's id.
        id: String,
        /// The purpose.
        purpose: String,
        /// The brand, where several have this purpose.
        #[arg(long)]
        brand: Option<String>,
        #[command(flatten)]
        why: OptionalWhy,
    },
    /// List what waits on this desk.
    Outbox,
    /// Say where this desk stands.
    Status,
}

impl Command {
    /// The reason that was given.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            Self::Reveal { why, .. }
            | Self::Unlock { why, .. }
            | Self::Lock { why, .. }
            | Self::Revoke { why, .. } => Some(&why.reason),
            Self::Withdraw { why, .. } => why.reason.as_deref(),
            _ => None,
        }
    }
}

/// A withdrawal needs no reason: the customer owes none.
#[derive(Debug, clap::Args)]
pub(crate) struct OptionalWhy {
    /// Why, where the customer said so.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The case or ticket.
    #[arg(long)]
    pub(crate) case: Option<String>,
}
