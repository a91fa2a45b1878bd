//! SOAP faults: written in both versions, and read from both.

use std::ops::Range;

use crate::xml::name::QName;

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

/// A fault as read from a message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FaultRead {
    /// The code, resolved; no namespace where its prefix is bound to none.
    pub code: Option<QName>,
    /// Subcodes of 1.2, outermost first.
    pub subcodes: Vec<QName>,
    /// Reason texts, each with its language where it has one.
    pub reasons: Vec<(Option<String>, String)>,
    /// faultactor (1.1) or Role (1.2).
    pub role: Option<String>,
    /// Byte range of the detail's element.
    pub detail: Option<Range<usize>>,
}
