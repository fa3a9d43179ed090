//! What tests of whole runs share: a runtime, and a folder of files for it.

use std::fs;
use std::path::PathBuf;

use runtime_core::JsRuntime;

/// A runtime with nothing but the language.
pub(crate) fn runtime() -> JsRuntime {
    JsRuntime::builder()
        .build()
        .expect("an empty configuration builds")
}

/// A folder of files that is gone when the test ends.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    /// Writes files, each with its folder.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Self(folder)
    }

    /// The real path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0
            .path()
            .canonicalize()
            .expect("the folder exists")
            .join(name)
    }
}
