//! Gathering a sheet with all that it imports and includes, each document once, before libxslt sees any of it.
//!
//! The documents come through a [`Folder`]; what may be asked of it is decided here: paths below it, no circles, a bounded number.
//! libxslt reads an import as often as it is written, so that number is bounded too.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::Severity;
use crate::diagnostic::Sources;
use crate::xslt::inspect::Inspected;
use crate::xslt::inspect::Parameter;
use crate::xslt::inspect::inspect;
use crate::xslt::name;

/// How many documents one sheet may have, counted as often as they are imported, and how deep imports may go.
const MOST_DOCUMENTS: usize = 1000;
const MOST_DEPTH: usize = 64;

/// Where sheets come from: a folder, and nothing outside of it.
pub trait Folder {
    /// The text of the document at `path`, decoded. The path has `/` between its parts, is relative to the folder and never leads out of it.
    ///
    /// # Errors
    /// Says in words why it cannot be read: lowercase, no final dot.
    fn read(&mut self, path: &str) -> Result<String, String>;

    /// What the operator calls the document at `path`.
    fn shown(&self, path: &str) -> String;
}

/// A sheet's documents, the main one first.
#[derive(Default, Debug)]
pub(super) struct Gathered {
    pub(super) sources: Sources,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Path and text of each document, in the order of `sources`.
    pub(super) documents: Vec<(String, String)>,
    pub(super) parameters: Vec<Parameter>,
}

impl Gathered {
    /// Whether anything was found that forbids compiling.
    pub(super) fn is_faulty(&self) -> bool {
        self.diagnostics.iter().any(|one| one.severity == Severity::Error)
    }
}

/// Gathers the sheet at `main` and all that it imports.
pub(super) fn gather(main: &str, folder: &mut dyn Folder) -> Gathered {
    let mut gatherer = Gatherer { folder, gathered: Gathered::default(), known: HashMap::new(), open: Vec::new() };
    let count = gatherer.visit(main, None);
    let mut gathered = gatherer.gathered;
    if count > MOST_DOCUMENTS && !gathered.is_faulty() {
        let words =
            format!("{main} imports {count} documents, each counted as often as it is imported; at most {MOST_DOCUMENTS} are allowed");
        gathered.diagnostics.push(Diagnostic::error("too-many-sheets", None, words));
    }
    gathered
}

struct Gatherer<'f> {
    folder: &'f mut dyn Folder,
    gathered: Gathered,
    /// Documents read, with how many they are with all that they import.
    known: HashMap<String, usize>,
    /// The chain of documents that led here.
    open: Vec<String>,
}

impl Gatherer<'_> {
    /// Reads a document, imported at a place, and what it imports; tells how many documents that makes for libxslt.
    fn visit(&mut self, path: &str, from: Option<Place>) -> usize {
        if let Some(count) = self.known.get(path) {
            return *count;
        }
        let text = match self.folder.read(path) {
            Ok(text) => text,
            Err(why) => {
                self.error("sheet-unreadable", from, format!("{}: cannot read: {why}", self.folder.shown(path)));
                return 1;
            }
        };
        let source = self.gathered.sources.add(self.folder.shown(path), text.as_str());
        let Inspected { imports, parameters, diagnostics } = inspect(source, &text);
        self.gathered.documents.push((path.to_owned(), text));
        self.gathered.diagnostics.extend(diagnostics);
        self.gathered.parameters.extend(parameters);
        self.open.push(path.to_owned());
        let mut count: usize = 1;
        for (href, place) in imports {
            count = count.saturating_add(self.follow(path, &href, place));
        }
        self.open.pop();
        self.known.insert(path.to_owned(), count);
        count
    }

    fn follow(&mut self, base: &str, href: &str, place: Place) -> usize {
        let path = match name::resolve(base, href) {
            Ok(path) => path,
            Err(why) => {
                self.error("sheet-outside", Some(place), why);
                return 0;
            }
        };
        if let Some(start) = self.open.iter().position(|open| *open == path) {
            let circle: Vec<&str> = self.open.iter().skip(start).map(String::as_str).chain([path.as_str()]).collect();
            self.error("sheet-circle", Some(place), format!("sheets that import each other in a circle: {}", circle.join(" -> ")));
            return 0;
        }
        if self.open.len() >= MOST_DEPTH || self.known.len() >= MOST_DOCUMENTS {
            self.error(
                "too-many-sheets",
                Some(place),
                format!("more than {MOST_DOCUMENTS} documents, or imports more than {MOST_DEPTH} deep"),
            );
            return 0;
        }
        self.visit(&path, Some(place))
    }

    fn error(&mut self, code: &'static str, at: Option<Place>, message: String) {
        self.gathered.diagnostics.push(Diagnostic::error(code, at, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Vec<(String, String)>);

    impl Folder for Fake {
        fn read(&mut self, path: &str) -> Result<String, String> {
            let found = self.0.iter().find(|(name, _)| name == path).map(|(_, text)| text.clone());
            found.ok_or_else(|| String::from("no such file"))
        }

        fn shown(&self, path: &str) -> String {
            path.to_owned()
        }
    }

    fn sheet(imports: &[&str]) -> String {
        let imports: String = imports.iter().map(|href| format!("<xsl:import href='{href}'/>\n")).collect();
        format!("<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>\n{imports}</xsl:stylesheet>")
    }

    fn said(files: &[(&str, &[&str])]) -> Vec<String> {
        let mut fake = Fake(files.iter().map(|(name, imports)| ((*name).to_owned(), sheet(imports))).collect());
        let found = gather("a.xsl", &mut fake);
        found.diagnostics.iter().map(|one| found.sources.render(one)).collect()
    }

    #[test]
    fn a_circle_is_told_with_its_members() {
        let said = said(&[("a.xsl", &["b.xsl"]), ("b.xsl", &["c/c.xsl"]), ("c/c.xsl", &["../b.xsl"])]);
        assert_eq!(said, ["c/c.xsl:2:1: sheets that import each other in a circle: b.xsl -> c/c.xsl -> b.xsl"]);
    }

    #[test]
    fn a_missing_import_is_told_where_it_is_asked_for() {
        assert_eq!(said(&[("a.xsl", &["b.xsl"])]), ["a.xsl:2:1: b.xsl: cannot read: no such file"]);
    }

    #[test]
    fn imports_that_double_at_each_step_are_refused() {
        let names: Vec<String> = (0..12).map(|n| if n == 0 { String::from("a.xsl") } else { format!("{n}.xsl") }).collect();
        let next: Vec<Vec<&str>> = (1..=12).map(|n| names.get(n).map_or_else(Vec::new, |name| vec![name.as_str(); 2])).collect();
        let files: Vec<(&str, &[&str])> = names.iter().map(String::as_str).zip(next.iter().map(Vec::as_slice)).collect();
        assert!(said(&files)[0].contains("imports 4095 documents"));
    }
}
