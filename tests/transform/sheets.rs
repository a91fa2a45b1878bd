//! What the tests share: sheets in memory and a short way to run them.

use std::collections::HashMap;

use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Done;
use castile::xslt::Failure;
use castile::xslt::Folder;
use castile::xslt::Limits;
use castile::xslt::Reason;
use castile::xslt::Sheet;

/// A folder in memory; remembers what was asked of it.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: HashMap<String, String>,
    pub(crate) asked: Vec<String>,
}

impl Folder for Memory {
    fn read(&mut self, path: &str) -> Result<String, String> {
        self.asked.push(path.to_owned());
        self.files.get(path).cloned().ok_or_else(|| String::from("no such file"))
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

pub(crate) fn folder(files: &[(&str, &str)]) -> Memory {
    Memory { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(), asked: Vec::new() }
}

/// A stylesheet element of version 1.0 round `body`, with the namespaces of EXSLT.
pub(crate) fn sheet(body: &str) -> String {
    format!(
        "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:exsl='http://exslt.org/common' \
         xmlns:str='http://exslt.org/strings' xmlns:math='http://exslt.org/math' xmlns:set='http://exslt.org/sets' \
         xmlns:date='http://exslt.org/dates-and-times' xmlns:dyn='http://exslt.org/dynamic' xmlns:crypto='http://exslt.org/crypto' \
         xmlns:func='http://exslt.org/functions' xmlns:saxon='http://icl.com/saxon' \
         exclude-result-prefixes='exsl str math set date dyn crypto func saxon'>{body}</xsl:stylesheet>"
    )
}

/// A sheet with one template for the root.
pub(crate) fn template(body: &str) -> String {
    sheet(&format!("<xsl:template match='/'>{body}</xsl:template>"))
}

pub(crate) fn load(text: &str) -> Result<Sheet, String> {
    Sheet::load("main.xsl", &mut folder(&[("main.xsl", text)])).map_err(|refused| refused.to_string())
}

pub(crate) fn run_with(sheet: &Sheet, document: &str, parameters: &[(&str, &str)], limits: &Limits) -> Result<Done, Failure> {
    let parameters: Vec<(String, String)> = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let guard = XmlLimits::default();
    sheet.run(document.as_bytes(), &Call { parameters: &parameters, documents: &[], limits, guard: &guard, stop: None })
}

pub(crate) fn run(text: &str, document: &str) -> Result<Done, Failure> {
    run_with(&load(text).unwrap(), document, &[], &Limits::default())
}

/// The result as text.
pub(crate) fn text(text: &str, document: &str) -> String {
    String::from_utf8(run(text, document).unwrap().bytes).unwrap()
}

/// Why a run failed, all in one text.
pub(crate) fn fault(text: &str, document: &str) -> String {
    match run(text, document) {
        Ok(done) => panic!("it gave {}", String::from_utf8_lossy(&done.bytes)),
        Err(failure) => failure.to_string(),
    }
}

pub(crate) fn is_limit(failure: &Failure) -> bool {
    matches!(failure.reason, Reason::Limit(_))
}
