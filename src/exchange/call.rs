//! What policies and steps know of a call: typed facts and the message.
//!
//! The plan that the call was routed by is kept alive by the gateway for as long as the call lasts.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::HeaderValue;

use crate::exchange::body::Body;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;

/// A call between its routing and its reply.
#[derive(Debug)]
pub struct Call {
    /// What is known of it.
    pub facts: Facts,
    /// Who calls, and in which form the reply is due.
    pub caller: Caller,
    /// What is called.
    pub target: Target,
    /// The message: the request, later the reply.
    pub body: Body,
}

/// What is known of a request from the connection and the clock.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Names the request in logs, upstream and in the reply.
    pub id: RequestId,
    /// The other end of the connection.
    pub peer: SocketAddr,
    /// Its address, as it is told to the upstream.
    pub forwarded_for: HeaderValue,
    /// Scheme and authority by which the caller addressed the gateway.
    pub origin: Origin,
    /// When its head had arrived.
    pub received: Instant,
    /// The caller sent an Authorization header that goes on to the upstream.
    pub authorized: bool,
    /// The caller's Accept-Language; empty if it named none.
    pub languages: String,
}

/// The name of a request: what the caller sent as `X-Request-Id`, if it is sane, else one of our own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// A name of plain letters, digits and signs; none if it holds anything else or is too long to be one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte);
        let sane = !text.is_empty() && text.len() <= 128 && text.bytes().all(plain);
        HeaderValue::from_str(text).ok().filter(|_| sane).map(Self)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// As the value of a header field.
    #[must_use]
    pub fn value(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// Scheme and authority of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Host and port as the caller wrote them; our own address where an HTTP/1.0 request names none.
    pub authority: HeaderValue,
}

/// In which form a caller speaks and expects its answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// JSON over HTTP; failures are `application/problem+json`.
    Rest,
    /// SOAP; failures are faults of this version.
    Soap(SoapVersion),
}

/// What is called: a port and, where it is known, one of its operations.
#[derive(Clone, Debug)]
pub struct Target {
    /// The contract.
    pub contract: Arc<Contract>,
    /// Number of the service in the gateway's plan.
    pub place: usize,
    /// Index in [`Contract::services`].
    pub service: usize,
    /// Index in [`Service::ports`].
    pub port: usize,
    /// Index in [`Port::operations`].
    pub operation: usize,
}

impl Target {
    /// The service.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        self.contract.services.get(self.service)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> Option<&Port> {
        self.service()?.ports.get(self.port)
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        self.port()?.operations.get(self.operation)
    }
}

impl Default for RequestId {
    /// `-`: no name.
    fn default() -> Self {
        Self(HeaderValue::from_static("-"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority.to_str().unwrap_or_default())
    }
}
