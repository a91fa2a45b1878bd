//! A look at one sheet before libxslt sees it: is it a sheet of XSLT 1.0, what does it import, which parameters does it declare.
//!
//! libxslt takes a sheet of XSLT 2.0 for one of 1.0 with unknown parts and silently gives nothing; and it only warns of misspelt
//! instructions. Both are faults here. Nothing is resolved: what an `href` means is decided by the caller.

use roxmltree::Document;
use roxmltree::Node;
use roxmltree::ParsingOptions;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::SourceId;
use crate::diagnostic::nearest;
use crate::xml::tree::Plain;
use crate::xslt::expressions;

/// The namespace of XSLT.
const XSLT_NS: &str = "http://www.w3.org/1999/XSL/Transform";
const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";

/// The elements of XSLT 1.0, with those of the working draft 1.1 that libxslt knows.
const ELEMENTS: [&str; 36] = [
    "apply-imports",
    "apply-templates",
    "attribute",
    "attribute-set",
    "call-template",
    "choose",
    "comment",
    "copy",
    "copy-of",
    "decimal-format",
    "document",
    "element",
    "fallback",
    "for-each",
    "if",
    "import",
    "include",
    "key",
    "message",
    "namespace-alias",
    "number",
    "otherwise",
    "output",
    "param",
    "preserve-space",
    "processing-instruction",
    "sort",
    "strip-space",
    "stylesheet",
    "template",
    "text",
    "transform",
    "value-of",
    "variable",
    "when",
    "with-param",
];

/// A parameter that a sheet declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Parameter {
    /// As written, with its prefix.
    pub(super) written: String,
    /// `local` or `{namespace}local`.
    pub(super) expanded: String,
}

/// What one sheet document holds.
#[derive(Default, Debug)]
pub(super) struct Inspected {
    /// The `href` of each import and include, with its place.
    pub(super) imports: Vec<(String, Place)>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Inspects the sheet document `source`.
pub(super) fn inspect(source: SourceId, text: &str) -> Inspected {
    let mut inspector = Inspector { source, found: Inspected::default() };
    let options = ParsingOptions { allow_dtd: true, ..Default::default() };
    match Document::parse_with_options(text, options) {
        Ok(document) => inspector.root(document.root_element()),
        Err(error) => {
            let offset = offset_of(text, error.pos());
            let words = error.to_string();
            let words = words.rsplit_once(" at ").map_or(words.as_str(), |(words, _)| words);
            let at = Place { source, offset };
            inspector.found.diagnostics.push(Diagnostic::error("sheet-not-xml", at, format!("the sheet is no well-formed XML: {words}")));
        }
    }
    inspector.found
}

struct Inspector {
    source: SourceId,
    found: Inspected,
}

impl Inspector {
    fn root(&mut self, root: Node<'_, '_>) {
        if is_xslt(root, "stylesheet") || is_xslt(root, "transform") {
            match root.plain("version") {
                Some(version) => self.version(root, version),
                None => self.error("sheet-version", root, String::from("xsl:stylesheet without version; expected version=\"1.0\"")),
            }
            for child in root.children().filter(Node::is_element) {
                self.top(child);
            }
        } else if root.attribute((XSLT_NS, "version")).is_some() {
            self.instructions(root);
        } else {
            let found = root.tag_name().name();
            self.error(
                "no-sheet",
                root,
                format!("the root element is `{found}`; expected xsl:stylesheet, or xsl:version on a sheet that is one template"),
            );
        }
    }

    /// An element at the top of a sheet. Data of the author's own may stand there, in another namespace.
    fn top(&mut self, element: Node<'_, '_>) {
        if element.tag_name().namespace() != Some(XSLT_NS) {
            return;
        }
        match element.tag_name().name() {
            "import" | "include" => self.import(element),
            "param" => self.parameter(element),
            _ => {}
        }
        self.instructions(element);
    }

    fn import(&mut self, element: Node<'_, '_>) {
        let Some(href) = element.plain("href") else { return };
        if let Some(based) = element.ancestors().find(|node| node.attribute((XML_NS, "base")).is_some()) {
            self.error("sheet-base", based, String::from("xml:base above an import is not supported; write the path into the href"));
            return;
        }
        self.found.imports.push((href.to_owned(), self.place(element)));
    }

    fn parameter(&mut self, element: Node<'_, '_>) {
        let Some(written) = element.plain("name").map(str::trim) else { return };
        let expanded = match written.split_once(':') {
            Some((prefix, local)) => match element.lookup_namespace_uri(Some(prefix)) {
                Some(uri) => format!("{{{uri}}}{local}"),
                None => return,
            },
            None => written.to_owned(),
        };
        self.found.parameters.push(Parameter { written: written.to_owned(), expanded });
    }

    /// An element and all below it: unknown instructions, versions on result elements.
    fn instructions(&mut self, top: Node<'_, '_>) {
        for element in top.descendants().filter(Node::is_element) {
            if element.tag_name().namespace() == Some(XSLT_NS) {
                self.known(element);
                self.found.diagnostics.extend(expressions::check(self.source, element));
            } else if let Some(version) = element.attribute((XSLT_NS, "version")) {
                self.version(element, version);
            }
        }
    }

    fn known(&mut self, element: Node<'_, '_>) {
        let name = element.tag_name().name();
        if ELEMENTS.contains(&name) || forwards_compatible(element) {
            return;
        }
        let mut words = format!("unknown element xsl:{name}; XSLT 1.0 has none of that name");
        if let Some(near) = nearest(name, &ELEMENTS) {
            words = format!("unknown element xsl:{name}, did you mean xsl:{near}?");
        }
        self.error("unknown-instruction", element, words);
    }

    fn version(&mut self, element: Node<'_, '_>, written: &str) {
        match written.trim().parse::<f64>() {
            Ok(1.0) => {}
            Ok(number) if (1.0..2.0).contains(&number) => {
                let at = self.place(element);
                let words = format!("the sheet says version {written}; it runs as XSLT 1.0, parts of XSLT {written} do not work");
                self.found.diagnostics.push(Diagnostic::warning("sheet-version", at, words));
            }
            Ok(number) if number >= 2.0 => {
                let words = format!("the sheet is of XSLT {written}; castile runs XSLT 1.0, so it would give wrong results or none");
                self.error("sheet-version", element, words);
            }
            Ok(_) | Err(_) => {
                self.error("sheet-version", element, format!("`{written}` is no version of XSLT; expected version=\"1.0\""));
            }
        }
    }

    fn error(&mut self, code: &'static str, at: Node<'_, '_>, message: String) {
        let at = self.place(at);
        self.found.diagnostics.push(Diagnostic::error(code, at, message));
    }

    fn place(&self, node: Node<'_, '_>) -> Place {
        Place { source: self.source, offset: u32::try_from(node.range().start).unwrap_or(u32::MAX) }
    }
}

fn is_xslt(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().namespace() == Some(XSLT_NS) && node.tag_name().name() == name
}

/// Whether the nearest version above an element is one that XSLT 1.0 must read leniently (section 2.5).
fn forwards_compatible(element: Node<'_, '_>) -> bool {
    let written = element.ancestors().find_map(|node| {
        if node.tag_name().namespace() == Some(XSLT_NS) {
            (is_xslt(node, "stylesheet") || is_xslt(node, "transform")).then(|| node.plain("version")).flatten()
        } else {
            node.attribute((XSLT_NS, "version"))
        }
    });
    !matches!(written.map(str::trim), None | Some("1.0" | "1.1"))
}

/// The byte at a line and column of the XML parser's, both from 1.
fn offset_of(text: &str, at: roxmltree::TextPos) -> u32 {
    let before: usize = text.split_inclusive('\n').take(at.row.saturating_sub(1) as usize).map(str::len).sum();
    let line = text.get(before..).unwrap_or_default();
    let within = line.char_indices().nth(at.col.saturating_sub(1) as usize).map_or(line.len(), |(at, _)| at);
    u32::try_from(before + within).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;

    fn faults(text: &str) -> Vec<String> {
        let found = inspect(SourceId(0), text).diagnostics;
        found.into_iter().filter(|one| one.severity == Severity::Error).map(|one| one.message).collect()
    }

    fn sheet(version: &str, body: &str) -> String {
        format!("<xsl:stylesheet version='{version}' xmlns:xsl='{XSLT_NS}'>{body}</xsl:stylesheet>")
    }

    #[test]
    fn a_sheet_of_xslt_2_or_3_is_refused_wherever_it_says_so() {
        for version in ["2.0", "3.0", " 2.0 ", "2"] {
            assert!(faults(&sheet(version, ""))[0].contains("castile runs XSLT 1.0"), "{version}");
        }
        let literal = "<xsl:template match='/'><out xsl:version='2.0'/></xsl:template>";
        assert!(faults(&sheet("1.0", literal))[0].contains("XSLT 2.0"));
        assert!(faults(&format!("<out xsl:version='3.0' xmlns:xsl='{XSLT_NS}'/>"))[0].contains("XSLT 3.0"));
        assert!(faults(&sheet("1.0", "<xsl:template match='/'><out xsl:version='1.0'/></xsl:template>")).is_empty());
    }

    #[test]
    fn version_1_1_is_a_warning() {
        let found = inspect(SourceId(0), &sheet("1.1", "")).diagnostics;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
    }

    #[test]
    fn an_unknown_instruction_is_told_with_the_nearest_name() {
        let body = "<xsl:template match='/'><xsl:valueof select='.'/></xsl:template>";
        assert_eq!(faults(&sheet("1.0", body)), ["unknown element xsl:valueof, did you mean xsl:value-of?"]);
        assert_eq!(faults(&sheet("1.1", body)).len(), 1);
        let data = "<my:data xmlns:my='urn:my'><xsl:whatever/></my:data>";
        assert!(faults(&sheet("1.0", data)).is_empty(), "data of the author's own");
    }

    #[test]
    fn what_is_no_sheet_is_named() {
        assert!(faults("<html><body>404</body></html>")[0].starts_with("the root element is `html`"));
        assert!(faults("<a>")[0].starts_with("the sheet is no well-formed XML"));
        assert!(faults("")[0].starts_with("the sheet is no well-formed XML"));
    }

    #[test]
    fn parameters_and_imports_are_found_at_the_top_only() {
        let body = "<xsl:import href='a.xsl'/><xsl:param name='p:x' xmlns:p='urn:p'/><xsl:param name='y'/>\
                    <xsl:template name='t'><xsl:param name='z'/></xsl:template>";
        let found = inspect(SourceId(0), &sheet("1.0", body));
        let names: Vec<&str> = found.parameters.iter().map(|one| one.expanded.as_str()).collect();
        assert_eq!(names, ["{urn:p}x", "y"]);
        assert_eq!(found.imports.len(), 1);
    }
}
