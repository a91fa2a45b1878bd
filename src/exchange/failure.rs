//! The one error type of a request: what went wrong, who is to blame, what the caller may be told.
//!
//! `detail` and `errors` reach the caller and hold nothing internal; `cause` and `logged` go to the log only.

use std::borrow::Cow;
use std::fmt;

use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;

use crate::exchange::call::Target;

/// Whose fault a failure is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The caller's: its request cannot be served as it is.
    Client,
    /// The SOAP server's, or that of the way to it.
    Upstream,
    /// Ours.
    Gateway,
}

/// A request that cannot be answered as asked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind it is: decides blame, status and fault code.
    pub kind: Kind,
    /// For the caller: what was found, what was expected, what to do.
    pub detail: Cow<'static, str>,
    /// For the caller: the single faults of a message.
    pub errors: Vec<Pointed>,
    /// For the log only.
    pub cause: Option<String>,
    /// For the log instead of the detail, where that quotes the message.
    pub logged: Option<String>,
    /// What was called, where that was found out before anything went on its way.
    pub target: Option<Box<Target>>,
}

/// One fault of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pointed {
    /// What is wrong.
    pub detail: String,
    /// Where: `#` and a JSON Pointer; none for XML, whose place is in the detail.
    pub pointer: Option<String>,
}

/// The kinds of failures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The HTTP request is ambiguous: answered and the connection closed.
    Framing,
    /// The path leads nowhere.
    NotFound,
    /// The path is known, the method is not.
    Method {
        /// The methods that are.
        allow: Cow<'static, str>,
    },
    /// The request did not arrive in time; the connection is closed.
    Late,
    /// The request is larger than the limit.
    TooLarge {
        /// The rest of it has not been read: the connection is closed.
        unread: bool,
    },
    /// Too many or too large header fields.
    Headers,
    /// The Content-Type or Content-Encoding of the request is none that is understood here.
    Media,
    /// The message of the caller is not what the contract asks for.
    Message,
    /// The envelope is of a version that is not served.
    Version,
    /// Too much to do at present, or about to stop.
    Unavailable,
    /// The upstream cannot be reached.
    Unreachable,
    /// The upstream is too slow.
    Slow,
    /// The upstream sent no SOAP.
    NotSoap,
    /// The upstream's message is not what the contract promises.
    BrokenReply,
    /// The upstream refused, and its status concerns the caller: 401, 403, 429, 503.
    Passed {
        /// Its status.
        status: StatusCode,
        /// WWW-Authenticate, once for each scheme, or Retry-After.
        headers: Vec<(HeaderName, HeaderValue)>,
    },
    /// A fault of ours.
    Internal,
}

impl Failure {
    /// A failure of a kind, with a word for the caller.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), cause: None, logged: None, target: None }
    }

    /// The same with what only the log may know.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The same with what the log says instead of the detail: bodies of messages do not belong into it, not even in pieces.
    #[must_use]
    pub fn logged_as(mut self, words: String) -> Self {
        self.logged = Some(words);
        self
    }

    /// The same with what was called.
    #[must_use]
    pub fn about(mut self, target: &Target) -> Self {
        self.target = Some(Box::new(target.clone()));
        self
    }

    /// The same with single faults.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<Pointed>) -> Self {
        self.errors = errors;
        self
    }

    /// Who is to blame.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self.kind {
            Kind::Framing
            | Kind::NotFound
            | Kind::Method { .. }
            | Kind::Late
            | Kind::TooLarge { .. }
            | Kind::Headers
            | Kind::Media
            | Kind::Message
            | Kind::Version => Blame::Client,
            Kind::Unreachable | Kind::Slow | Kind::NotSoap | Kind::BrokenReply | Kind::Passed { .. } => Blame::Upstream,
            Kind::Unavailable | Kind::Internal => Blame::Gateway,
        }
    }
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Upstream => "upstream",
            Self::Gateway => "gateway",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.logged.as_deref().unwrap_or(&self.detail))?;
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_gets_its_own_words_where_the_detail_quotes_the_message() {
        let failure = Failure::new(Kind::Message, "the entity `&secret;` is not defined").logged_as("line 1: bad-reference".to_owned());
        assert_eq!(failure.because("why").to_string(), "line 1: bad-reference (why)");
    }
}
