//! A request on its way, as types: each stage consumes the one before it.
//!
//! [`Received`](stage::Received) → [`Routed`](stage::Routed) → [`Prepared`](stage::Prepared) →
//! [`Answered`](stage::Answered) → [`Reply`](stage::Reply). A failure at any stage is a
//! [`Failure`](failure::Failure), which says who is to blame; [`answer`] is the one place that turns it into a reply.
//!
//! Nothing here opens a socket, reads a clock or knows the configuration: bodies come in as bytes or as a stream that the
//! gateway made, times as numbers that it measured.

pub mod answer;
pub mod body;
pub mod call;
pub mod edits;
pub mod failure;
pub mod headers;
pub mod media;
pub mod multipart;
pub mod need;
pub mod parts;
pub mod problem;
pub mod root;
pub mod stage;
