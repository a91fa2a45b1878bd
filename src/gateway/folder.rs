//! Sheets from files: a folder of the operator's, and nothing outside of it.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use crate::xml::encoding;
use crate::xslt::Folder;

/// A folder on the disk.
#[derive(Debug)]
pub struct LocalFolder {
    /// As the operator wrote it; empty for the current one.
    shown: PathBuf,
    /// Its real path, once it is known.
    real: Option<PathBuf>,
}

impl LocalFolder {
    /// The folder at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Self { shown: path.to_owned(), real: fs::canonicalize(here).ok() }
    }

    /// The bytes of the file at `path`, which has `/` between its parts.
    ///
    /// # Errors
    /// It cannot be read, or a link leads out of the folder; says so in words.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let real = fs::canonicalize(self.shown.join(path)).map_err(|error| plain(&error))?;
        if !self.real.as_ref().is_some_and(|folder| real.starts_with(folder)) {
            return Err(String::from("it lies outside of the folder, behind a link"));
        }
        fs::read(&real).map_err(|error| plain(&error))
    }
}

impl Folder for LocalFolder {
    fn read(&mut self, path: &str) -> Result<String, String> {
        let bytes = self.bytes(path)?;
        let decoded = encoding::decode(&bytes, None).map_err(|error| error.message)?;
        String::from_utf8(decoded.text.into_owned()).map_err(|_| String::from("bytes that are not UTF-8"))
    }

    fn shown(&self, path: &str) -> String {
        self.shown.join(path).display().to_string()
    }
}

/// The system's words without the error number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
