//! The head of a message: what routing needs, read no further than the Body's first child.
//!
//! The rest of the message is not looked at; whoever needs it checked runs [`whole`].

use std::ops::Range;

use crate::soap::envelope::EnvelopeFault;
use crate::soap::envelope::Found;
use crate::wsdl::contract::SoapVersion;
use crate::xml::name::QName;

/// What the head of a message says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Version, by the envelope's namespace.
    pub version: SoapVersion,
    /// Header blocks with their byte ranges.
    pub headers: Vec<HeaderBlock>,
    /// Text of wsa:Action (2005/08, 2004/08 or 2004/03), if there is one.
    pub action: Option<String>,
    /// The Body's first child; none if the Body is empty.
    pub child: Option<Found>,
    /// The first child is a SOAP fault of the envelope's version.
    pub is_fault: bool,
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
    /// It is not well-formed XML, or beyond a limit: code, message, byte offset.
    Xml {
        /// Code of the scanner.
        code: &'static str,
        /// Message of the scanner.
        message: String,
        /// Byte offset.
        offset: usize,
        /// The version, where the envelope was recognised before the fault.
        version: Option<SoapVersion>,
    },
    /// It is no proper SOAP envelope.
    Envelope(EnvelopeFault),
}
