//! Finding Envelope, Header and Body in a stream of events, and what is wrong with their shape.
//!
//! Only the Body that is the Envelope's own child counts. Shared by routing, the whole-message check and the transcoder.

use std::fmt;

use crate::wsdl::contract::SoapVersion;
use crate::xml::name::QName;

/// Whom a refusal of the envelope blames, and so which fault code it gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The envelope is of no known version: VersionMismatch.
    Version,
    /// The message is at fault: Client or Sender.
    Client,
}

/// Why a message is no proper SOAP envelope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnvelopeFault {
    /// Short stable identifier in kebab-case.
    pub code: &'static str,
    /// Which fault code it gets.
    pub blame: Blame,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// Byte offset in the message.
    pub offset: usize,
    /// The version, where it was recognised before the fault.
    pub version: Option<SoapVersion>,
}

impl fmt::Display for EnvelopeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An element found in an envelope: its name and where its start tag begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Expanded name.
    pub name: QName,
    /// Byte offset of the start tag.
    pub offset: usize,
}
