//! Fetching the operator's documents at load time: files, and URLs of the hosts that are allowed; and loading a contract
//! from them.
//!
//! A contract from a file reaches files by relative paths, never URLs; a contract from a URL reaches URLs of its own host,
//! never a file. Nothing here runs while requests are served.

use std::collections::HashMap;
use std::fmt;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Position;
use crate::diagnostic::paint::Paint;
use crate::gateway::fetch;
use crate::gateway::fetch::Client;
use crate::schema::load::Fetched;
use crate::schema::load::ResolveError;
use crate::schema::load::Resolver;
use crate::transcode::shape::Shapes;
use crate::wsdl;
use crate::wsdl::LoadError;
use crate::wsdl::contract::Contract;
use crate::wsdl::schemas;
use crate::wsdl::schemas::Schemas;
use crate::xml::encoding;

/// Fetches the documents of one contract.
#[derive(Debug)]
pub struct Documents {
    /// Host of the contract's URL; none for a file.
    host: Option<String>,
    client: Client,
    /// Names of the files read, by their real path: one document by two paths is one document.
    names: HashMap<PathBuf, String>,
    /// What was odd about the bytes of a document: its name, in words.
    warnings: Vec<(String, String)>,
}

/// Why there is no contract.
#[derive(Debug)]
pub enum LoadFailure {
    /// The document itself cannot be read: `FILE: cannot read: why`.
    Unreadable(String),
    /// It is no WSDL 1.1.
    NotWsdl(Box<LoadError>),
}

impl fmt::Display for LoadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(words) => f.write_str(words),
            Self::NotWsdl(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadFailure {}

impl LoadFailure {
    /// The same in words for people, with the line that shows it.
    #[must_use]
    pub fn explain(&self, paint: Paint) -> String {
        match self {
            Self::Unreadable(words) => words.clone(),
            Self::NotWsdl(error) => error.sources.explain(&error.diagnostic, paint),
        }
    }
}

/// Loads the contract at a path or an http(s) URL, with all that it imports.
///
/// # Errors
/// It cannot be read, or is no WSDL 1.1.
pub fn contract(location: &str) -> Result<Contract, LoadFailure> {
    Documents::new(location).contract(location)
}

impl Documents {
    /// For a contract at `location`, a path or an http(s) URL.
    #[must_use]
    pub fn new(location: &str) -> Self {
        Self { host: fetch::host(location), client: Client::default(), names: HashMap::new(), warnings: Vec::new() }
    }

    /// Trusts these roots (PEM text) for https URLs besides the public ones.
    #[must_use]
    pub fn with_roots(mut self, pem: Option<Vec<u8>>) -> Self {
        self.client = Client { roots: pem };
        self
    }

    /// Loads the contract at `location`.
    ///
    /// # Errors
    /// It cannot be read, or is no WSDL 1.1.
    pub fn contract(mut self, location: &str) -> Result<Contract, LoadFailure> {
        let root = self.root(location);
        let root = root.map_err(|error| LoadFailure::Unreadable(format!("{location}: cannot read: {}", error.message)))?;
        let loaded = wsdl::load(&root.location, &root.text, &mut self);
        let mut contract = loaded.map_err(|error| LoadFailure::NotWsdl(Box::new(error)))?;
        for (name, words) in self.warnings {
            contract.diagnostics.push(Diagnostic::warning("encoding", None, format!("{name}: {words}")));
        }
        contract.degrade(&Shapes::new(&contract.schema).losses());
        Ok(contract)
    }

    /// Loads schema documents, which stand beside no WSDL, with all that they import.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn schemas(locations: &[String]) -> Result<Schemas, LoadFailure> {
        let mut documents = Self::new(locations.first().map_or("", String::as_str));
        let mut roots = Vec::with_capacity(locations.len());
        for location in locations {
            let root = documents.root(location);
            roots.push(root.map_err(|error| LoadFailure::Unreadable(format!("{location}: cannot read: {}", error.message)))?);
        }
        let mut loaded = schemas::load(&roots, &mut documents);
        for (name, words) in documents.warnings {
            loaded.diagnostics.push(Diagnostic::warning("encoding", None, format!("{name}: {words}")));
        }
        Ok(loaded)
    }

    /// The contract itself, decoded.
    ///
    /// # Errors
    /// Says in words why it cannot be read.
    pub fn root(&mut self, location: &str) -> Result<Fetched, ResolveError> {
        if !fetch::is_url(location) {
            return self.file(Path::new(location));
        }
        let document = self.client.get(location, None).map_err(refused)?;
        // The operator named the URL; where it leads is where its imports may come from.
        self.host = fetch::host(&document.url);
        self.text(document.url, &document.bytes, document.charset.as_deref())
    }

    fn file(&mut self, path: &Path) -> Result<Fetched, ResolveError> {
        let bytes = std::fs::read(path).map_err(|error| refused(plain(&error)))?;
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = self.names.entry(real).or_insert_with(|| tidy(path).display().to_string()).clone();
        self.text(name, &bytes, None)
    }

    /// A document as text. Bytes that contradict the encoding they claim are read as windows-1252, which names every byte.
    fn text(&mut self, name: String, bytes: &[u8], charset: Option<&str>) -> Result<Fetched, ResolveError> {
        let decoded = encoding::decode(bytes, charset).map_err(|error| refused(error.message))?;
        if let Some(words) = decoded.warning {
            self.warnings.push((name.clone(), words));
        }
        let text = match String::from_utf8(decoded.text.into_owned()) {
            Ok(text) => text,
            Err(error) => {
                let position = Position::of(error.as_bytes(), error.utf8_error().valid_up_to());
                let words = format!("there are bytes that are not UTF-8, first at {position}; it is read as windows-1252");
                self.warnings.push((name.clone(), words));
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
            }
        };
        Ok(Fetched { location: name, text })
    }

    fn relative_file(&mut self, base: &str, location: &str) -> Result<Fetched, ResolveError> {
        if fetch::is_url(location) {
            return Err(refused(
                "a contract from a file fetches nothing from the network; save the document beside it and let schemaLocation name the copy",
            ));
        }
        let written = location.replace('\\', "/");
        if written.starts_with('/') || written.contains(':') {
            return Err(refused("only relative paths are followed from a file"));
        }
        let folder = Path::new(base).parent().unwrap_or(Path::new(""));
        let found = self.file(&folder.join(&written));
        if found.is_ok() {
            return found;
        }
        // Locations are URI references: %20 for a space, perhaps a fragment.
        let unescaped = fetch::unescaped(written.split(['#', '?']).next().unwrap_or_default());
        if unescaped == written { found } else { self.file(&folder.join(&*unescaped)).or(found) }
    }
}

impl Resolver for Documents {
    fn fetch(&mut self, base: &str, location: &str, _namespace: Option<&str>) -> Result<Fetched, ResolveError> {
        if location.is_empty() {
            return Err(refused("the import names no location"));
        }
        let Some(host) = self.host.clone() else { return self.relative_file(base, location) };
        let url = fetch::join(base, location)
            .ok_or_else(|| refused(format!("'{location}' is no http(s) URL, and a contract from a URL reaches no files")))?;
        if fetch::host(&url).as_deref() != Some(&host) {
            return Err(refused(format!(
                "{url} is on another host than the contract ({host}) and is not fetched; save the contract with its imports as files"
            )));
        }
        let document = self.client.get(&url, Some(&host)).map_err(refused)?;
        self.text(document.url, &document.bytes, document.charset.as_deref())
    }
}

fn refused(message: impl Into<String>) -> ResolveError {
    ResolveError { message: message.into() }
}

/// `a/b/../c` is `a/c`; leading `..` stay.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(component),
        }
    }
    out
}

/// The system's words without the error number, which helps nobody.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("castile-documents-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("types")).expect("a folder");
        folder
    }

    #[test]
    fn a_file_reaches_files_by_relative_paths_and_each_once() {
        let folder = folder("relative");
        std::fs::write(folder.join("a.wsdl"), "<a/>").expect("written");
        std::fs::write(folder.join("types/b c.xsd"), "<b/>").expect("written");
        let root = folder.join("a.wsdl").display().to_string();
        let mut documents = Documents::new(&root);
        let root = documents.root(&root).expect("read");
        let one = documents.fetch(&root.location, "types/b%20c.xsd", None).expect("read");
        let same = documents.fetch(&one.location, "..\\types\\b c.xsd", None).expect("read");
        assert_eq!((one.text.as_str(), &one.location), ("<b/>", &same.location));
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_file_reaches_neither_urls_nor_absolute_paths() {
        let mut documents = Documents::new("dir/a.wsdl");
        for location in ["http://other.example/a.xsd", "/etc/passwd", "file:///etc/passwd", "C:\\a.xsd"] {
            assert!(documents.fetch("dir/a.wsdl", location, None).is_err(), "{location}");
        }
    }

    #[test]
    fn a_contract_from_a_url_reaches_no_files_and_no_other_host() {
        let mut documents = Documents::new("http://one.example/a.wsdl");
        for location in ["http://other.example/a.xsd", "file:///etc/passwd", "//other.example/b.xsd"] {
            let error = documents.fetch("http://one.example/a.wsdl", location, None).expect_err(location);
            assert!(error.message.contains("another host") || error.message.contains("no files"), "{}", error.message);
        }
    }

    #[test]
    fn a_missing_file_is_told_in_plain_words() {
        assert_eq!(Documents::new("no/such.wsdl").root("no/such.wsdl").expect_err("missing").message, "no such file or directory");
    }

    #[test]
    fn paths_are_tidied() {
        assert_eq!(tidy(Path::new("./a/../../b/c")), Path::new("../b/c"));
        assert_eq!(tidy(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
