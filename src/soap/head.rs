//! The head of a message: what routing needs, read no further than the Body's first child.
//!
//! The rest of the message is not looked at; whoever needs it checked reads it with [`whole`], which also sees two
//! Bodies, a late Header and all that is not well-formed.

use std::fmt;
use std::ops::Range;

use crate::soap::envelope::EnvelopeFault;
use crate::soap::envelope::Found;
use crate::soap::envelope::Spot;
use crate::soap::envelope::Tracker;
use crate::soap::version;
use crate::wsdl::contract::SoapVersion;
use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::event::Start;
use crate::xml::limits::Limits;
use crate::xml::name::QName;
use crate::xml::name::Symbols;
use crate::xml::reader::SliceReader;

/// Namespaces of WS-Addressing: the recommendation and the submissions that are still met.
const ADDRESSING: [&str; 4] = [
    "http://www.w3.org/2005/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/03/addressing",
    "http://schemas.xmlsoap.org/ws/2003/03/addressing",
];

/// What the head of a message says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Version, by the envelope's namespace.
    pub version: SoapVersion,
    /// Header blocks with their byte ranges.
    pub headers: Vec<HeaderBlock>,
    /// Text of each wsa:Action: one in a sound message.
    pub actions: Vec<String>,
    /// The Body's first child; none if the Body is empty.
    pub child: Option<Found>,
    /// The first child is a SOAP fault of the envelope's version.
    pub is_fault: bool,
    /// The name of the first child of a fault's detail; known only after [`whole`].
    pub detail: Option<QName>,
    /// How many children the Body has: known only after [`whole`], or when it is empty.
    pub children: Option<usize>,
}

/// A header block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeaderBlock {
    /// Expanded name.
    pub name: QName,
    /// From the start tag to the end tag's end.
    pub range: Range<usize>,
}

/// Why the head of a message could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HeadFault {
    /// It is not well-formed XML, or beyond a limit.
    Xml {
        /// What the reader said.
        error: XmlError,
        /// The version, where the envelope was recognised before the fault.
        version: Option<SoapVersion>,
    },
    /// It is no proper SOAP envelope.
    Envelope(EnvelopeFault),
}

impl HeadFault {
    /// Byte offset in the message.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            Self::Xml { error, .. } => error.offset,
            Self::Envelope(fault) => fault.offset,
        }
    }

    /// What the log may say: the reader's words quote the message.
    #[must_use]
    pub fn for_log(&self) -> &str {
        match self {
            Self::Xml { error, .. } => error.code,
            Self::Envelope(fault) => &fault.message,
        }
    }

    /// The version of the envelope, where it was recognised.
    #[must_use]
    pub fn version(&self) -> Option<SoapVersion> {
        match self {
            Self::Xml { version, .. } => *version,
            Self::Envelope(fault) => fault.version,
        }
    }
}

impl fmt::Display for HeadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Xml { error, .. } => error.fmt(f),
            Self::Envelope(fault) => fault.fmt(f),
        }
    }
}

/// Reads a message up to the start tag of the Body's first child (or the end of an empty Body).
///
/// # Errors
/// What was read is not well-formed or no SOAP envelope.
pub fn read(text: &[u8], symbols: &Symbols, limits: &Limits) -> Result<Head, HeadFault> {
    walk(text, symbols, limits, true)
}

/// Reads a whole message: well-formed to its end, one Body, no Header behind it, no text between its parts.
///
/// # Errors
/// It is not well-formed or no SOAP envelope.
pub fn whole(text: &[u8], symbols: &Symbols, limits: &Limits) -> Result<Head, HeadFault> {
    walk(text, symbols, limits, false)
}

fn walk(text: &[u8], symbols: &Symbols, limits: &Limits, head_only: bool) -> Result<Head, HeadFault> {
    let mut reader = SliceReader::new(text, symbols, limits);
    let mut tracker = Tracker::new();
    let mut made = Making::default();
    loop {
        let event = reader.next().map_err(|error| HeadFault::Xml { error, version: tracker.version() })?;
        match event {
            Event::Start(start) => {
                let spot = tracker.start(start.name(), start.offset()).map_err(HeadFault::Envelope)?;
                made.start(&start, spot, tracker.version());
                if head_only && spot == Spot::Child(0) {
                    break;
                }
                if matches!(spot, Spot::Child(_)) && !made.is_fault {
                    let end = reader.pass().map_err(|error| HeadFault::Xml { error, version: tracker.version() })?;
                    let spot = tracker.end();
                    made.end(spot, end);
                }
            }
            Event::End(end) => {
                let spot = tracker.end();
                made.end(spot, end.end());
                if head_only && spot == Spot::Body {
                    made.children = Some(tracker.children());
                    break;
                }
            }
            Event::Text(text) => {
                if !text.whitespace_only {
                    tracker.text(text.offset()).map_err(HeadFault::Envelope)?;
                }
                made.text(text.value);
            }
            Event::Comment { .. } | Event::Instruction { .. } => {}
            Event::Eof => {
                tracker.finish(text.len()).map_err(HeadFault::Envelope)?;
                made.children = Some(tracker.children());
                break;
            }
        }
    }
    Ok(made.head(tracker.version().unwrap_or(SoapVersion::V1_1)))
}

/// A head being read.
#[derive(Default)]
struct Making {
    headers: Vec<HeaderBlock>,
    actions: Vec<String>,
    in_action: bool,
    child: Option<Found>,
    is_fault: bool,
    /// Depth below the fault element, and whether its detail is open.
    below_fault: usize,
    in_detail: bool,
    detail: Option<QName>,
    children: Option<usize>,
}

impl Making {
    fn start(&mut self, start: &Start<'_>, spot: Spot, version: Option<SoapVersion>) {
        let name = start.name();
        match spot {
            Spot::Block => {
                self.in_action = name.local == "Action" && ADDRESSING.contains(&name.ns);
                if self.in_action {
                    self.actions.push(String::new());
                }
                self.headers.push(HeaderBlock { name: QName::new(name.ns, name.local), range: start.offset()..start.end() });
            }
            Spot::Child(0) => {
                let own = version.is_some_and(|version| version::rules(version).envelope == name.ns);
                self.is_fault = own && name.local == "Fault";
                self.child = Some(Found { name: QName::new(name.ns, name.local), offset: start.offset() });
            }
            Spot::Inside if self.is_fault => {
                self.below_fault += 1;
                if self.below_fault == 1 {
                    self.in_detail = matches!(name.local, "detail" | "Detail");
                } else if self.below_fault == 2 && self.in_detail && self.detail.is_none() {
                    self.detail = Some(QName::new(name.ns, name.local));
                }
            }
            Spot::Envelope(_) | Spot::Header | Spot::Body | Spot::Child(_) | Spot::Trailer | Spot::Inside => {}
        }
    }

    fn end(&mut self, spot: Spot, end: usize) {
        match spot {
            Spot::Block => {
                self.in_action = false;
                if let Some(block) = self.headers.last_mut() {
                    block.range.end = end;
                }
            }
            Spot::Inside => self.below_fault = self.below_fault.saturating_sub(1),
            Spot::Envelope(_) | Spot::Header | Spot::Body | Spot::Child(_) | Spot::Trailer => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_action
            && let Some(action) = self.actions.last_mut()
        {
            action.push_str(text);
        }
    }

    fn head(self, version: SoapVersion) -> Head {
        Head {
            version,
            headers: self.headers,
            actions: self.actions.iter().map(|text| text.trim().to_owned()).collect(),
            child: self.child,
            is_fault: self.is_fault,
            detail: self.detail,
            children: self.children,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Head, HeadFault> {
        read(text.as_bytes(), &Symbols::default(), &Limits::default())
    }

    const OPEN: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>";

    #[test]
    fn reading_stops_at_the_bodys_child() {
        let found = head(&format!("{OPEN}<s:Body><a:Get xmlns:a='urn:a'><broken")).unwrap();
        assert_eq!(found.child.map(|child| child.name), Some(QName::new("urn:a", "Get")));
        assert_eq!((found.version, found.is_fault, found.children), (SoapVersion::V1_1, false, None));
    }

    #[test]
    fn header_blocks_have_their_spans_and_the_action_is_read() {
        let text = format!(
            "{OPEN}<s:Header><w:Action xmlns:w='http://www.w3.org/2005/08/addressing'> urn:do </w:Action><b:T xmlns:b='urn:b'><b:U/></b:T></s:Header><s:Body/></s:Envelope>"
        );
        let found = head(&text).unwrap();
        assert_eq!(found.actions, ["urn:do"]);
        assert_eq!(&text[found.headers[1].range.clone()], "<b:T xmlns:b='urn:b'><b:U/></b:T>");
        assert_eq!((found.child, found.children), (None, Some(0)));
    }

    #[test]
    fn the_whole_message_shows_what_the_head_does_not() {
        let text = format!("{OPEN}<s:Body><a/></s:Body><s:Body/></s:Envelope>");
        assert!(head(&text).is_ok());
        let fault = whole(text.as_bytes(), &Symbols::default(), &Limits::default()).unwrap_err();
        assert!(matches!(fault, HeadFault::Envelope(EnvelopeFault { code: "second-body", .. })), "{fault}");
    }

    #[test]
    fn a_fault_is_told_with_the_name_of_its_detail() {
        let text = format!(
            "{OPEN}<s:Body><s:Fault><faultcode>s:Client</faultcode><detail><x:E xmlns:x='urn:x'><y/></x:E></detail></s:Fault></s:Body></s:Envelope>"
        );
        let found = whole(text.as_bytes(), &Symbols::default(), &Limits::default()).unwrap();
        assert!(found.is_fault);
        assert_eq!(found.detail, Some(QName::new("urn:x", "E")));
    }

    #[test]
    fn broken_xml_is_told_with_the_version_that_was_seen() {
        let fault = head(&format!("{OPEN}<s:Body><a:b/>")).unwrap_err();
        assert_eq!(fault.version(), Some(SoapVersion::V1_1));
        assert!(matches!(fault, HeadFault::Xml { .. }));
    }
}
