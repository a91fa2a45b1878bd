//! What goes into a call of libxslt and what comes out, whether castile was built with it or not.

use std::ffi::CStr;

/// A document that a call may read, and what it is called.
#[derive(Clone, Copy)]
pub(super) struct Document<'d> {
    pub(super) uri: &'d CStr,
    pub(super) text: &'d str,
}

/// What a sheet says of its output.
#[derive(Clone, Default, Debug)]
pub(super) struct OutputAsked {
    pub(super) method: Option<String>,
    pub(super) encoding: Option<String>,
    pub(super) media: Option<String>,
}

/// The bound that a call met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Broken {
    Memory,
    Stack,
    Stopped,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// The result was written; whether it is an HTML document.
    Well { html: bool },
    /// It failed; what was heard says why.
    Badly,
    /// The sheet itself stopped.
    BySheet,
    /// A bound was met.
    Broken(Broken),
}
