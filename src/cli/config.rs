//! Reading a `castile.yaml` and all that it names, for the commands that take `-c`.

use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::progress::Progress;
use crate::config::Config;
use crate::config::Surroundings;
use crate::console::PAGES;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Sources;
use crate::gateway::configured;
use crate::gateway::configured::Configured;

/// The file that is looked for where none is named.
pub(super) const DEFAULT: &str = "castile.yaml";

/// The environment of this process, and files beside the configuration.
struct Here {
    folder: PathBuf,
}

impl Surroundings for Here {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn secret(&self, path: &str) -> Result<String, String> {
        let path = self.folder.join(path);
        std::fs::read_to_string(&path).map_err(|error| format!("{}: cannot read: {error}", path.display()))
    }
}

/// Why a configuration cannot be used.
pub(super) enum Unusable {
    /// The file cannot be read.
    Unreadable(String),
    /// It is wrong: one line for each fault.
    Wrong(Vec<String>),
}

/// Reads a configuration and makes its plan.
pub(super) fn load(path: &str) -> Result<Configured, Unusable> {
    let bytes = std::fs::read(path).map_err(|error| Unusable::Unreadable(format!("{path}: cannot read: {error}")))?;
    let text =
        String::from_utf8(bytes).map_err(|error| Unusable::Wrong(vec![format!("{path}: this is not UTF-8: {}", error.utf8_error())]))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let folder = Path::new(path).parent().map(Path::to_owned).unwrap_or_default();
    let mut sources = Sources::default();
    let source = sources.add(path, text);
    // People see the line itself; a pipe gets a line for each fault.
    let seen = std::io::stderr().is_terminal();
    let told = |faults: Vec<Diagnostic>| {
        let one = |fault: &Diagnostic| {
            let excerpt = fault.at.filter(|_| seen).and_then(|place| sources.excerpt(place));
            sources.render(fault) + &excerpt.map_or_else(String::new, |lines| format!("\n{lines}"))
        };
        Unusable::Wrong(faults.iter().map(one).collect())
    };
    let config = Config::read(source, text, &Here { folder: folder.clone() }).map_err(told)?;
    let mut progress = Progress::new();
    let built = configured::build(&config, &folder, PAGES, &mut |done, of, name| progress.step(done, of, name));
    drop(progress);
    built.map_err(told)
}

impl Unusable {
    /// All of it, a line for each fault.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Unreadable(message) => message.clone(),
            Self::Wrong(faults) if faults.len() > 1 => format!("{}\n{} faults", faults.join("\n"), faults.len()),
            Self::Wrong(faults) => faults.join("\n"),
        }
    }

    /// All of it on standard error.
    pub(super) fn tell(&self) {
        eprintln!("{}", self.words());
    }
}
