//! A desktop session that belongs to one story: a screen, a message bus, an unlocked keyring, an empty home.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    running::{Running, command},
    words::Language,
};

/// Opens the keyring; it protects nothing but sample data.
const PASSWORD: &str = "madoguchi";
const SECRETS: &str = "org.freedesktop.secrets";

/// What the window finds around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// An unlocked gnome-keyring on a bus of its own.
    Unlocked,
    /// No bus at all, and so nobody who keeps keys.
    Absent,
}

/// A screen of 1440 × 900, and the rest of a desktop. All of it ends when this is dropped, the last part first.
#[derive(Debug)]
pub struct Session {
    parts: Vec<Running>,
    surroundings: Vec<(&'static str, OsString)>,
    screen: String,
    language: Language,
    home: TempDir,
}

impl Session {
    /// Starts one on a machine that speaks this language.
    #[must_use]
    pub fn start(language: Language, keyring: Keyring) -> Self {
        let home =
            tempfile::Builder::new().prefix("madoguchi-story-").tempdir().expect("a folder for the story");
        let mut xvfb = command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .stderr(Stdio::null());
        let (screen, number) = Running::until_it_says(&mut xvfb, |line| line.parse::<u32>().ok());
        let name = format!(":{number}");
        let mut session = Self {
            parts: vec![screen],
            surroundings: vec![
                ("DISPLAY", name.clone().into()),
                ("GDK_BACKEND", "x11".into()),
                ("LANG", format!("{}.UTF-8", language.of_machine()).into()),
                ("LANGUAGE", OsString::new()),
                ("TZ", "Asia/Tokyo".into()),
                ("NO_AT_BRIDGE", "1".into()),
                ("GSETTINGS_BACKEND", "memory".into()),
                ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
            ],
            screen: name,
            language,
            home,
        };
        session.home_folders();
        match keyring {
            Keyring::Unlocked => session.keyring(),
            // An address where nobody listens: without one, a bus would be looked for in the usual places.
            Keyring::Absent => {
                session.surroundings.push(("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus".into()));
            }
        }
        session
    }

    fn home_folders(&mut self) {
        let home = self.home.path().to_owned();
        self.surroundings.push(("HOME", home.clone().into()));
        for (variable, name) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "runtime"),
            ("MADOGUCHI_HOME", "desk"),
        ] {
            let folder = home.join(name);
            if variable != "MADOGUCHI_HOME" {
                private_folder(&folder);
            }
            self.surroundings.push((variable, folder.into()));
        }
    }

    fn keyring(&mut self) {
        let mut bus = command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).stderr(Stdio::null());
        let (running, address) = Running::until_it_says(self.enter(&mut bus), |line| Some(line.to_owned()));
        self.parts.push(running);
        self.surroundings.push(("DBUS_SESSION_BUS_ADDRESS", address.into()));

        let mut daemon = command("gnome-keyring-daemon");
        daemon.args(["--foreground", "--unlock", "--components=secrets"]);
        self.enter(&mut daemon).stdout(Stdio::null()).stderr(Stdio::null());
        self.parts.push(Running::with_input(&mut daemon, PASSWORD));
        let mut wait = Command::new("gdbus");
        wait.args(["wait", "--session", "--timeout=30", SECRETS]);
        assert!(self.enter(&mut wait).status().is_ok_and(|status| status.success()), "no keyring answers");
    }

    /// Puts `command` into this session.
    pub fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.surroundings.iter().map(|(variable, value)| (variable, value)))
    }

    /// The screen's name, as in `DISPLAY`.
    #[must_use]
    pub fn screen(&self) -> &str {
        &self.screen
    }

    /// The language of this machine.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Sets a variable for everything that is started from now on.
    pub fn set(&mut self, variable: &'static str, value: &str) {
        self.surroundings.push((variable, value.into()));
    }

    /// The desk's folder (`MADOGUCHI_HOME`), which the desk makes itself.
    #[must_use]
    pub fn desk_home(&self) -> PathBuf {
        self.home.path().join("desk")
    }

    /// Saves a PNG of the whole screen.
    pub fn picture(&self, path: &Path) {
        let mut import = Command::new("import");
        import.args(["-display", &self.screen, "-window", "root"]).arg(path);
        assert!(import.status().is_ok_and(|status| status.success()), "no picture of {}", self.screen);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        while self.parts.pop().is_some() {}
    }
}

fn private_folder(path: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(path).expect("a new folder in the story's own");
}
