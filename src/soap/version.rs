//! The one table of all that differs between SOAP 1.1 and SOAP 1.2, and the names of envelopes that are neither.
//!
//! Section numbers: 1.1 is the W3C note of May 2000, 1.2 is part 1, second edition.

use crate::wsdl::contract::SoapVersion;

/// The namespace of a SOAP 1.1 envelope.
pub const ENVELOPE_1_1: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The namespace of a SOAP 1.2 envelope.
pub const ENVELOPE_1_2: &str = "http://www.w3.org/2003/05/soap-envelope";

/// What one version of SOAP prescribes.
#[derive(Debug)]
pub struct Rules {
    /// The version.
    pub version: SoapVersion,
    /// `1.1` or `1.2`.
    pub number: &'static str,
    /// Namespace of Envelope, Header, Body and Fault.
    pub envelope: &'static str,
    /// Media type of a message (1.1 section 6, 1.2 part 2 section 7.1.4).
    pub media: &'static str,
    /// Local name of the fault code for a faulty message (1.1 section 4.4.1, 1.2 section 5.4.6).
    pub client: &'static str,
    /// Local name of the fault code for a failure of the service.
    pub server: &'static str,
    /// Local name of the header attribute that names who a block is for.
    pub actor: &'static str,
}

static V1_1: Rules = Rules {
    version: SoapVersion::V1_1,
    number: "1.1",
    envelope: ENVELOPE_1_1,
    media: "text/xml",
    client: "Client",
    server: "Server",
    actor: "actor",
};

static V1_2: Rules = Rules {
    version: SoapVersion::V1_2,
    number: "1.2",
    envelope: ENVELOPE_1_2,
    media: "application/soap+xml",
    client: "Sender",
    server: "Receiver",
    actor: "role",
};

/// The rules of a version.
#[must_use]
pub fn rules(version: SoapVersion) -> &'static Rules {
    match version {
        SoapVersion::V1_1 => &V1_1,
        SoapVersion::V1_2 => &V1_2,
    }
}

/// The version whose envelopes have this namespace.
#[must_use]
pub fn of_namespace(ns: &str) -> Option<SoapVersion> {
    match ns {
        ENVELOPE_1_1 => Some(SoapVersion::V1_1),
        ENVELOPE_1_2 => Some(SoapVersion::V1_2),
        _ => None,
    }
}

/// What people mean by an envelope namespace that is none: a draft, a slip; in words.
#[must_use]
pub fn near_miss(ns: &str) -> Option<&'static str> {
    match ns {
        "http://www.w3.org/2001/06/soap-envelope" => Some("a draft of SOAP 1.2 of June 2001"),
        "http://www.w3.org/2001/09/soap-envelope" => Some("a draft of SOAP 1.2 of September 2001"),
        "http://www.w3.org/2001/12/soap-envelope" => Some("a draft of SOAP 1.2 of December 2001"),
        "http://www.w3.org/2002/06/soap-envelope" => Some("a draft of SOAP 1.2 of June 2002"),
        "http://www.w3.org/2002/12/soap-envelope" => Some("a draft of SOAP 1.2 of December 2002"),
        "urn:schemas-xmlsoap-org:soap.v1" => Some("SOAP 1.0"),
        "" => Some("no namespace at all"),
        _ => slip(ns),
    }
}

/// Slips of the two real namespaces: https, a final slash too few or too many, letter case.
fn slip(ns: &str) -> Option<&'static str> {
    let plain = |text: &str| {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        text.strip_prefix("https:").or_else(|| text.strip_prefix("http:")).unwrap_or(&text).to_owned()
    };
    let found = plain(ns);
    if found == plain(ENVELOPE_1_1) {
        Some("almost that of SOAP 1.1")
    } else if found == plain(ENVELOPE_1_2) {
        Some("almost that of SOAP 1.2")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_is_known_by_its_namespace_only() {
        assert_eq!(of_namespace(ENVELOPE_1_1), Some(SoapVersion::V1_1));
        assert_eq!(of_namespace(ENVELOPE_1_2), Some(SoapVersion::V1_2));
        assert_eq!(of_namespace("http://schemas.xmlsoap.org/soap/envelope"), None);
    }

    #[test]
    fn slips_and_drafts_are_named() {
        assert_eq!(near_miss("https://schemas.xmlsoap.org/soap/envelope/"), Some("almost that of SOAP 1.1"));
        assert_eq!(near_miss("http://schemas.xmlsoap.org/soap/envelope"), Some("almost that of SOAP 1.1"));
        assert_eq!(near_miss("http://www.w3.org/2003/05/soap-envelope/"), Some("almost that of SOAP 1.2"));
        assert!(near_miss("http://www.w3.org/2001/12/soap-envelope").is_some_and(|text| text.contains("draft")));
        assert_eq!(near_miss("urn:other"), None);
    }
}
