//! Where things are: the checkout, what cargo builds, and the tools beside it.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

use crate::command::Failure;

/// The checkout this was built from.
pub(crate) struct Checkout {
    /// The folder with the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Every package of the graph, ours and others'.
    pub(crate) metadata: Metadata,
}

impl Checkout {
    pub(crate) fn find() -> Result<Self, Failure> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).exec()?;
        let root = metadata.workspace_root.clone().into_std_path_buf();
        Ok(Self { root, metadata })
    }

    /// A folder below cargo's own: `debug` and `release` hold what it builds, the rest is ours and may be thrown away.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.metadata.target_directory.as_std_path().join(name)
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Programs that neither Debian nor the workspace has. Beside the code, unless `MADOGUCHI_TOOLS` names a folder
    /// that outlives the checkout, as on a build machine.
    pub(crate) fn tools(&self) -> PathBuf {
        std::env::var_os("MADOGUCHI_TOOLS").map_or_else(|| self.root.join(".tools"), PathBuf::from)
    }
}
