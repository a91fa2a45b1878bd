//! quick-xml's `NsReader` with what it leaves out put on top: the productions of the recommendations as regular expressions over each
//! token, and the constraints that span tokens. Slow and plain on purpose.

use std::collections::HashSet;
use std::sync::LazyLock;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::NamespaceResolver;
use quick_xml::name::QName;
use quick_xml::name::ResolveResult;
use regex_automata::meta::Regex;

use super::Recorded;
use super::push;

const START: &str = "A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}\\x{200C}-\\x{200D}\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}\\x{F900}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}\\x{10000}-\\x{EFFFF}";
const MORE: &str = "\\-.0-9\\xB7\\x{300}-\\x{36F}\\x{203F}-\\x{2040}";

struct Grammar {
    tag: Regex,
    end_tag: Regex,
    comment: Regex,
    instruction: Regex,
    declaration: Regex,
    no_text: Regex,
    references: Regex,
    forbidden: Regex,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let ncname = format!("[{START}][{START}{MORE}]*");
    let qname = format!("{ncname}(?::{ncname})?");
    let regex = |source: &str| Regex::new(&format!("^(?s:{source})$")).expect("a legal expression");
    let s = "[ \\t\\r\\n]";
    let one_of = |values: &str| format!("{s}*={s}*(?:\"(?:{values})\"|'(?:{values})')");
    Grammar {
        tag: regex(&format!("<{qname}(?:{s}+{qname}{s}*={s}*(?:\"[^<\"]*\"|'[^<']*'))*{s}*/?>")),
        end_tag: regex(&format!("</{qname}{s}*>")),
        comment: regex("<!--(?:[^-]|-[^-])*-->"),
        instruction: regex(&format!("<\\?{ncname}(?:{s}.*)?\\?>")),
        declaration: regex(&format!(
            "<\\?xml{s}+version{}(?:{s}+encoding{})?(?:{s}+standalone{})?{s}*\\?>",
            one_of("1\\.[0-9]+"),
            one_of("[A-Za-z][A-Za-z0-9._\\-]*"),
            one_of("yes|no")
        )),
        no_text: Regex::new("\\]\\]>").expect("a legal expression"),
        references: regex("(?:[^&]|&(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)*"),
        // One range over the surrogates, which no text holds: negated, two that meet there let U+D7FF and U+E000 through.
        forbidden: Regex::new("[^\\t\\n\\r\\x20-\\x{FFFD}\\x{10000}-\\x{10FFFF}]").expect("a legal expression"),
    }
});

/// The events of a well-formed document, or why it is refused.
pub fn read(bytes: &[u8]) -> Result<Vec<Recorded>, String> {
    let text = str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    refuse_if(GRAMMAR.forbidden.is_match(text), "a forbidden character")?;
    refuse_if(text.starts_with('\u{FEFF}'), "text before the root")?;
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    reader.resolver_mut().set_max_namespace_bindings(1_000_000);
    let mut oracle = Oracle { text, events: Vec::new(), depth: 0, seen_root: false };
    let mut from = 0;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let to = usize::try_from(reader.buffer_position()).expect("small documents");
        if !oracle.take(&event, reader.resolver(), from, to)? {
            return Ok(oracle.events);
        }
        from = to;
    }
}

struct Oracle<'t> {
    text: &'t str,
    events: Vec<Recorded>,
    depth: usize,
    seen_root: bool,
}

impl Oracle<'_> {
    /// Judges one event; false at the end.
    fn take(&mut self, event: &Event<'_>, resolver: &NamespaceResolver, from: usize, to: usize) -> Result<bool, String> {
        let raw = &self.text[from..to];
        match event {
            Event::Start(tag) => self.start(tag, resolver, from, to, false)?,
            Event::Empty(tag) => self.start(tag, resolver, from, to, true)?,
            Event::End(_) => {
                refuse_unless(&GRAMMAR.end_tag, raw)?;
                self.depth -= 1;
                push(&mut self.events, Recorded::End { from, to });
            }
            Event::Text(text) => {
                refuse_if(GRAMMAR.no_text.is_match(raw), "]]> in text")?;
                if self.depth > 0 {
                    let value = text.xml10_content().into_owned();
                    refuse_if(raw.is_empty(), "an empty run of text")?;
                    push(&mut self.events, Recorded::Text { value, from, to });
                } else {
                    refuse_if(raw.chars().any(|c| !" \t\r\n".contains(c)), "text outside the root")?;
                }
            }
            Event::GeneralRef(reference) => {
                refuse_if(self.depth == 0, "a reference outside the root")?;
                refuse_unless(&GRAMMAR.references, raw)?;
                let c = match &**reference {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => reference.resolve_char_ref().map_err(|error| error.to_string())?.ok_or("an undefined entity")?,
                };
                refuse_if(GRAMMAR.forbidden.is_match(&c.to_string()), "a reference to a forbidden character")?;
                push(&mut self.events, Recorded::Text { value: c.to_string(), from, to });
            }
            Event::CData(data) => {
                refuse_if(self.depth == 0, "CDATA outside the root")?;
                refuse_if(!raw.starts_with("<![CDATA["), "cdata in small letters")?;
                push(&mut self.events, Recorded::Text { value: data.xml10_content().into_owned(), from, to });
            }
            Event::Comment(_) => {
                refuse_unless(&GRAMMAR.comment, raw)?;
                push(&mut self.events, Recorded::Comment { from, to });
            }
            Event::PI(instruction) => {
                refuse_unless(&GRAMMAR.instruction, raw)?;
                refuse_if(instruction.target().eq_ignore_ascii_case("xml"), "a reserved target")?;
                push(&mut self.events, Recorded::Instruction { from, to });
            }
            Event::Decl(_) => {
                refuse_if(from != 0, "a late XML declaration")?;
                refuse_unless(&GRAMMAR.declaration, raw)?;
            }
            Event::DocType(_) => return Err("DOCTYPE".to_owned()),
            Event::Eof => {
                refuse_if(self.depth > 0 || !self.seen_root, "an incomplete document")?;
                push(&mut self.events, Recorded::Eof);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn start(&mut self, tag: &BytesStart<'_>, resolver: &NamespaceResolver, from: usize, to: usize, empty: bool) -> Result<(), String> {
        refuse_unless(&GRAMMAR.tag, &self.text[from..to])?;
        refuse_if(self.depth == 0 && self.seen_root, "a second root")?;
        self.seen_root = true;
        let name = expanded(resolver.resolve_element(tag.name()))?;
        refuse_if(tag.name().prefix().is_some_and(|prefix| prefix.is_xmlns()), "the prefix xmlns")?;
        let mut attributes = Vec::new();
        let mut names = HashSet::new();
        let mut declared = HashSet::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let raw_name = attribute.key.as_ref();
            refuse_unless(&GRAMMAR.references, &attribute.value)?;
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?.into_owned();
            refuse_if(GRAMMAR.forbidden.is_match(&value), "a reference to a forbidden character")?;
            if attribute.key.as_namespace_binding().is_some() {
                refuse_if(!declared.insert(raw_name.to_owned()), "a prefix declared twice")?;
                self.declaration(raw_name, &value)?;
                continue;
            }
            let name = expanded(resolver.resolve_attribute(attribute.key))?;
            refuse_if(!names.insert(name.clone()), "an attribute twice")?;
            attributes.push((name, value));
        }
        push(&mut self.events, Recorded::Start { name, attributes, from, to, empty });
        if empty {
            push(&mut self.events, Recorded::End { from: to, to });
        } else {
            self.depth += 1;
        }
        Ok(())
    }

    fn declaration(&self, name: &str, uri: &str) -> Result<(), String> {
        let prefix = name.strip_prefix("xmlns:");
        refuse_if(prefix == Some("xmlns"), "xmlns declared")?;
        refuse_if((prefix == Some("xml")) != (uri == "http://www.w3.org/XML/1998/namespace"), "xml misused")?;
        refuse_if(uri == "http://www.w3.org/2000/xmlns/", "the namespace of xmlns")?;
        refuse_if(prefix.is_some() && uri.is_empty(), "a prefix taken back")
    }
}

fn expanded((resolved, local): (ResolveResult<'_>, quick_xml::name::LocalName<'_>)) -> Result<(String, String), String> {
    let ns = match resolved {
        ResolveResult::Unbound => String::new(),
        ResolveResult::Bound(ns) => {
            let declared = Attribute { key: QName("xmlns"), value: ns.as_ref().into() };
            declared.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?.into_owned()
        }
        ResolveResult::Unknown(prefix) => return Err(format!("the undeclared prefix {prefix}")),
    };
    Ok((ns, local.as_ref().to_owned()))
}

fn refuse_if(fault: bool, what: &str) -> Result<(), String> {
    if fault { Err(what.to_owned()) } else { Ok(()) }
}

fn refuse_unless(grammar: &Regex, raw: &str) -> Result<(), String> {
    refuse_if(!grammar.is_match(raw), raw)
}
