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

/// A whole message that is a fault, in the form of a version (SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4).
#[must_use]
pub fn write(version: crate::wsdl::contract::SoapVersion, code: Code, reason: &str) -> Vec<u8> {
    let rules = crate::soap::version::rules(version);
    let name = match code {
        Code::VersionMismatch => "VersionMismatch",
        Code::MustUnderstand => "MustUnderstand",
        Code::Client => rules.client,
        Code::Server => rules.server,
    };
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let inner = match version {
        crate::wsdl::contract::SoapVersion::V1_1 => {
            format!("<faultcode>soap:{name}</faultcode><faultstring xml:lang=\"en\">{reason}</faultstring>")
        }
        crate::wsdl::contract::SoapVersion::V1_2 => {
            format!(
                "<soap:Code><soap:Value>soap:{name}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">{reason}</soap:Text></soap:Reason>"
            )
        }
    };
    let ns = rules.envelope;
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope xmlns:soap=\"{ns}\"><soap:Body><soap:Fault>{inner}</soap:Fault></soap:Body></soap:Envelope>\n").into_bytes()
}
