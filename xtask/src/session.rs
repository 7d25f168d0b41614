//! A desktop session where the machine has none: a screen, a message bus and an unlocked keyring.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::running::Running;

/// Opens the keyring; it protects nothing, for what is kept there belongs to tests or to sample data.
const PASSWORD: &str = "madoguchi";
const SCREEN: &str = "1440x900x24";
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const WAYLAND: &str = "WAYLAND_DISPLAY";
const RUNTIME: &str = "XDG_RUNTIME_DIR";
const SECRETS: &str = "org.freedesktop.secrets";

/// The parts that were started; they end when this is dropped.
#[derive(Default)]
pub(crate) struct Session {
    /// The last one started is the first to end: the keyring leaves its bus, not the bus its keyring.
    parts: Vec<Running>,
    surroundings: Vec<(&'static str, OsString)>,
}

/// Whether the machine has a screen.
pub(crate) fn has_screen() -> bool {
    is_set("DISPLAY") || is_set(WAYLAND)
}

/// Whether somebody is logged in to a desktop whose keyring answers.
pub(crate) fn has_keyring() -> bool {
    let mut ping = Command::new("gdbus");
    ping.args(["call", "--session", "--dest", SECRETS, "--object-path=/org/freedesktop/secrets"]);
    command::says_yes(ping.arg("--method=org.freedesktop.DBus.Peer.Ping"))
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

impl Session {
    /// A whole session with an empty home: tests leave a person's screen and keyring alone.
    pub(crate) fn own(checkout: &Checkout) -> Result<Self, Failure> {
        let home = checkout.built("session");
        if home.exists() {
            std::fs::remove_dir_all(&home).map_err(Failure::file(&home))?;
        }
        let mut session = Self::default();
        session.screen()?;
        session.keyring(&home)?;
        Ok(session)
    }

    /// Adds a virtual screen and gives its name.
    pub(crate) fn screen(&mut self) -> Result<String, Failure> {
        let mut xvfb = Running::command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]).stderr(Stdio::null());
        let (running, number) = Running::until_it_says(&mut xvfb, |line| line.parse::<u32>().ok())?;
        let name = format!(":{number}");
        self.parts.push(running);
        self.surroundings.push(("DISPLAY", name.clone().into()));
        self.surroundings.push(("GDK_BACKEND", "x11".into())); // not the person's own Wayland screen
        Ok(name)
    }

    /// Adds a message bus with an unlocked keyring, both at home in `home`, which takes the place of the person's own.
    pub(crate) fn keyring(&mut self, home: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(home).map_err(Failure::file(home))?;
        // Cargo and rustup look for themselves below the home.
        for (variable, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if let (false, Some(own)) = (is_set(variable), std::env::home_dir()) {
                self.surroundings.push((variable, own.join(folder).into()));
            }
        }
        self.surroundings.push(("HOME", home.into()));
        for (variable, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
        {
            self.surroundings.push((variable, home.join(folder).into()));
        }
        self.runtime_folder(&home.join("runtime"))?;

        let mut bus = Running::command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let bus = self.enter(bus.stderr(Stdio::null()));
        let (running, address) = Running::until_it_says(bus, |line| Some(line.to_owned()))?;
        self.parts.push(running);
        self.surroundings.push((BUS, address.into()));

        let mut keyring = Running::command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]);
        self.enter(keyring.stdout(Stdio::null()).stderr(Stdio::null()));
        self.parts.push(Running::with_input(&mut keyring, PASSWORD)?);
        command::run(self.enter(Command::new("gdbus").args(["wait", "--session", "--timeout=30", SECRETS])))
    }

    /// The folder for sockets, which nobody else may enter. A person's Wayland screen is still found from here.
    fn runtime_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700)).map_err(Failure::file(folder))?;
        if let (Some(own), Some(screen)) = (std::env::var_os(RUNTIME), std::env::var_os(WAYLAND)) {
            self.surroundings.push((WAYLAND, Path::new(&own).join(screen).into()));
        }
        self.surroundings.push((RUNTIME, folder.into()));
        Ok(())
    }

    /// Puts `command` into this session.
    pub(crate) fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.surroundings.iter().map(|(variable, value)| (variable, value)))
    }

    /// The address of this session's own bus, for those who come from another terminal.
    pub(crate) fn bus(&self) -> Option<&str> {
        let bus = self.surroundings.iter().find(|(variable, _)| *variable == BUS);
        bus.and_then(|(_, address)| address.to_str())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        while self.parts.pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_inside_finds_an_unlocked_keyring_and_its_home() {
        let home = tempfile::tempdir().unwrap();
        let mut session = Session::default();
        session.keyring(home.path()).unwrap();
        let mut ask = Command::new("gdbus");
        ask.args([
            "call",
            "--session",
            "--dest",
            SECRETS,
            "--object-path=/org/freedesktop/secrets/collection/login",
        ]);
        ask.args([
            "--method=org.freedesktop.DBus.Properties.Get",
            "org.freedesktop.Secret.Collection",
            "Locked",
        ]);
        let answer = command::output(session.enter(&mut ask)).unwrap();
        assert_eq!(String::from_utf8_lossy(&answer).trim(), "(<false>,)");
        let mut show = Command::new("sh");
        show.args(["-c", "echo $HOME; stat --format='%n %a' $XDG_RUNTIME_DIR"]);
        let said = command::output(session.enter(&mut show)).unwrap();
        let home = home.path().display();
        assert_eq!(String::from_utf8_lossy(&said).trim(), format!("{home}\n{home}/runtime 700"));
    }

    #[test]
    fn a_screen_goes_with_its_session() {
        let mut session = Session::default();
        let name = session.screen().unwrap();
        let socket = Path::new("/tmp/.X11-unix").join(name.replace(':', "X"));
        assert!(socket.exists());
        drop(session);
        assert!(!socket.exists());
    }
}
