//! A sheet, compiled once and shared, and a run of it.
//!
//! Loading collects every finding with file, line and column. A run takes bytes and gives bytes; the source document reaches libxml2 only
//! after the guarded scanner has passed it, so it has no DOCTYPE, no entities, and a bounded depth.

use std::ffi::CString;
use std::sync::atomic::AtomicBool;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::Sources;
use crate::xml::encoding::decode;
use crate::xml::error::XmlError;
use crate::xml::limits::Limits as XmlLimits;
use crate::xml::reader::check;
use crate::xslt::AVAILABLE;
use crate::xslt::binding::Compiled;
use crate::xslt::binding::knows_encoding;
use crate::xslt::call::Broken;
use crate::xslt::call::Document;
use crate::xslt::call::End;
use crate::xslt::call::OutputAsked;
use crate::xslt::failure::Failure;
use crate::xslt::failure::Reason;
use crate::xslt::failure::Refused;
use crate::xslt::gather::Folder;
use crate::xslt::gather::gather;
use crate::xslt::heard::Heard;
use crate::xslt::heard::Told;
use crate::xslt::inspect::Parameter;
use crate::xslt::limits::Limits;
use crate::xslt::media;
use crate::xslt::name;
use crate::xslt::parameters;

/// A compiled sheet. Any number of threads may run it at once.
#[derive(Debug)]
pub struct Sheet {
    compiled: Compiled,
    /// What `document('')` and imports read: URI and text of each document, in the order of `sources`.
    documents: Vec<(CString, String)>,
    paths: Vec<String>,
    sources: Sources,
    parameters: Vec<Parameter>,
    output: OutputAsked,
    warnings: Vec<String>,
}

/// A document that `document()` may read, besides the sheet itself.
#[derive(Clone, Debug)]
pub struct Listed {
    uri: CString,
    text: String,
}

impl Listed {
    /// The document at `path` below the sheet's folder. It is checked as messages are: no DOCTYPE.
    ///
    /// # Errors
    /// It is no XML, or its path is none.
    pub fn new(path: &str, bytes: &[u8]) -> Result<Self, XmlError> {
        let text = guarded(bytes, &XmlLimits { bytes: usize::MAX, ..XmlLimits::default() })?;
        let uri = CString::new(name::uri_of(path)).map_err(|_| XmlError::new("path", 0, "a path with a NUL"))?;
        Ok(Self { uri, text })
    }
}

/// What a run is given besides the source document.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    /// Names as the sheet writes them, or `{namespace}local`, and values. Values are strings, never XPath; of one name, the last counts.
    pub parameters: &'c [(String, String)],
    /// What `document()` may read.
    pub documents: &'c [Listed],
    /// What the run may use.
    pub limits: &'c Limits,
    /// What the source document may hold.
    pub guard: &'c XmlLimits,
    /// Set by another thread to give the run up.
    pub stop: Option<&'c AtomicBool>,
}

/// The result of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// Exactly what libxslt writes under the sheet's xsl:output.
    pub bytes: Vec<u8>,
    /// The Content-Type that xsl:output asks for.
    pub media_type: String,
    /// The texts of xsl:message.
    pub messages: Vec<String>,
    /// What is odd about the call, e.g. a parameter that the sheet does not declare.
    pub warnings: Vec<String>,
}

impl Sheet {
    /// Loads and compiles the sheet at `main`, a path below `folder`, with all that it imports.
    ///
    /// # Errors
    /// It is no usable sheet of XSLT 1.0; tells every fault with its place.
    pub fn load(main: &str, folder: &mut dyn Folder) -> Result<Self, Refused> {
        if !AVAILABLE {
            let words = "this castile was built without XSLT; build it with the feature `xslt`, which needs libxslt";
            return Err(Refused { diagnostics: vec![Diagnostic::error("no-xslt", None, words)], sources: Sources::default() });
        }
        let mut gathered = gather(main, folder);
        if gathered.is_faulty() {
            return Err(Refused { diagnostics: gathered.diagnostics, sources: gathered.sources });
        }
        let paths: Vec<String> = gathered.documents.iter().map(|(path, _)| path.clone()).collect();
        let documents = gathered.documents.into_iter().filter_map(|(path, text)| Some((CString::new(name::uri_of(&path)).ok()?, text)));
        let documents: Vec<(CString, String)> = documents.collect();
        match compile(&documents, &paths, &gathered.sources) {
            Ok((compiled, found)) => {
                gathered.diagnostics.extend(found);
                let warnings = gathered.diagnostics.iter().map(|one| gathered.sources.render(one)).collect();
                let output = compiled.output();
                Ok(Self { compiled, documents, paths, sources: gathered.sources, parameters: gathered.parameters, output, warnings })
            }
            Err(found) => {
                gathered.diagnostics.extend(found);
                Err(Refused { diagnostics: gathered.diagnostics, sources: gathered.sources })
            }
        }
    }

    /// What was odd when it was loaded, `FILE:LINE:COLUMN: warning: message` each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Runs the sheet on a document.
    ///
    /// # Errors
    /// There is no result; says why, and who is to blame.
    pub fn run(&self, source: &[u8], call: &Call<'_>) -> Result<Done, Failure> {
        let source = guarded(source, call.guard).map_err(Reason::Document)?;
        let (passed, warnings) = parameters::choose(&self.parameters, call.parameters).map_err(Reason::Parameter)?;
        let own = self.documents.iter().map(|(uri, text)| Document { uri, text });
        let listed = call.documents.iter().map(|one| Document { uri: &one.uri, text: &one.text });
        let readable: Vec<Document<'_>> = own.chain(listed).collect();
        let mut heard = Heard::running(call.limits.output);
        let source = Document { uri: SOURCE, text: &source };
        let end = self.compiled.run(&source, &passed, &readable, call.limits, call.stop, &mut heard);
        let overflowed = heard.overflowed();
        let (faults, messages, bytes) = heard.finish();
        match end {
            End::Well { html } if faults.is_empty() && !overflowed => {
                Ok(Done { bytes, media_type: media::media_type(&self.output, html), messages, warnings })
            }
            End::Well { .. } | End::Badly if overflowed => {
                let words = format!("the result has more than {} bytes", call.limits.output);
                Err(Failure { reason: Reason::Limit(words), messages })
            }
            End::Well { .. } | End::Badly => Err(Failure { reason: self.faults(&faults), messages }),
            End::BySheet if faults.is_empty() => {
                let text = messages.last().cloned().unwrap_or_default();
                Err(Failure { reason: Reason::Terminated(text), messages })
            }
            End::BySheet => Err(Failure { reason: self.faults(&faults), messages }),
            End::Broken(broken) => Err(Failure { reason: bound(broken, call.limits), messages }),
        }
    }

    /// Faults told while running, with the documents' names; those of a bound of libxslt's own are a limit.
    fn faults(&self, told: &[Told]) -> Reason {
        let lines: Vec<String> = told.iter().map(|one| self.line(one)).collect();
        let limits = ["peration limit exceeded", "otential infinite template recursion", "ecursion limit exceeded"];
        if let Some((one, line)) = told.iter().zip(&lines).find(|(one, _)| limits.iter().any(|words| one.text.contains(words))) {
            let what = if one.text.contains("peration limit") { "too many instructions" } else { "recursion too deep" };
            let place = line.strip_suffix(&one.text).unwrap_or_default();
            return Reason::Limit(format!("{place}{what}, perhaps without end"));
        }
        Reason::Faults(if lines.is_empty() { vec![String::from("libxslt gave no result and no reason")] } else { lines })
    }

    fn line(&self, told: &Told) -> String {
        let Some(path) = &told.path else { return told.text.clone() };
        let source = self.paths.iter().position(|one| one == path).and_then(|at| u32::try_from(at).ok());
        let shown = source.and_then(|at| self.sources.get(SourceId(at))).map_or(path.as_str(), |source| &source.name);
        format!("{shown}:{}: {}", told.line, told.text)
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self { reason, messages: Vec::new() }
    }
}

/// What libxslt calls the source document.
const SOURCE: &std::ffi::CStr = c"castile:/-";

/// The text of a document that the guarded scanner has passed.
fn guarded(bytes: &[u8], limits: &XmlLimits) -> Result<String, XmlError> {
    let decoded = decode(bytes, None)?;
    check(&decoded.text, limits)?;
    String::from_utf8(decoded.text.into_owned())
        .map_err(|error| XmlError::new("not-utf8", error.utf8_error().valid_up_to(), "bytes that are not UTF-8"))
}

fn compile(documents: &[(CString, String)], paths: &[String], sources: &Sources) -> Result<(Compiled, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut heard = Heard::compiling();
    let documents: Vec<Document<'_>> = documents.iter().map(|(uri, text)| Document { uri, text }).collect();
    let (compiled, broken) = Compiled::compile(&documents, &Limits::default(), &mut heard);
    let (told, _, _) = heard.finish();
    let place = |one: &Told| {
        let at = paths.iter().position(|path| Some(path) == one.path.as_ref())?;
        let source = SourceId(u32::try_from(at).ok()?);
        Some(Place { source, offset: start_of_line(&sources.get(source)?.text, one.line) })
    };
    let Some(compiled) = compiled else {
        let mut found: Vec<Diagnostic> = told.iter().map(|one| Diagnostic::error("sheet", place(one), one.text.as_str())).collect();
        if let Some(broken) = broken {
            found.push(Diagnostic::error("sheet-too-large", None, bound(broken, &Limits::default()).to_string()));
        }
        if found.is_empty() {
            found.push(Diagnostic::error("sheet", None, "libxslt refuses the sheet and says no reason"));
        }
        return Err(found);
    };
    let output = compiled.output();
    if let Some(unknown) = output.encoding.filter(|encoding| !knows_encoding(encoding)) {
        let words = format!("xsl:output asks for the encoding `{unknown}`, which is not known");
        return Err(vec![Diagnostic::error("sheet-encoding", None, words)]);
    }
    let warnings = told.iter().map(|one| Diagnostic::warning("sheet", place(one), one.text.as_str())).collect();
    Ok((compiled, warnings))
}

/// The byte where a line's text begins.
fn start_of_line(text: &str, line: u32) -> u32 {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.saturating_sub(1) as usize).map(str::len).sum();
    let blank = text.get(before..).unwrap_or_default();
    let blank = blank.len() - blank.trim_start_matches([' ', '\t']).len();
    u32::try_from(before + blank).unwrap_or(u32::MAX)
}

fn bound(broken: Broken, limits: &Limits) -> Reason {
    match broken {
        Broken::Memory => Reason::Limit(format!("the transformation needs more than {} bytes of memory", limits.memory)),
        Broken::Stack => Reason::Limit(String::from("recursion too deep, perhaps without end")),
        Broken::Stopped => Reason::Stopped,
    }
}
