//! A SOAP fault as a problem (RFC 9457): type, status, reason, codes, and the declared detail.

use crate::json::writer::write_string;
use crate::soap::fault::Code;
use crate::soap::fault::FaultRead;
use crate::soap::version;
use crate::transcode::decode::value;
use crate::xml::name::QName;

/// The type of a problem that has none of its own (RFC 9457 section 4.2.1).
const BLANK: &str = "about:blank";

/// A SOAP fault as a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// HTTP status that a REST caller gets.
    pub status: u16,
    /// Namespace and name of the declared detail element, else `about:blank`.
    pub kind: String,
    /// Short title.
    pub title: String,
    /// The fault as read.
    pub read: FaultRead,
    /// The declared detail as JSON: `{"<element>": ..}`; none if it was not declared or breaks its schema.
    pub fault: Option<Vec<u8>>,
    /// The declared detail's key, if it was one of the operation's.
    pub declared: Option<String>,
}

impl Problem {
    /// The problem of a fault; `declared`: key and name of the declared detail.
    pub(super) fn new(read: FaultRead, declared: Option<(String, QName)>, fault: Option<Vec<u8>>) -> Self {
        let status = match (&declared, read.standard()) {
            (Some(_), _) => 422,
            (None, Some(Code::Client)) => 400,
            (None, Some(Code::VersionMismatch | Code::MustUnderstand)) => 502,
            (None, Some(Code::Server) | None) => 500,
        };
        let (kind, title) = match &declared {
            Some((_, name)) => (type_of(name), name.local.as_str().to_owned()),
            None => (BLANK.to_owned(), title(read.standard()).to_owned()),
        };
        Self { status, kind, title, read, fault, declared: declared.map(|(key, _)| key) }
    }

    /// The reason in the best language for an Accept-Language header, else the first.
    #[must_use]
    pub fn reason(&self, languages: Option<&str>) -> &str {
        let reasons = &self.read.reasons;
        let preferred = languages.into_iter().flat_map(preferences).find_map(|wanted| {
            reasons.iter().find(|(language, _)| language.as_ref().is_some_and(|language| matches_range(language, &wanted)))
        });
        preferred.or_else(|| reasons.first()).map_or("", |(_, text)| text)
    }

    /// The problem as `application/problem+json`.
    #[must_use]
    pub fn json(&self, languages: Option<&str>) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.extend_from_slice(b"{\"type\":");
        write_string(&mut out, &self.kind);
        out.extend_from_slice(b",\"title\":");
        write_string(&mut out, &self.title);
        out.extend_from_slice(format!(",\"status\":{}", self.status).as_bytes());
        out.extend_from_slice(b",\"detail\":");
        write_string(&mut out, self.reason(languages));
        if let Some(code) = &self.read.code {
            out.extend_from_slice(b",\"code\":\"");
            let own = code.ns.as_str().is_empty() || version::of_namespace(code.ns.as_str()).is_some();
            let shown = if own { QName::new("", code.local.as_str()) } else { code.clone() };
            value::expanded(&mut out, shown.expanded());
            out.push(b'"');
        }
        if !self.read.subcodes.is_empty() {
            out.extend_from_slice(b",\"subcodes\":[");
            for (at, code) in self.read.subcodes.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                out.push(b'"');
                value::expanded(&mut out, code.expanded());
                out.push(b'"');
            }
            out.push(b']');
        }
        if let Some(role) = &self.read.role {
            out.extend_from_slice(b",\"role\":");
            write_string(&mut out, role);
        }
        if let Some(fault) = &self.fault {
            out.extend_from_slice(b",\"fault\":");
            out.extend_from_slice(fault);
        }
        out.push(b'}');
        out
    }
}

/// The type of the problem that a declared detail makes: namespace, `#` unless it ends in one or in a slash, and local name.
pub(crate) fn type_of(name: &QName) -> String {
    let (ns, local) = (name.ns.as_str(), name.local.as_str());
    let mark = if ns.ends_with(['/', '#']) { "" } else { "#" };
    format!("{ns}{mark}{local}")
}

fn title(code: Option<Code>) -> &'static str {
    match code {
        Some(Code::Client) => "the service refused the request",
        Some(Code::Server) | None => "the service failed",
        Some(Code::VersionMismatch) => "the service does not understand this version of SOAP",
        Some(Code::MustUnderstand) => "the service does not understand a required header",
    }
}

/// The language ranges of an Accept-Language header (RFC 9110 section 12.5.4), best first; those with weight 0 left out.
fn preferences(header: &str) -> Vec<String> {
    let mut ranges: Vec<(u32, String)> = header
        .split(',')
        .take(32)
        .filter_map(|item| {
            let mut parts = item.split(';');
            let range = parts.next()?.trim().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=").map(weight)).unwrap_or(1000);
            (weight > 0 && !range.is_empty()).then_some((weight, range))
        })
        .collect();
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    ranges.into_iter().map(|(_, range)| range).collect()
}

/// A weight in thousandths: `0.8` is 800.
fn weight(text: &str) -> u32 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u32>().unwrap_or(0).min(1) * 1000 + digits.parse::<u32>().unwrap_or(0)
}

/// Basic filtering of RFC 4647 section 3.3.1.
fn matches_range(language: &str, range: &str) -> bool {
    let language = language.to_ascii_lowercase();
    range == "*" || language == range || language.strip_prefix(range).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: (&str, &str), declared: Option<&str>) -> Problem {
        let read = FaultRead {
            code: Some(QName::new(code.0, code.1)),
            reasons: vec![(Some("en".into()), "no".into()), (Some("de-AT".into()), "nein".into())],
            ..FaultRead::default()
        };
        Problem::new(read, declared.map(|ns| ("E".to_owned(), QName::new(ns, "E"))), None)
    }

    #[test]
    fn status_follows_the_code_unless_the_detail_is_declared() {
        let soap = version::ENVELOPE_1_1;
        assert_eq!(problem((soap, "Client.Auth"), None).status, 400);
        assert_eq!(problem((soap, "Server"), None).status, 500);
        assert_eq!(problem((soap, "MustUnderstand"), None).status, 502);
        assert_eq!(problem(("urn:a", "Client"), None).status, 500);
        assert_eq!(problem((soap, "Server"), Some("urn:a")).status, 422);
    }

    #[test]
    fn the_type_joins_namespace_and_name() {
        let soap = version::ENVELOPE_1_1;
        assert_eq!(problem((soap, "Server"), Some("urn:a")).kind, "urn:a#E");
        assert_eq!(problem((soap, "Server"), Some("http://a/")).kind, "http://a/E");
        assert_eq!(problem((soap, "Server"), None).kind, "about:blank");
    }

    #[test]
    fn the_reason_is_the_first_or_by_language() {
        let made = problem((version::ENVELOPE_1_2, "Sender"), None);
        assert_eq!(made.reason(None), "no");
        assert_eq!(made.reason(Some("fr, de;q=0.8, en;q=0.5")), "nein");
        assert_eq!(made.reason(Some("de;q=0, *;q=0.1")), "no");
        assert_eq!(made.reason(Some("fr")), "no");
    }

    #[test]
    fn a_code_that_is_not_soaps_own_keeps_its_namespace() {
        let json = String::from_utf8(problem(("urn:a", "Bad"), None).json(None)).unwrap();
        assert!(json.contains(r#""code":"{urn:a}Bad""#), "{json}");
    }
}
