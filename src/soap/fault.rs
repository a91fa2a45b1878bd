//! SOAP faults: written in both versions, and read from both (1.1 section 4.4, 1.2 section 5.4).
//!
//! Knows nothing of HTTP status, of JSON, or of what a detail's elements mean.

use crate::soap::version;
use crate::wsdl::contract::SoapVersion;
use crate::xml::event::End;
use crate::xml::event::Scope;
use crate::xml::event::Start;
use crate::xml::name::QName;
use crate::xml::name::XML_NS;
use crate::xml::writer::escape_text;

/// Which of the standard codes a fault of the gateway carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// VersionMismatch.
    VersionMismatch,
    /// MustUnderstand.
    MustUnderstand,
    /// Client (1.1), Sender (1.2).
    Client,
    /// Server (1.1), Receiver (1.2).
    Server,
}

impl Code {
    /// Its local name in a version.
    #[must_use]
    pub fn local(self, version: SoapVersion) -> &'static str {
        match self {
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
            Self::Client => version::rules(version).client,
            Self::Server => version::rules(version).server,
        }
    }
}

/// A whole message that is a fault, in UTF-8.
#[must_use]
pub fn write(version: SoapVersion, code: Code, reason: &str) -> Vec<u8> {
    let rules = version::rules(version);
    let mut out = Vec::with_capacity(320 + reason.len());
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope xmlns:soap=\"");
    out.extend_from_slice(rules.envelope.as_bytes());
    out.extend_from_slice(b"\"><soap:Body><soap:Fault>");
    let local = code.local(version);
    match version {
        SoapVersion::V1_1 => {
            out.extend_from_slice(format!("<faultcode>soap:{local}</faultcode><faultstring>").as_bytes());
            escape_text(&mut out, &legal(reason));
            out.extend_from_slice(b"</faultstring>");
        }
        SoapVersion::V1_2 => {
            out.extend_from_slice(format!("<soap:Code><soap:Value>soap:{local}</soap:Value></soap:Code>").as_bytes());
            out.extend_from_slice(b"<soap:Reason><soap:Text xml:lang=\"en\">");
            escape_text(&mut out, &legal(reason));
            out.extend_from_slice(b"</soap:Text></soap:Reason>");
        }
    }
    out.extend_from_slice(b"</soap:Fault></soap:Body></soap:Envelope>");
    out
}

/// Characters that XML cannot hold become U+FFFD: a reason may quote what was found.
fn legal(text: &str) -> String {
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().map(|c| if legal(c) { c } else { '\u{FFFD}' }).collect()
}

/// A fault as read from a message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FaultRead {
    /// The code, resolved; in no namespace where its prefix is not declared.
    pub code: Option<QName>,
    /// Subcodes of 1.2, outermost first.
    pub subcodes: Vec<QName>,
    /// Reason texts, each with its language where it has one.
    pub reasons: Vec<(Option<String>, String)>,
    /// faultactor (1.1) or Role (1.2).
    pub role: Option<String>,
    /// Text that stands in the detail itself, without white space round it.
    pub detail_text: Option<String>,
}

impl FaultRead {
    /// Which of the standard codes the fault carries; none for others. A dotted code of 1.1 counts by its first word, and
    /// one without namespace as if it were SOAP's own.
    #[must_use]
    pub fn standard(&self) -> Option<Code> {
        let code = self.code.as_ref()?;
        if !code.ns.as_str().is_empty() && version::of_namespace(code.ns.as_str()).is_none() {
            return None;
        }
        match code.local.as_str().split('.').next().unwrap_or_default() {
            "Client" | "Sender" => Some(Code::Client),
            "Server" | "Receiver" => Some(Code::Server),
            "VersionMismatch" => Some(Code::VersionMismatch),
            "MustUnderstand" => Some(Code::MustUnderstand),
            _ => None,
        }
    }
}

/// What an element inside a fault is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inside {
    /// A child of the detail.
    Detail,
    /// Part of the fault itself.
    Part,
}

/// Parts of a fault that hold text, and those around them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Item {
    Code,
    CodeValue,
    Subcode,
    SubcodeValue,
    Reason,
    ReasonText,
    Role,
    Detail,
    Other,
}

/// Reads the content of a Fault element, one event at a time; the Fault's own tags are not given to it.
#[derive(Debug, Default)]
pub struct Reader {
    open: Vec<Item>,
    text: String,
    language: Option<String>,
    read: FaultRead,
}

impl Reader {
    /// Before the first child of a Fault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a start tag. For [`Inside::Detail`] the caller may read that element itself and then goes on behind it.
    pub fn start(&mut self, start: &Start<'_>) -> Inside {
        let item = match (self.open.last(), start.name().local) {
            (None, "faultcode") => Item::CodeValue,
            (None, "faultstring") => Item::ReasonText,
            (None, "faultactor" | "Role") => Item::Role,
            (None, "detail" | "Detail") => Item::Detail,
            (None, "Code") => Item::Code,
            (None, "Reason") => Item::Reason,
            (Some(Item::Code), "Value") => Item::CodeValue,
            (Some(Item::Code | Item::Subcode), "Subcode") => Item::Subcode,
            (Some(Item::Subcode), "Value") => Item::SubcodeValue,
            (Some(Item::Reason), "Text") => Item::ReasonText,
            (Some(Item::Detail), _) => return Inside::Detail,
            _ => Item::Other,
        };
        self.text.clear();
        self.language = start.attribute_by_name(XML_NS, "lang").map(|attribute| attribute.value.to_owned());
        self.open.push(item);
        Inside::Part
    }

    /// Takes text.
    pub fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Takes the end tag of a part.
    pub fn end(&mut self, end: &End<'_>) {
        let item = self.open.pop();
        let text = std::mem::take(&mut self.text);
        match item {
            Some(Item::CodeValue) => self.read.code = Some(qname(text.trim(), end.scope())),
            Some(Item::SubcodeValue) => self.read.subcodes.push(qname(text.trim(), end.scope())),
            Some(Item::ReasonText) => self.read.reasons.push((self.language.take(), text.trim().to_owned())),
            Some(Item::Role) => self.read.role = Some(text.trim().to_owned()).filter(|role| !role.is_empty()),
            Some(Item::Detail) => self.read.detail_text = Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Item::Code | Item::Subcode | Item::Reason | Item::Other) | None => {}
        }
    }

    /// Whether the Fault's own end tag would come next.
    #[must_use]
    pub fn at_top(&self) -> bool {
        self.open.is_empty()
    }

    /// What was read.
    #[must_use]
    pub fn finish(self) -> FaultRead {
        self.read
    }
}

/// A code as a name; with a prefix that is not declared, or none, the local part alone.
fn qname(text: &str, scope: Scope<'_>) -> QName {
    match text.split_once(':') {
        Some((prefix, local)) => QName::new(scope.resolve(prefix).unwrap_or_default(), local),
        None => QName::new("", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::event::Event;
    use crate::xml::limits::Limits;
    use crate::xml::name::Symbols;
    use crate::xml::reader::SliceReader;

    fn fault(text: &[u8]) -> FaultRead {
        let symbols = Symbols::default();
        let mut events = SliceReader::new(text, &symbols, &Limits::default());
        let mut reader = Reader::new();
        let (mut inside, mut detail) = (false, 0);
        loop {
            match events.next().unwrap() {
                Event::Start(start) if start.name().local == "Fault" => inside = true,
                Event::Start(_) if detail > 0 => detail += 1,
                Event::Start(start) if inside => detail += usize::from(reader.start(&start) == Inside::Detail),
                Event::End(_) if detail > 0 => detail -= 1,
                Event::End(end) if inside => {
                    inside = !reader.at_top();
                    reader.end(&end);
                }
                Event::Text(text) if inside && detail == 0 => reader.text(text.value),
                Event::Eof => return reader.finish(),
                Event::Start(_) | Event::End(_) | Event::Text(_) | Event::Comment { .. } | Event::Instruction { .. } => {}
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back_in_both_versions() {
        for (version, local) in [(SoapVersion::V1_1, "Client"), (SoapVersion::V1_2, "Sender")] {
            let read = fault(&write(version, Code::Client, "a < b & \u{1}"));
            assert_eq!(read.code, Some(QName::new(version::rules(version).envelope, local)));
            assert_eq!(read.reasons[0].1, "a < b & \u{FFFD}");
            assert_eq!(read.standard(), Some(Code::Client));
        }
    }

    #[test]
    fn a_code_is_a_qualified_name_with_dots_for_finer_ones() {
        let text = b"<Fault xmlns:q='http://schemas.xmlsoap.org/soap/envelope/'><faultcode>q:Client.Authentication</faultcode><faultstring> x </faultstring><faultactor>urn:a</faultactor><detail><a><b/></a></detail></Fault>";
        let read = fault(text);
        assert_eq!(read.standard(), Some(Code::Client));
        assert_eq!(read.reasons, [(None, "x".to_owned())]);
        assert_eq!(read.role.as_deref(), Some("urn:a"));
    }

    #[test]
    fn subcodes_and_languages_of_1_2_are_kept_in_order() {
        let text = b"<e:Fault xmlns:e='http://www.w3.org/2003/05/soap-envelope' xmlns:m='urn:m'><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>m:One</e:Value><e:Subcode><e:Value>m:Two</e:Value></e:Subcode></e:Subcode></e:Code><e:Reason><e:Text xml:lang='en'>no</e:Text><e:Text xml:lang='de'>nein</e:Text></e:Reason></e:Fault>";
        let read = fault(text);
        assert_eq!(read.subcodes, [QName::new("urn:m", "One"), QName::new("urn:m", "Two")]);
        assert_eq!(read.reasons[1], (Some("de".to_owned()), "nein".to_owned()));
        assert_eq!(read.standard(), Some(Code::Server));
    }
}
