//! `application/problem+json` (RFC 9457): how a REST caller is told of a failure or a fault.

use http::StatusCode;

use crate::exchange::failure::Pointed;

/// The media type.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem, ready to be written.
#[derive(Debug, Default)]
pub struct Problem<'a> {
    /// A URI that names the kind; empty for `about:blank`.
    pub kind: &'a str,
    /// The status.
    pub status: StatusCode,
    /// A title; empty for the status' own.
    pub title: &'a str,
    /// What happened.
    pub detail: &'a str,
    /// The code of a SOAP fault.
    pub code: Option<&'a str>,
    /// Its subcodes.
    pub subcodes: &'a [String],
    /// Its role or actor.
    pub role: Option<&'a str>,
    /// Its detail as JSON, an object keyed by the element.
    pub fault: Option<&'a [u8]>,
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
        let title = if self.title.is_empty() { self.status.canonical_reason().unwrap_or("Error") } else { self.title };
        out.extend_from_slice(b"{\"type\":");
        string(&mut out, if self.kind.is_empty() { "about:blank" } else { self.kind });
        member(&mut out, "title", title);
        out.extend_from_slice(b",\"status\":");
        out.extend_from_slice(self.status.as_str().as_bytes());
        if !self.detail.is_empty() {
            member(&mut out, "detail", self.detail);
        }
        if let Some(code) = self.code {
            member(&mut out, "code", code);
        }
        if !self.subcodes.is_empty() {
            out.extend_from_slice(b",\"subcodes\":[");
            for (at, code) in self.subcodes.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                string(&mut out, code);
            }
            out.push(b']');
        }
        if let Some(role) = self.role {
            member(&mut out, "role", role);
        }
        if let Some(fault) = self.fault {
            out.extend_from_slice(b",\"fault\":");
            out.extend_from_slice(fault);
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
            string(out, &error.detail);
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
    string(out, name);
    out.push(b':');
    string(out, value);
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(&mut *out, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_json_with_its_digits_kept() {
        let errors = [Pointed { detail: "no \"b\"".into(), pointer: Some("#/a/0".into()) }];
        let problem =
            Problem { status: StatusCode::BAD_REQUEST, detail: "x", fault: Some(b"{\"F\":10.10}"), errors: &errors, ..Problem::default() };
        let text = String::from_utf8(problem.write()).expect("text");
        assert_eq!(
            text,
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"x\",\"fault\":{\"F\":10.10},\"errors\":[{\"detail\":\"no \\\"b\\\"\",\"pointer\":\"#/a/0\"}]}\n"
        );
    }
}
