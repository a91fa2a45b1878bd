//! What the operator wrote in `castile.yaml`, typed, with the place of every key and value.
//!
//! YAML -> a tree with places -> every fault that the JSON Schema of the types finds -> the tree without them -> the types -> every name
//! that refers to nothing. All faults are told at once, and none that another one causes. Knows no contract and no plan: whether an
//! operation exists is found when the plan is made, and told with the places kept here. Request code never sees these types.

mod check;
pub mod file;
mod grammar;
pub mod init;
pub mod limits;
mod mend;
mod names;
pub mod rest;
pub mod spoilt;
mod tree;
pub mod units;

use serde_json::Value;

pub use crate::config::tree::Places;

pub(crate) use crate::config::tree::join;

use crate::config::file::File;
use crate::config::grammar::Grammar;
use crate::config::spoilt::Spoilt;
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

/// A configuration as far as it fits its types.
#[derive(Debug)]
pub struct Config {
    /// What it says.
    pub file: File,
    /// Where it says it.
    pub places: Places,
    /// The values of which something wrong has been told: what stands in their place in `file` says nothing.
    pub spoilt: Spoilt,
}

/// What came of reading a configuration.
#[derive(Debug)]
pub struct Reading {
    /// It, without what is wrong with it: the rest of it can still be judged by the contracts that it names. None where it is no YAML.
    pub config: Option<Config>,
    /// All that is wrong with it, in the order of the text.
    pub faults: Vec<Diagnostic>,
}

impl Reading {
    /// The configuration, if it is good as far as it can be told without the contracts.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn good(self) -> Result<Config, Vec<Diagnostic>> {
        self.config.filter(|_| self.faults.is_empty()).ok_or(self.faults)
    }
}

impl Config {
    /// Reads a configuration.
    #[must_use]
    pub fn read(source: SourceId, text: &str, surroundings: &dyn Surroundings) -> Reading {
        let mut faults = Vec::new();
        let config = tree::read(source, text, surroundings, &mut faults).and_then(|mut tree| {
            let grammar = Grammar::new();
            let mut spoilt = Spoilt::default();
            check::check(&tree, &grammar, &mut spoilt, &mut faults);
            mend::mend(&mut tree.value, &grammar, &spoilt);
            let file: File = serde_json::from_value(tree.value).map_err(|error| misfit(&error, &mut faults)).ok()?;
            names::check(&file, &tree.places, &mut spoilt, &mut faults);
            Some(Self { file, places: tree.places, spoilt })
        });
        faults.sort_by_key(|fault| fault.at);
        Reading { config, faults }
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
    Grammar::new().schema
}

#[cfg(test)]
mod tests;
