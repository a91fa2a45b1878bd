//! What begins with `<!` or `<?`: comments, CDATA sections, processing instructions, the XML declaration, and the document type
//! declaration, which is refused.

use crate::xml::char::is_ncname;
use crate::xml::char::is_space;
use crate::xml::declaration;
use crate::xml::error::Fault;
use crate::xml::error::fault;
use crate::xml::scan::Scanner;
use crate::xml::scan::Token;

impl Scanner<'_> {
    #[cold]
    #[inline(never)]
    pub(super) fn declaration_or_instruction(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(b"<?") {
            return self.instruction(bytes);
        }
        if rest.starts_with(b"<!--") {
            return self.comment(bytes);
        }
        if rest.starts_with(b"<![CDATA[") {
            if self.depth() == 0 {
                let message = "a CDATA section outside the root element";
                return Err(fault("text-outside-root", self.base + self.at, message));
            }
            return self.cdata(bytes);
        }
        if rest.starts_with(b"<!DOCTYPE") {
            let message = "a document type declaration (DOCTYPE) is not accepted; remove it and the entities that it declares";
            return Err(fault("doctype", self.base + self.at, message));
        }
        if !self.last && [&b"<!--"[..], b"<![CDATA[", b"<!DOCTYPE"].iter().any(|whole| whole.starts_with(rest)) {
            return Ok(Token::More);
        }
        let message = "`<!` begins neither a comment `<!--` nor a CDATA section `<![CDATA[`";
        Err(fault("bad-markup", self.base + self.at, message))
    }

    fn comment(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        let content = bytes.get(from + 4..).unwrap_or_default();
        let dashes = memchr::memmem::find(content, b"--");
        match dashes.map(|at| (at, content.get(at + 2))) {
            Some((at, Some(b'>'))) => {
                let to = from + 4 + at + 3;
                self.finish_rare(from, to)?;
                Ok(Token::Comment)
            }
            Some((at, Some(_))) => {
                let message = "`--` inside a comment; only `-->` may follow two hyphens";
                Err(fault("bad-comment", self.base + from + 4 + at, message))
            }
            Some((_, None)) | None => self.incomplete(bytes, "the document ends inside a comment, which `-->` closes"),
        }
    }

    fn finish_rare(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        if to - from > self.limits.text {
            return Err(self.too_long("a comment or processing instruction"));
        }
        self.seen_markup = true;
        self.found.from = from;
        self.found.to = to;
        self.at = to;
        Ok(())
    }

    fn instruction(&mut self, bytes: &[u8]) -> Result<Token, Fault> {
        let from = self.at;
        if self.base + from == 0
            && let Some(length) = declaration::usual(bytes)
        {
            self.finish_rare(from, length)?;
            return self.token(bytes);
        }
        let content = bytes.get(from + 2..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(content, b"?>") else {
            return self.incomplete(bytes, "the document ends inside a processing instruction, which `?>` closes");
        };
        let content = str::from_utf8(content.get(..length).unwrap_or_default()).unwrap_or_default();
        let to = from + 2 + length + 2;
        let name = content.split(|c: char| c.is_ascii() && is_space(c as u8)).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("xml") {
            self.xml_declaration(name, content, from)?;
            self.finish_rare(from, to)?;
            return self.token(bytes);
        }
        if !is_ncname(name) {
            let shown: String = name.chars().take(64).collect();
            let message = format!("`{shown}` is no legal name of a processing instruction");
            return Err(fault("bad-name", self.base + from + 2, message));
        }
        self.finish_rare(from, to)?;
        Ok(Token::Instruction)
    }

    fn xml_declaration(&self, name: &str, content: &str, from: usize) -> Result<(), Fault> {
        let offset = self.base + from;
        if name != "xml" {
            let message = format!("`<?{name}` is reserved; the XML declaration is written `<?xml`, in small letters");
            return Err(fault("bad-declaration", offset, message));
        }
        if offset > 0 {
            let message = if self.seen_markup || self.seen_root {
                "an XML declaration (`<?xml ..?>`) inside the document; it may only be the very first thing"
            } else {
                "white space before the XML declaration; `<?xml` must be the very first thing, remove what stands before it"
            };
            return Err(fault("late-declaration", offset, message));
        }
        let rest = content.get(3..).unwrap_or_default();
        declaration::check(rest).map_err(|(at, message)| fault("bad-declaration", offset + 5 + at, message))
    }
}
