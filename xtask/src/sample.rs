//! A store to try things on: sample customers or somebody's export, in a folder that may be thrown away.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::Checkout;
use crate::command::{self, Failure};
use crate::running::Running;

/// Who signs in to a sample store, as what, and with which password. It listens on loopback and holds nobody's data.
pub(crate) const AGENT: &str = "agent";
pub(crate) const PASSWORD: &str = "for-sample-data-only";

/// What an import becomes part of, when nobody says otherwise. `.invalid` is no host's name, by RFC 2606.
const ISSUER: &str = "https://import.invalid";
const BRAND: &str = "imported";

/// How `import` ends when it took some rows and refused others.
const ROWS_REFUSED: i32 = 6;

/// The folder of a store and of the desk that is signed in to it.
pub(crate) struct Sample {
    folder: PathBuf,
    programs: PathBuf,
}

impl Sample {
    /// The sample of this size or of this import. What is there from an earlier run is used again.
    pub(crate) fn prepare(
        checkout: &Checkout,
        programs: PathBuf,
        customers: u32,
        import: Option<&Path>,
    ) -> Result<Self, Failure> {
        let name = match import {
            None => customers.to_string(),
            Some(file) => format!("import-{}", file.file_stem().unwrap_or_default().display()),
        };
        let sample = Self { folder: checkout.built("sample").join(name), programs };
        // Written last, so that a store that was not finished is made again.
        let finished = sample.folder.join("finished");
        if !finished.exists() {
            if sample.folder.exists() {
                std::fs::remove_dir_all(&sample.folder).map_err(Failure::file(&sample.folder))?;
            }
            std::fs::create_dir_all(&sample.folder).map_err(Failure::file(&sample.folder))?;
            sample.fill(customers, import)?;
            let mut add = Command::new(sample.program("madoguchi-store"));
            add.args(["agent", "add", AGENT, "--role", "agent", "--display-name", "Sample agent"]);
            command::with_input(sample.database(&mut add), PASSWORD)?;
            std::fs::write(&finished, "").map_err(Failure::file(&finished))?;
        } else if import.is_some() {
            sample.fill(customers, import)?; // what the file has gained since; the rest does not change
        }
        Ok(sample)
    }

    fn fill(&self, customers: u32, import: Option<&Path>) -> Result<(), Failure> {
        let mut fill = Command::new(self.program("madoguchi-store"));
        match import {
            None => fill.args(["sample", "--customers", &customers.to_string(), "--seed", "1"]),
            Some(file) => {
                let (format, map) = format(file)?;
                fill.args(["import", format]).arg(file).args(["--issuer", ISSUER, "--brand", BRAND]);
                if let Some(map) = map {
                    fill.arg("--map").arg(map);
                }
                &mut fill
            }
        };
        match command::run(self.database(&mut fill)) {
            Err(Failure::Ended { status, .. }) if status.code() == Some(ROWS_REFUSED) => Ok(()), // and named; the rest is in
            done => done,
        }
    }

    /// Starts the store and gives its address, the same as last time when nobody else took it: the desk remembers it.
    pub(crate) fn serve(&self) -> Result<(Running, String), Failure> {
        let remembered = self.folder.join("address");
        let last = std::fs::read_to_string(&remembered).unwrap_or_default();
        let free = !last.is_empty() && std::net::TcpListener::bind(&last).is_ok();
        let mut serve = Running::command(self.program("madoguchi-store"));
        serve.args(["serve", "--listen", if free { &last } else { "127.0.0.1:0" }]);
        let (store, url) = Running::until_it_says(self.database(&mut serve), listening)?;
        std::fs::write(&remembered, url.trim_start_matches("http://")).map_err(Failure::file(&remembered))?;
        Ok((store, url))
    }

    /// The desk's folder, unless the caller has another.
    pub(crate) fn desk(&self) -> PathBuf {
        self.folder.join("desk")
    }

    /// The home of a keyring that was started for this sample.
    pub(crate) fn keyring(&self) -> PathBuf {
        self.folder.join("keyring")
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    fn database<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let url = format!("sqlite:{}", self.folder.join("store.db").display());
        command.args(["--database", &url, "--key-file"]).arg(self.folder.join("store.key"))
    }
}

/// The address in the line that the store prints when it is ready.
fn listening(line: &str) -> Option<String> {
    let url = &line[line.find("http://127.0.0.1:")?..];
    Some(
        url.split(|c: char| c.is_whitespace() || "\"',".contains(c)).next()?.trim_end_matches('/').to_owned(),
    )
}

/// What kind of export a file is, and the map that lies beside it when its columns need one.
fn format(file: &Path) -> Result<(&'static str, Option<PathBuf>), Failure> {
    if file.extension().is_some_and(|extension| extension == "csv") {
        return Ok(("csv", Some(file.with_extension("toml"))));
    }
    let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
    let object = |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).ok().filter(serde_json::Value::is_object)
    };
    let first_line = text.lines().next().and_then(object);
    match (first_line, object(&text)) {
        (_, Some(whole)) if whole.get("realm").is_some() => Ok(("keycloak", None)),
        (Some(_), _) => Ok(("auth0", None)),
        _ => Err(Failure::UnknownImport(file.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_stores_line() {
        let url = Some("http://127.0.0.1:40123".to_owned());
        assert_eq!(listening("listening on http://127.0.0.1:40123"), url);
        assert_eq!(listening("ready: http://127.0.0.1:40123/, sqlite"), url);
        assert_eq!(listening("opening the database"), None);
    }

    #[test]
    fn exports_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            format(&file).map(|(format, _)| format)
        };
        assert_eq!(of("realm.json", "{\n  \"realm\": \"shop\",\n  \"users\": []\n}").unwrap(), "keycloak");
        assert_eq!(of("line.json", "{\"realm\": \"shop\"}").unwrap(), "keycloak");
        assert_eq!(of("users.json", "{\"user_id\": \"1\"}\n{\"user_id\": \"2\"}\n").unwrap(), "auth0");
        assert_eq!(of("people.csv", "id,name\n").unwrap(), "csv");
        assert!(matches!(of("notes.txt", "hello"), Err(Failure::UnknownImport(_))));
    }
}
