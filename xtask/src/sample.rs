//! A store to try things on: sample customers or somebody's export, in a folder that may be thrown away.

use std::hash::{DefaultHasher, Hash, Hasher};
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

/// Somebody's export, which can be read.
pub(crate) struct Import {
    file: PathBuf,
    format: &'static str,
    /// Beside the file, when its columns need one.
    map: Option<PathBuf>,
}

impl Import {
    /// Looks at the file: costs nothing yet when it is not there or nobody can tell what it is.
    pub(crate) fn of(file: &Path) -> Result<Self, Failure> {
        let file = file.canonicalize().map_err(Failure::file(file))?;
        let format = format(&file)?;
        let map = (format == "csv").then(|| file.with_extension("toml"));
        if let Some(map) = &map {
            map.metadata().map_err(Failure::file(map))?;
        }
        Ok(Self { file, format, map })
    }

    /// A name for its store's folder: two files of one name in two places have two.
    fn folder(&self) -> String {
        let mut hash = DefaultHasher::new();
        self.file.hash(&mut hash);
        format!("import-{}-{:016x}", self.file.file_stem().unwrap_or_default().display(), hash.finish())
    }
}

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
        import: Option<&Import>,
    ) -> Result<Self, Failure> {
        let name = import.map_or_else(|| customers.to_string(), Import::folder);
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

    fn fill(&self, customers: u32, import: Option<&Import>) -> Result<(), Failure> {
        let mut fill = Command::new(self.program("madoguchi-store"));
        match import {
            None => fill.args(["sample", "--customers", &customers.to_string(), "--seed", "1"]),
            Some(Import { file, format, map }) => {
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

/// What kind of export a file is.
fn format(file: &Path) -> Result<&'static str, Failure> {
    if file.extension().is_some_and(|extension| extension == "csv") {
        return Ok("csv");
    }
    let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
    let object = |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).ok().filter(serde_json::Value::is_object)
    };
    let first_line = text.lines().next().and_then(object);
    match (first_line, object(&text)) {
        (_, Some(whole)) if whole.get("realm").is_some() => Ok("keycloak"),
        (Some(_), _) => Ok("auth0"),
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
            format(&file)
        };
        assert_eq!(of("realm.json", "{\n  \"realm\": \"shop\",\n  \"users\": []\n}").unwrap(), "keycloak");
        assert_eq!(of("line.json", "{\"realm\": \"shop\"}").unwrap(), "keycloak");
        assert_eq!(of("users.json", "{\"user_id\": \"1\"}\n{\"user_id\": \"2\"}\n").unwrap(), "auth0");
        assert_eq!(of("people.csv", "id,name\n").unwrap(), "csv");
        assert!(matches!(of("notes.txt", "hello"), Err(Failure::UnknownImport(_))));
    }

    #[test]
    fn two_files_of_one_name_have_two_stores() {
        let folder = tempfile::tempdir().unwrap();
        let file = |place: &str| {
            let file = folder.path().join(place).join("people.csv");
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "id,name\n").unwrap();
            file
        };
        let (one, other) = (file("one"), file("other"));
        assert!(
            matches!(Import::of(&one), Err(Failure::File { path, .. }) if path.ends_with("one/people.toml"))
        );
        for file in [&one, &other] {
            std::fs::write(file.with_extension("toml"), "[columns]\n").unwrap();
        }
        let [one, again, other] = [&one, &one, &other].map(|file| Import::of(file).unwrap().folder());
        assert!(one == again && one != other && one.starts_with("import-people-"), "{one} {other}");
        assert!(matches!(Import::of(&folder.path().join("gone.json")), Err(Failure::File { .. })));
    }
}
