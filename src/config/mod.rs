//! What the operator wrote in `castile.yaml`, typed, with the place of every key and value.
//!
//! YAML -> a tree with places -> every fault that the JSON Schema of the types finds -> the types -> every name that refers to
//! nothing. All faults are told at once. Knows no contract and no plan: whether an operation exists is found when the
//! plan is made, and told with the places kept here. Request code never sees these types.

mod check;
pub mod file;
pub mod init;
pub mod limits;
mod names;
pub mod rest;
mod tree;
pub mod units;

use serde_json::Value;

pub use crate::config::tree::Places;

pub(crate) use crate::config::tree::join;

use crate::config::file::File;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::SourceId;

/// What the operator's references lead to.
pub trait Surroundings {
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// The text of a file, by its path as written: relative to the configuration.
    ///
    /// # Errors
    /// In words, with the file's name.
    fn secret(&self, path: &str) -> Result<String, String>;
}

/// A configuration, good as far as it can be told without the contracts.
#[derive(Debug)]
pub struct Config {
    /// What it says.
    pub file: File,
    /// Where it says it.
    pub places: Places,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the text.
    pub fn read(source: SourceId, text: &str, surroundings: &dyn Surroundings) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let read = tree::read(source, text, surroundings, &mut faults).and_then(|mut tree| {
            let spoilt = check::check(&tree, &mut faults);
            check::prune(&mut tree.value, &spoilt);
            let file: File = serde_json::from_value(tree.value).map_err(|error| misfit(&error, &mut faults)).ok()?;
            names::check(&file, &tree.places, &spoilt, &mut faults);
            Some(Self { file, places: tree.places })
        });
        match read {
            Some(config) if faults.is_empty() => Ok(config),
            Some(_) | None => {
                faults.sort_by_key(|fault| fault.at);
                Err(faults)
            }
        }
    }
}

/// What does not fit the types although it fits their schema; after faults it says nothing new.
fn misfit(error: &serde_json::Error, faults: &mut Vec<Diagnostic>) {
    if faults.is_empty() {
        faults.push(Diagnostic::error("unusable-config", None, error.to_string()));
    }
}

/// The JSON Schema of `castile.yaml`, for editors.
#[must_use]
pub fn schema() -> Value {
    check::schema()
}

#[cfg(test)]
mod tests;
