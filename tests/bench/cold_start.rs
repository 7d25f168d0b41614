//! `cold-start`: from starting the program to a search box that has the focus, over a desk that is signed in.
//!
//! Both programs are started by turns on the same screen. Each says in its window's title when its box has the focus,
//! and the title is heard from the X server, so that nothing runs inside either program for the sake of measuring.
//! Files are in the page cache, as after the first start of a day.
#![expect(clippy::print_stdout, reason = "a benchmark prints its rows")]

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Instant,
};

use madoguchi_tests::{
    PATIENCE,
    company::{AGENT, Company, PASSWORD},
    programs,
    running::{Running, command, finish},
    session::{Keyring, Session},
    words::Language,
};
use x11rb::{
    connection::Connection,
    protocol::{
        Event,
        xproto::{AtomEnum, ChangeWindowAttributesAux, ConnectionExt, EventMask, Window},
    },
    rust_connection::RustConnection,
};

const CUSTOMERS: u32 = 20_000;
const ROUNDS: usize = 9;

#[tokio::main]
async fn main() {
    let session = Session::start(Language::En, Keyring::Unlocked);
    let company = Company::of_size(CUSTOMERS, |_| {}).await;
    let home = session.desk_home();
    let mado = |verb: &[&str], input: &str| {
        let mut mado = Command::new(programs::built("mado"));
        mado.args(verb).arg("--home").arg(&home);
        finish(session.enter(&mut mado), input)
    };
    let url = company.url();
    mado(&["sign-in", "--store", &url, "--agent", AGENT], PASSWORD);
    mado(&["sync"], "");
    eprintln!("the desk holds its customers: {}", mado(&["status"], "").trim());

    let ours = programs::built("madoguchi");
    let empty = programs::built("empty-page");
    let (mut own, mut limit) = (Vec::new(), Vec::new());
    // The first of each fills the page cache and is not counted.
    for round in 0..=ROUNDS {
        let (a, b) = (start(&session, &ours, is_find), start(&session, &empty, |title| title == "focused"));
        eprintln!("round {round}: {a:.0} ms, empty page {b:.0} ms");
        if round > 0 {
            own.push(a);
            limit.push(b);
        }
    }
    own.sort_by(f64::total_cmp);
    limit.sort_by(f64::total_cmp);
    for (what, at) in [("fastest", 0), ("median", ROUNDS / 2), ("slowest", ROUNDS - 1)] {
        let row = serde_json::json!({
            "bench": "cold-start",
            "metric": format!("spawn to focused search box, {what} of {ROUNDS}, {CUSTOMERS} customers"),
            "unit": "ms",
            "own": own[at],
            "peer": null,
            "peer_name": null,
            "limit": limit[at],
            "limit_name": "the same engine on an empty page",
        });
        println!("{row}");
    }
}

/// The window calls itself `Find – Madoguchi` while the search box has the focus.
fn is_find(title: &str) -> bool {
    title.strip_suffix(" – Madoguchi").is_some_and(|page| !page.is_empty())
}

/// Milliseconds from starting `program` until one of its windows has the title waited for. Ends it afterwards.
fn start(session: &Session, program: &PathBuf, wanted: fn(&str) -> bool) -> f64 {
    let heard = hear_titles(session.screen(), wanted);
    let mut command = command(program);
    session.enter(&mut command).stdout(Stdio::null()).stderr(Stdio::null());
    let from = now();
    let running = Running::start(&mut command);
    let at = heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{} never said so", program.display()));
    drop(running);
    at.duration_since(from).as_secs_f64() * 1e3
}

/// Sends the time at which a window of this screen first has a title that is wanted. Listens before it returns.
fn hear_titles(screen: &str, wanted: fn(&str) -> bool) -> Receiver<Instant> {
    let (x, number) = RustConnection::connect(Some(screen)).expect("the screen is there");
    let root = x.setup().roots[number].root;
    listen(&x, root, EventMask::SUBSTRUCTURE_NOTIFY);
    let (say, heard) = channel();
    std::thread::spawn(move || {
        let name = x.intern_atom(false, b"_NET_WM_NAME").expect("asked").reply().expect("an atom").atom;
        while let Ok(event) = x.wait_for_event() {
            let window = match event {
                Event::CreateNotify(created) => {
                    listen(&x, created.window, EventMask::PROPERTY_CHANGE);
                    created.window
                }
                Event::PropertyNotify(changed) if changed.atom == name => changed.window,
                _ => continue,
            };
            let asked = x.get_property(false, window, name, AtomEnum::ANY, 0, 256).expect("asked");
            let title = asked.reply().map(|reply| String::from_utf8_lossy(&reply.value).into_owned());
            if title.is_ok_and(|title| wanted(&title)) {
                let _ = say.send(now());
                return;
            }
        }
    });
    heard
}

fn listen(x: &RustConnection, window: Window, events: EventMask) {
    let ask = ChangeWindowAttributesAux::new().event_mask(events);
    // A window that is gone already has nothing to say.
    let _ = x.change_window_attributes(window, &ask).expect("the screen is there").check();
}

#[expect(clippy::disallowed_methods, reason = "this program measures")]
fn now() -> Instant {
    Instant::now()
}
