//! Reading a `castile.yaml` and all that it names, for the commands that take `-c`.

use std::path::Path;
use std::path::PathBuf;

use crate::cli::progress::Progress;
use crate::config::Config;
use crate::config::Reading;
use crate::config::Surroundings;
use crate::console::PAGES;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Position;
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
    /// It is wrong.
    Wrong {
        /// The file.
        sources: Sources,
        /// All that is wrong with it.
        faults: Vec<Diagnostic>,
    },
}

/// Reads a configuration and makes its plan.
pub(super) fn load(path: &str) -> Result<Configured, Unusable> {
    let bytes = std::fs::read(path).map_err(|error| Unusable::Unreadable(format!("{path}: cannot read: {error}")))?;
    let mut sources = Sources::default();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = Position::of(error.as_bytes(), error.utf8_error().valid_up_to());
            let words = format!("{path}:{at}: this is not UTF-8");
            return Err(Unusable::Wrong { sources, faults: vec![Diagnostic::error("encoding", None, words)] });
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let folder = Path::new(path).parent().map(Path::to_owned).unwrap_or_default();
    let source = sources.add(path, text);
    let Reading { config, mut faults } = Config::read(source, text, &Here { folder: folder.clone() });
    let Some(config) = config else { return Err(Unusable::Wrong { sources, faults }) };
    let mut progress = Progress::new();
    let built = configured::build(&config, &folder, PAGES, &mut |done, of, name| progress.step(done, of, name));
    drop(progress);
    match built {
        Ok(configured) if faults.is_empty() => return Ok(configured),
        Ok(_) => {}
        Err(more) => faults.extend(more),
    }
    faults.sort_by_key(|fault| fault.at);
    Err(Unusable::Wrong { sources, faults })
}

impl Unusable {
    /// All of it, a line for each fault. The lines of the file itself are not shown: they may hold secrets.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Unreadable(message) => message.clone(),
            Self::Wrong { sources, faults } => {
                let mut lines: Vec<String> = faults.iter().map(|fault| sources.render(fault)).collect();
                if faults.len() > 1 {
                    lines.push(format!("{} faults", faults.len()));
                }
                lines.join("\n")
            }
        }
    }
}
