//! Envelopes of the mock's replies and faults (SOAP 1.1 section 4, SOAP 1.2 part 1 section 5).

use crate::soap::fault::Code;
use crate::soap::version::rules;
use crate::wsdl::contract::SoapVersion;
use crate::xml::writer::escape_text;

/// A whole message; `headers` and `body` are XML.
pub(super) fn message(version: SoapVersion, headers: &str, body: &str) -> String {
    let ns = rules(version).envelope;
    let header = if headers.is_empty() { String::new() } else { format!("<soap:Header>{headers}</soap:Header>") };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{ns}\">{header}<soap:Body>{body}</soap:Body></soap:Envelope>"
    )
}

/// A fault; `detail` is XML.
pub(super) fn fault(version: SoapVersion, code: Code, reason: &str, detail: &str) -> String {
    let reason = escaped(reason);
    let name = code.local(version);
    let body = match version {
        SoapVersion::V1_1 => {
            let detail = if detail.is_empty() { String::new() } else { format!("<detail>{detail}</detail>") };
            format!("<soap:Fault><faultcode>soap:{name}</faultcode><faultstring>{reason}</faultstring>{detail}</soap:Fault>")
        }
        SoapVersion::V1_2 => {
            let detail = if detail.is_empty() { String::new() } else { format!("<soap:Detail>{detail}</soap:Detail>") };
            format!(
                "<soap:Fault><soap:Code><soap:Value>soap:{name}</soap:Value></soap:Code>\
                 <soap:Reason><soap:Text xml:lang=\"en\">{reason}</soap:Text></soap:Reason>{detail}</soap:Fault>"
            )
        }
    };
    message(version, "", &body)
}

fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escape_text(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_both_versions_are_well_formed_and_escape_the_reason() {
        for version in [SoapVersion::V1_1, SoapVersion::V1_2] {
            let text = fault(version, Code::Client, "a < b & c", "<d/>");
            let document = roxmltree::Document::parse(&text).unwrap();
            assert!(document.descendants().any(|node| node.text() == Some("a < b & c")), "{text}");
            assert!(document.descendants().any(|node| node.has_tag_name("d")), "{text}");
        }
    }
}
