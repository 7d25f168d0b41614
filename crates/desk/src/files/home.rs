//! The home folder and the claim of one program on it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use madoguchi_protocol::error::Code;
use uuid::Uuid;

use crate::error::DeskError;

/// A home folder that this process holds until it is dropped.
#[derive(Debug)]
pub(crate) struct Home {
    dir: PathBuf,
    id: Uuid,
    unclean: bool,
    // The operating system ends the lock with the process, however that dies.
    lock: File,
    released: AtomicBool,
}

impl Home {
    /// Claims the folder for `program`, making it where it is missing; `fresh` becomes its id if it is new.
    ///
    /// # Errors
    /// `home_in_use`, naming the program that holds it; `disk_full`; `files_unusable`.
    pub(crate) fn claim(dir: &Path, program: &str, fresh: Uuid) -> Result<Self, DeskError> {
        fs::create_dir_all(dir)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("lock"))?;
        let holder = dir.join("holder");
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let name = fs::read_to_string(&holder).unwrap_or_default();
                let error = DeskError::new(Code::HomeInUse);
                let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
                return Err(DeskError { detail: name, ..error });
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let unclean = holder.exists();
        fs::write(&holder, format!("{program}\n{}\n", std::process::id()))?;
        let id_file = dir.join("id");
        let id = match fs::read_to_string(&id_file).ok().and_then(|text| Uuid::parse_str(text.trim()).ok()) {
            Some(id) => id,
            None => {
                write_durably(&id_file, fresh.to_string().as_bytes())?;
                fresh
            }
        };
        for folder in ["sealed", "lost"] {
            fs::create_dir_all(dir.join(folder))?;
        }
        Ok(Self { dir: dir.to_owned(), id, unclean, lock, released: AtomicBool::new(false) })
    }

    /// This home's name among the keyring's entries.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// Whether the program that held it last did not end by itself.
    pub(crate) const fn unclean(&self) -> bool {
        self.unclean
    }

    /// Lets other programs have the folder. A holder that stays behind means that the program did not end by itself.
    pub(crate) fn release(&self) {
        if self.released.swap(true, Ordering::Relaxed) {
            return;
        }
        let named = fs::remove_file(self.dir.join("holder"));
        if let Err(error) = named.and_then(|()| self.lock.unlock()) {
            tracing::warn!(kind = ?error.kind(), "the home could not be let go");
        }
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.dir.join("cache.db")
    }

    pub(crate) fn outbox(&self) -> PathBuf {
        self.dir.join("outbox.db")
    }

    pub(crate) fn sealed(&self) -> PathBuf {
        self.dir.join("sealed")
    }

    pub(crate) fn lost(&self) -> PathBuf {
        self.dir.join("lost")
    }

    /// Moves a database out of the way under a name of its own, with its log. The log goes first: a database whose
    /// log is still beside it would be read with it.
    pub(crate) fn set_aside(&self, database: &Path, stamp: &str) -> Result<(), DeskError> {
        for tail in ["-wal", "-shm", ""] {
            let from = with_tail(database, tail);
            if from.exists() {
                fs::rename(&from, with_tail(database, &format!(".set-aside-{stamp}{tail}")))?;
            }
        }
        sync_dir(&self.dir)
    }

    /// Deletes what was set aside of that database.
    pub(crate) fn drop_set_aside(&self, database: &Path) -> Result<(), DeskError> {
        let name = database.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let prefix = format!("{name}.set-aside-");
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Deletes a database and its log.
    pub(crate) fn delete(&self, database: &Path) -> Result<(), DeskError> {
        for tail in ["-wal", "-shm", ""] {
            let path = with_tail(database, tail);
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        sync_dir(&self.dir)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.release();
    }
}

fn with_tail(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

/// Writes a file so that it is whole or not there, whatever happens: a new file beside it, then renamed over it.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let part = with_tail(path, ".part");
    let mut file = own_file(&part, true)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Opens a file for writing that only its owner may read, making it where it is missing.
pub(crate) fn own_file(path: &Path, empty: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(empty).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder's entries durable. Windows does so by itself.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), DeskError> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_claim_is_refused_and_names_the_first() {
        let dir = tempfile::tempdir().expect("a folder");
        let first = Home::claim(dir.path(), "the console", Uuid::from_u128(1)).expect("free");
        assert!(!first.unclean());
        let refused = Home::claim(dir.path(), "mado", Uuid::from_u128(2)).expect_err("held");
        assert_eq!(refused.code, Code::HomeInUse);
        assert_eq!(refused.detail, Some(format!("the console\n{}", std::process::id())));
        drop(first);
        let again = Home::claim(dir.path(), "mado", Uuid::from_u128(2)).expect("free again");
        assert_eq!(again.id(), Uuid::from_u128(1), "the id stays");
    }

    #[test]
    fn what_is_set_aside_goes_with_its_log_and_is_deleted_later() {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::claim(dir.path(), "mado", Uuid::from_u128(1)).expect("free");
        for tail in ["", "-wal"] {
            fs::write(with_tail(&home.cache(), tail), b"x").expect("writable");
        }
        home.set_aside(&home.cache(), "7").expect("moved");
        assert!(!home.cache().exists());
        assert!(dir.path().join("cache.db.set-aside-7").exists());
        assert!(dir.path().join("cache.db.set-aside-7-wal").exists());
        home.drop_set_aside(&home.cache()).expect("deleted");
        assert!(!dir.path().join("cache.db.set-aside-7").exists());
    }
}
