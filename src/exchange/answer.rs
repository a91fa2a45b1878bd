//! The one place that turns a failure into a reply: a problem for REST callers, a fault in their own version for SOAP callers.
//!
//! A fault of SOAP 1.1 has status 500, one of SOAP 1.2 has 400 where the sender is to blame, else 500 (SOAP 1.2 part 2,
//! section 7.5.2.2); refusals that HTTP itself has a word for keep their status.

use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use crate::exchange::body::Source;
use crate::exchange::call::Caller;
use crate::exchange::failure::Blame;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::problem;
use crate::exchange::problem::Problem;
use crate::exchange::stage::Reply;
use crate::soap::fault;
use crate::soap::fault::Code;
use crate::wsdl::contract::SoapVersion;

/// The reply to a request that failed.
#[must_use]
pub fn answer(failure: &Failure, caller: Caller, request_id: &str) -> Reply {
    let (status, media, body) = match caller {
        Caller::Rest => {
            let status = status(&failure.kind);
            let problem = Problem { status, detail: &failure.detail, errors: &failure.errors, request_id };
            (status, problem::MEDIA_TYPE, problem.write())
        }
        Caller::Soap(version) => {
            let code = code(failure);
            (soap_status(failure, version), media_type(version), fault::write(version, code, &reason(failure)))
        }
    };
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    add_own_headers(&failure.kind, &mut headers);
    Reply { status, headers, body: Source::Whole(body.into()), close: closes(&failure.kind) }
}

/// The Content-Type of a message of a version.
#[must_use]
pub fn media_type(version: SoapVersion) -> &'static str {
    match version {
        SoapVersion::V1_1 => "text/xml; charset=utf-8",
        SoapVersion::V1_2 => "application/soap+xml; charset=utf-8",
    }
}

fn status(kind: &Kind) -> StatusCode {
    match kind {
        Kind::Framing | Kind::Message | Kind::Version => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Late => StatusCode::REQUEST_TIMEOUT,
        Kind::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Headers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        Kind::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Unreachable | Kind::NotSoap | Kind::BrokenReply => StatusCode::BAD_GATEWAY,
        Kind::Slow => StatusCode::GATEWAY_TIMEOUT,
        Kind::Passed { status, .. } => *status,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status of a fault: the version's own rule, save for refusals that are HTTP's affair rather than the message's.
fn soap_status(failure: &Failure, version: SoapVersion) -> StatusCode {
    match &failure.kind {
        Kind::Framing
        | Kind::NotFound
        | Kind::Method { .. }
        | Kind::Late
        | Kind::TooLarge { .. }
        | Kind::Headers
        | Kind::Media
        | Kind::Unavailable
        | Kind::Passed { .. } => status(&failure.kind),
        Kind::Message if version == SoapVersion::V1_2 => StatusCode::BAD_REQUEST,
        Kind::Message | Kind::Version | Kind::Unreachable | Kind::Slow | Kind::NotSoap | Kind::BrokenReply | Kind::Internal => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

fn code(failure: &Failure) -> Code {
    match (&failure.kind, failure.blame()) {
        (Kind::Version, _) => Code::VersionMismatch,
        (Kind::Passed { status, .. }, _) if matches!(*status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Code::Client,
        (_, Blame::Client) => Code::Client,
        (_, Blame::Upstream | Blame::Gateway) => Code::Server,
    }
}

/// The reason of a fault, the single faults in it: SOAP has no list for them.
fn reason(failure: &Failure) -> String {
    let mut text = failure.detail.to_string();
    for (at, error) in failure.errors.iter().enumerate() {
        text.push_str(if at == 0 { ": " } else { "; " });
        text.push_str(&error.detail);
    }
    text
}

fn add_own_headers(kind: &Kind, headers: &mut HeaderMap) {
    match kind {
        Kind::Method { allow } => {
            if let Ok(allow) = HeaderValue::from_str(allow) {
                headers.insert(header::ALLOW, allow);
            }
        }
        Kind::Passed { headers: passed, .. } => headers.extend(passed.iter().cloned()),
        Kind::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Kind::Framing
        | Kind::NotFound
        | Kind::Late
        | Kind::TooLarge { .. }
        | Kind::Headers
        | Kind::Media
        | Kind::Message
        | Kind::Version
        | Kind::Unreachable
        | Kind::Slow
        | Kind::NotSoap
        | Kind::BrokenReply
        | Kind::Internal => {}
    }
}

/// The rest of the connection cannot be told from the rest of this request.
fn closes(kind: &Kind) -> bool {
    matches!(kind, Kind::Framing | Kind::Late | Kind::Headers | Kind::TooLarge { unread: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: &Reply) -> String {
        let Source::Whole(bytes) = &reply.body else { panic!("whole") };
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[test]
    fn a_refused_message_is_a_client_fault_in_the_callers_version() {
        let failure = Failure::new(Kind::Message, "two bodies");
        let reply = answer(&failure, Caller::Soap(SoapVersion::V1_1), "r");
        assert_eq!(reply.status, 500);
        assert!(text(&reply).contains("Client") && text(&reply).contains("two bodies"));
        let reply = answer(&failure, Caller::Soap(SoapVersion::V1_2), "r");
        assert_eq!(reply.status, 400);
        assert!(text(&reply).contains("Sender"));
    }

    #[test]
    fn what_the_log_knows_does_not_reach_the_caller() {
        let failure = Failure::new(Kind::Unreachable, "the service behind the gateway cannot be reached")
            .because("10.1.2.3:8080: connection refused");
        for caller in [Caller::Rest, Caller::Soap(SoapVersion::V1_1), Caller::Soap(SoapVersion::V1_2)] {
            assert!(!text(&answer(&failure, caller, "r")).contains("10.1.2.3"));
        }
        assert_eq!(answer(&failure, Caller::Rest, "r").status, 502);
        assert_eq!(answer(&failure, Caller::Soap(SoapVersion::V1_2), "r").status, 500);
    }

    #[test]
    fn refusals_of_http_keep_their_status_and_say_what_is_allowed() {
        let reply = answer(&Failure::new(Kind::Method { allow: "POST, OPTIONS".into() }, "use POST"), Caller::Rest, "r");
        assert_eq!((reply.status.as_u16(), reply.headers.get("allow").and_then(|v| v.to_str().ok())), (405, Some("POST, OPTIONS")));
        let reply = answer(&Failure::new(Kind::TooLarge { unread: true }, "too large"), Caller::Soap(SoapVersion::V1_1), "r");
        assert_eq!((reply.status.as_u16(), reply.close), (413, true));
    }
}
