//! The namespaces of WSDL 1.1 and its bindings.

use crate::wsdl::contract::SoapVersion;

/// WSDL 1.1 (section 1.2).
pub(crate) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
/// WSDL 2.0, told apart.
pub(crate) const WSDL_2_0: &str = "http://www.w3.org/ns/wsdl";
/// The SOAP 1.1 binding (section 3).
pub(crate) const SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
/// The SOAP 1.2 binding ("WSDL 1.1 Binding Extension for SOAP 1.2").
pub(crate) const SOAP12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
/// The MIME binding (section 5).
pub(crate) const MIME: &str = "http://schemas.xmlsoap.org/wsdl/mime/";

/// Where the attribute Action of a portType's input comes from: WS-Addressing Metadata and its older kin.
pub(crate) const ADDRESSING: [&str; 4] = [
    "http://www.w3.org/2007/05/addressing/metadata",
    "http://www.w3.org/2006/05/addressing/wsdl",
    "http://www.w3.org/2006/02/addressing/wsdl",
    "http://schemas.xmlsoap.org/ws/2004/08/addressing",
];

/// The transport of SOAP over HTTP (section 3.3).
const TRANSPORTS: [&str; 3] =
    ["http://schemas.xmlsoap.org/soap/http", "http://www.w3.org/2003/05/soap/bindings/HTTP", "http://www.w3.org/2010/soap/bindings/HTTP"];

/// Whether a namespace is that of the types of SOAP encoding (SOAP 1.1 section 5, SOAP 1.2 part 2 section 3).
pub(crate) fn is_soap_encoding(ns: &str) -> bool {
    matches!(ns, "http://schemas.xmlsoap.org/soap/encoding/" | "http://www.w3.org/2003/05/soap-encoding")
}

/// The SOAP version whose binding elements have this namespace.
pub(crate) fn soap_version(ns: Option<&str>) -> Option<SoapVersion> {
    match ns {
        Some(SOAP) => Some(SoapVersion::V1_1),
        Some(SOAP12) => Some(SoapVersion::V1_2),
        _ => None,
    }
}

/// Whether a transport is HTTP: the URIs of the two bindings, https and a final slash forgiven; a missing one counts too.
pub(crate) fn is_http_transport(transport: Option<&str>) -> bool {
    let Some(transport) = transport.map(str::trim) else { return true };
    let plain = transport.trim_end_matches('/');
    let plain = plain.strip_prefix("https:").map_or_else(|| plain.to_owned(), |rest| format!("http:{rest}"));
    plain.is_empty() || TRANSPORTS.iter().any(|known| known.eq_ignore_ascii_case(&plain))
}

/// What people call the binding whose element has this namespace.
pub(crate) fn binding_kind(ns: &str) -> &str {
    match ns {
        "http://schemas.xmlsoap.org/wsdl/http/" => "an HTTP GET or POST binding",
        "" => "a binding without extension",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_transports_of_both_bindings_count_and_others_do_not() {
        assert!(is_http_transport(None));
        assert!(is_http_transport(Some("http://schemas.xmlsoap.org/soap/http")));
        assert!(is_http_transport(Some("http://schemas.xmlsoap.org/soap/http/")));
        assert!(is_http_transport(Some("http://schemas.xmlsoap.org/soap/HTTP")));
        assert!(is_http_transport(Some("http://www.w3.org/2003/05/soap/bindings/HTTP/")));
        assert!(!is_http_transport(Some("http://schemas.xmlsoap.org/soap/smtp")));
        assert!(!is_http_transport(Some("http://www.w3.org/2010/soapjms/")));
    }
}
