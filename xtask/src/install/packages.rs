//! The operating system's packages.

use std::path::Path;
use std::process::Command;

use crate::command::{self, Failure};

/// Something that must be there, and the package of Debian that brings it. Whoever has it from elsewhere keeps it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    package: &'static str,
    sign: Sign,
}

/// How to see that it is there.
#[derive(Clone, Copy)]
enum Sign {
    /// A program in `PATH`.
    Program(&'static str),
    /// A library that `pkg-config` knows.
    Library(&'static str),
    /// A library that it does not know, by its header.
    Header(&'static str),
    /// A font family that `fc-list` knows.
    Font(&'static str),
    /// A file below any version's folder of the first.
    AnyVersion(&'static str, &'static str),
}

const fn need(package: &'static str, sign: Sign) -> Need {
    Need { package, sign }
}

/// Compiling everything, the window included.
pub(crate) const BUILD: &[Need] = &[
    need("build-essential", Sign::Program("g++")),
    need("procps", Sign::Program("kill")), // asks what runs beside to end
    need("pkg-config", Sign::Program("pkg-config")),
    need("npm", Sign::Program("npm")), // fetches Node 24; its own Node is too old for the window's tools
    need("libssl-dev", Sign::Library("libcrypto")), // SQLCipher's cipher
    need("libwebkit2gtk-4.1-dev", Sign::Library("webkit2gtk-4.1")),
    need("librsvg2-dev", Sign::Library("librsvg-2.0")),
    need("libayatana-appindicator3-dev", Sign::Library("ayatana-appindicator3-0.1")),
    need("libxdo-dev", Sign::Header("/usr/include/xdo.h")),
];

/// A window where there is no screen.
pub(crate) const SCREEN: &[Need] = &[need("xvfb", Sign::Program("Xvfb"))];

/// A keyring where nobody is logged in.
pub(crate) const KEYRING: &[Need] = &[
    need("dbus", Sign::Program("dbus-daemon")),
    need("gnome-keyring", Sign::Program("gnome-keyring-daemon")),
    need("libglib2.0-bin", Sign::Program("gdbus")), // waits until the keyring answers
];

/// The tests' partners: the window's driver, a second database, pictures of the screen in both scripts.
pub(crate) const TEST: &[Need] = &[
    need("webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    need("postgresql", Sign::AnyVersion("/usr/lib/postgresql", "bin/initdb")),
    need("imagemagick", Sign::Program("import")),
    need("fontconfig", Sign::Program("fc-list")),
    need("fonts-noto-cjk", Sign::Font("Noto Sans CJK JP")),
];

/// Installs what is missing, as root or through sudo; on systems without apt names it and stops.
pub(crate) fn install(needs: &[&Need]) -> Result<(), Failure> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !command::exists("apt-get") {
        return Err(Failure::Missing(names));
    }
    println!("installing {names}");
    apt(&["update"], &names)?;
    apt(&[&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat(), &names)
}

fn missing(needs: &[&Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !there(need.sign)).map(|need| need.package).collect()
}

fn there(sign: Sign) -> bool {
    match sign {
        Sign::Program(name) => command::exists(name),
        Sign::Library(name) => command::says_yes(Command::new("pkg-config").args(["--exists", name])),
        Sign::Header(path) => Path::new(path).exists(),
        Sign::Font(family) => command::output(Command::new("fc-list").args([family, "family"]))
            .is_ok_and(|found| !found.is_empty()),
        Sign::AnyVersion(folder, file) => {
            let versions = std::fs::read_dir(folder).into_iter().flatten().flatten();
            versions.into_iter().any(|version| version.path().join(file).exists())
        }
    }
}

fn apt(arguments: &[&str], missing: &str) -> Result<(), Failure> {
    let root = command::output(Command::new("id").arg("-u"))?.trim_ascii() == b"0";
    let mut apt = if root {
        Command::new("apt-get")
    } else if command::exists("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    } else {
        return Err(Failure::NotRoot(missing.to_owned()));
    };
    command::run(apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2").args(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_left_alone_and_the_rest_is_named_by_its_package() {
        let folder = tempfile::tempdir().unwrap();
        let path: &'static str = folder.path().to_string_lossy().into_owned().leak();
        let of_version = need("server", Sign::AnyVersion(path, "bin/server"));
        let needs = [
            &need("coreutils", Sign::Program("sh")),
            &need("absent-program", Sign::Program("no-such-program")),
            &need("absent-library", Sign::Library("no-such-library")),
            &need("absent-header", Sign::Header("/no/such/header.h")),
            &need("absent-font", Sign::Font("No Such Font")),
            &of_version,
        ];
        assert_eq!(
            missing(&needs),
            ["absent-program", "absent-library", "absent-header", "absent-font", "server"]
        );
        std::fs::create_dir_all(folder.path().join("15/bin/server")).unwrap();
        assert!(missing(&[&of_version]).is_empty());
    }
}
