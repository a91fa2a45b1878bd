//! `application/problem+json` (RFC 9457): how a REST caller is told of a failure or a fault.

use http::StatusCode;

use crate::exchange::failure::Pointed;
use crate::json::writer::write_string;

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem of a kind that has no name of its own (`about:blank`), ready to be written. Faults of a service are written by
/// the transcoder, which knows their types.
#[derive(Debug, Default)]
pub struct Problem<'a> {
    /// The status; its own phrase is the title.
    pub status: StatusCode,
    /// What happened.
    pub detail: &'a str,
    /// The single faults of a message.
    pub errors: &'a [Pointed],
    /// The request's name, so that a person can find it in the log.
    pub request_id: &'a str,
}

impl Problem<'_> {
    /// As JSON.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.detail.len());
        out.extend_from_slice(b"{\"type\":\"about:blank\"");
        member(&mut out, "title", self.status.canonical_reason().unwrap_or("Error"));
        out.extend_from_slice(b",\"status\":");
        out.extend_from_slice(self.status.as_str().as_bytes());
        if !self.detail.is_empty() {
            member(&mut out, "detail", self.detail);
        }
        if !self.errors.is_empty() {
            self.write_errors(&mut out);
        }
        if !self.request_id.is_empty() {
            member(&mut out, "request_id", self.request_id);
        }
        out.extend_from_slice(b"}\n");
        out
    }

    fn write_errors(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b",\"errors\":[");
        for (at, error) in self.errors.iter().enumerate() {
            out.extend_from_slice(if at > 0 { b",{\"detail\":" } else { b"{\"detail\":" });
            write_string(out, &error.detail);
            if let Some(pointer) = &error.pointer {
                member(out, "pointer", pointer);
            }
            out.push(b'}');
        }
        out.push(b']');
    }
}

fn member(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b',');
    write_string(out, name);
    out.push(b':');
    write_string(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_lists_the_faults_of_the_message() {
        let errors = [Pointed { detail: "no \"b\"".into(), pointer: Some("#/a/0".into()) }];
        let problem = Problem { status: StatusCode::BAD_REQUEST, detail: "x", errors: &errors, ..Problem::default() };
        let text = String::from_utf8(problem.write()).expect("text");
        assert_eq!(
            text,
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"x\",\"errors\":[{\"detail\":\"no \\\"b\\\"\",\"pointer\":\"#/a/0\"}]}\n"
        );
    }
}
