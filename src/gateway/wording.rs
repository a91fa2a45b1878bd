//! Words for the refusals that the HTTP library writes by itself, with an empty body, before there is a request: what cannot be
//! read as HTTP, and heads that are too long.

use http::StatusCode;
use memchr::memmem;

use crate::exchange::problem;
use crate::exchange::problem::Problem;

const NO_BODY: &[u8] = b"content-length: 0\r\n";

/// The same refusal with a body, if these bytes are one of the library's own: every reply of the gateway names its request.
pub(crate) fn worded(head: &[u8]) -> Option<Vec<u8>> {
    if !head.starts_with(b"HTTP/1.1 4") || !head.ends_with(b"\r\n\r\n") || memmem::find(head, b"x-request-id: ").is_some() {
        return None;
    }
    let status = StatusCode::from_bytes(head.get(9..12)?).ok()?;
    let detail = match status {
        StatusCode::BAD_REQUEST => "the request cannot be read as HTTP: its first line, a header field or its framing is not proper",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "the header fields of the request are too many or too large",
        StatusCode::URI_TOO_LONG => "the target of the request is too long",
        _ => return None,
    };
    let at = memmem::find(head, NO_BODY)?;
    let body = Problem { status, detail, ..Problem::default() }.write();
    let mut out = head.get(..at)?.to_vec();
    out.extend_from_slice(format!("content-type: {}\r\ncontent-length: {}\r\n", problem::MEDIA_TYPE, body.len()).as_bytes());
    out.extend_from_slice(head.get(at + NO_BODY.len()..)?);
    out.extend_from_slice(&body);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_refusal_of_the_library_gets_a_body() {
        let out = worded(b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n");
        let text = String::from_utf8(out.expect("one of the library's")).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains("connection: close") && head.contains(&format!("content-length: {}", body.len())), "{head}");
        assert!(body.contains("\"status\":431") && body.contains("too many or too large"), "{body}");
    }

    #[test]
    fn replies_of_the_gateway_and_others_are_left_alone() {
        for head in [
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-request-id: r\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nabc",
        ] {
            assert_eq!(worded(head.as_bytes()), None, "{head}");
        }
    }
}
