//! Stands in for the binding where castile was built without XSLT: no sheet can be compiled, so none can be run.
//!
//! It has the same face as `ffi.rs`, so that nothing above knows the difference but by [`super::AVAILABLE`].

use std::ffi::CString;
use std::sync::atomic::AtomicBool;

use crate::xslt::call::Broken;
use crate::xslt::call::Document;
use crate::xslt::call::End;
use crate::xslt::call::OutputAsked;
use crate::xslt::heard::Heard;
use crate::xslt::limits::Limits;

/// A compiled sheet: there is none.
#[derive(Debug)]
pub(super) enum Compiled {}

impl Compiled {
    /// Compiles nothing.
    pub(super) fn compile(_: &[Document<'_>], _: &Limits, _: &mut Heard) -> (Option<Self>, Option<Broken>) {
        (None, None)
    }

    /// Cannot be called.
    pub(super) fn run(
        &self,
        _: &Document<'_>,
        _: &[(CString, CString)],
        _: &[Document<'_>],
        _: &Limits,
        _: Option<&AtomicBool>,
        _: &mut Heard,
    ) -> End {
        match *self {}
    }

    /// Cannot be called.
    pub(super) fn output(&self) -> OutputAsked {
        match *self {}
    }
}

/// Knows none.
pub(super) fn knows_encoding(_: &str) -> bool {
    false
}
