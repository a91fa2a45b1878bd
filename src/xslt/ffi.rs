//! The binding to libxslt, and the only unsafe code of the crate.
//!
//! What leaves this file is safe: a [`Compiled`] sheet that threads may share, and the two calls that make and run one. The C side is
//! `shim.c`; it reads nothing but the documents it is given, tells what happens through [`Heard`], and bounds what a call may use.
//! Nothing here knows what a sheet may say or how an error is worded.

#![allow(unsafe_code, reason = "libxslt is C; each block says why it is sound")]

use std::ffi::CStr;
use std::ffi::CString;
use std::ffi::c_char;
use std::ffi::c_int;
use std::ffi::c_uchar;
use std::ffi::c_void;
use std::ptr;
use std::ptr::NonNull;
use std::sync::Once;
use std::sync::atomic::AtomicBool;

use crate::xslt::call::Broken;
use crate::xslt::call::Document;
use crate::xslt::call::End;
use crate::xslt::call::OutputAsked;
use crate::xslt::heard::Heard;
use crate::xslt::heard::Said;
use crate::xslt::limits::Limits;

/// A compiled sheet.
#[derive(Debug)]
pub(super) struct Compiled(NonNull<c_void>);

// SAFETY: a compiled sheet is freed once, by whichever thread drops it; libxml2 has no memory bound to the thread that allocated it.
unsafe impl Send for Compiled {}
// SAFETY: libxslt only reads a sheet while it transforms (each run has a context, a dictionary and variables of its own; the reference
// count of the sheet's dictionary is kept under a lock), so any number of threads may run it at once.
unsafe impl Sync for Compiled {}

impl Drop for Compiled {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `castile_xslt_compile`, and nobody else has it: runs borrow the sheet.
        unsafe { castile_xslt_free(self.0.as_ptr()) }
    }
}

impl Compiled {
    /// Compiles the first of the documents; it imports the others. `None`: what was heard says why.
    pub(super) fn compile(documents: &[Document<'_>], limits: &Limits, heard: &mut Heard) -> (Option<Self>, Option<Broken>) {
        initialise();
        let documents: Vec<RawDocument> = documents.iter().map(RawDocument::of).collect();
        let mut call = RawCall::new(&documents, limits, None, heard);
        // SAFETY: `call` and all it points to (documents, what hears) outlive the call and are touched by nobody else during it.
        let sheet = unsafe { castile_xslt_compile(&raw mut call) };
        (NonNull::new(sheet).map(Self), call.broken())
    }

    /// Runs the sheet on one document.
    pub(super) fn run(
        &self,
        source: &Document<'_>,
        parameters: &[(CString, CString)],
        documents: &[Document<'_>],
        limits: &Limits,
        stop: Option<&AtomicBool>,
        heard: &mut Heard,
    ) -> End {
        let documents: Vec<RawDocument> = documents.iter().map(RawDocument::of).collect();
        let source = RawDocument::of(source);
        let mut named: Vec<*const c_char> = parameters.iter().flat_map(|(name, value)| [name.as_ptr(), value.as_ptr()]).collect();
        named.push(ptr::null());
        let mut call = RawCall::new(&documents, limits, stop, heard);
        // SAFETY: the sheet is alive as long as `self`; `call`, the documents and the parameters (closed by NULL) outlive the call.
        let end = unsafe { castile_xslt_run(&raw mut call, self.0.as_ptr(), &raw const source, named.as_ptr()) };
        debug_assert!(end != 0 || call.kept == 0, "a run that ended well kept {} blocks", call.kept);
        match (call.broken(), end) {
            (Some(broken), _) => End::Broken(broken),
            (None, 0) => End::Well { html: call.html != 0 },
            (None, 2) => End::BySheet,
            (None, _) => End::Badly,
        }
    }

    /// What xsl:output asks for, in the sheet and what it imports.
    pub(super) fn output(&self) -> OutputAsked {
        let (mut method, mut encoding, mut media) = (ptr::null(), ptr::null(), ptr::null());
        // SAFETY: the sheet is alive, and the three places are ours.
        unsafe { castile_xslt_output(self.0.as_ptr(), &raw mut method, &raw mut encoding, &raw mut media) };
        OutputAsked { method: owned(method), encoding: owned(encoding), media: owned(media) }
    }
}

/// Whether libxml2 can write this encoding.
pub(super) fn knows_encoding(name: &str) -> bool {
    initialise();
    // SAFETY: a string closed by NUL that outlives the call.
    CString::new(name).is_ok_and(|name| unsafe { castile_xslt_knows(name.as_ptr()) } != 0)
}

/// Sets up the libraries, once in the life of the process.
fn initialise() {
    static ONCE: Once = Once::new();
    // SAFETY: runs once, before any other call into the libraries: all of them pass here first.
    ONCE.call_once(|| unsafe { castile_xslt_init() });
}

fn owned(text: *const c_char) -> Option<String> {
    // SAFETY: libxslt's own string, closed by NUL and alive as long as the sheet, which the caller holds; copied here.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// `struct castile_document`.
#[repr(C)]
struct RawDocument {
    uri: *const c_char,
    bytes: *const c_char,
    length: usize,
}

impl RawDocument {
    fn of(document: &Document<'_>) -> Self {
        Self { uri: document.uri.as_ptr(), bytes: document.text.as_ptr().cast(), length: document.text.len() }
    }
}

/// `struct castile_call`.
#[repr(C)]
struct RawCall {
    host: *mut c_void,
    say: extern "C" fn(*mut c_void, c_int, *const c_char, c_int, *const c_char),
    write: extern "C" fn(*mut c_void, *const c_char, c_int) -> c_int,
    documents: *const RawDocument,
    count: usize,
    stop: *const c_uchar,
    memory: usize,
    reserve: usize,
    operations: usize,
    depth: c_int,
    variables: c_int,
    broken: c_int,
    html: c_int,
    kept: usize,
    used: usize,
    floor: *mut c_char,
    context: *mut c_void,
    running: c_int,
    pool: RawPool,
}

/// `struct pool`; the shim's alone.
#[repr(C)]
struct RawPool {
    spare: [*mut c_void; 65],
    next: *mut c_char,
    end: *mut c_char,
    slabs: *mut c_void,
    bigs: *mut c_void,
    live: usize,
}

impl RawPool {
    const EMPTY: Self = Self {
        spare: [ptr::null_mut(); 65],
        next: ptr::null_mut(),
        end: ptr::null_mut(),
        slabs: ptr::null_mut(),
        bigs: ptr::null_mut(),
        live: 0,
    };
}

impl RawCall {
    /// The pointers are good as long as what they were made of: callers keep it until the call has returned.
    fn new(documents: &[RawDocument], limits: &Limits, stop: Option<&AtomicBool>, heard: &mut Heard) -> Self {
        Self {
            host: ptr::from_mut(heard).cast(),
            say,
            write,
            documents: documents.as_ptr(),
            count: documents.len(),
            stop: stop.map_or(ptr::null(), |stop| stop.as_ptr().cast_const().cast()),
            memory: limits.memory,
            reserve: limits.stack_reserve,
            operations: limits.operations,
            depth: c_int::try_from(limits.depth).unwrap_or(c_int::MAX),
            variables: c_int::try_from(limits.variables).unwrap_or(c_int::MAX),
            broken: 0,
            html: 0,
            kept: 0,
            used: 0,
            floor: ptr::null_mut(),
            context: ptr::null_mut(),
            running: 0,
            pool: RawPool::EMPTY,
        }
    }

    fn broken(&self) -> Option<Broken> {
        match self.broken {
            0 => None,
            1 => Some(Broken::Memory),
            2 => Some(Broken::Stack),
            _ => Some(Broken::Stopped),
        }
    }
}

/// Called by the shim for whatever the libraries tell.
extern "C" fn say(host: *mut c_void, what: c_int, file: *const c_char, line: c_int, text: *const c_char) {
    let (file, text) = (owned(file), owned(text).unwrap_or_default());
    // SAFETY: `host` is the `Heard` of the call that is running on this thread; `RawCall::new` took it by an exclusive borrow, and the
    // Rust side does not touch it until the call has returned.
    let heard = unsafe { &mut *host.cast::<Heard>() };
    let line = u32::try_from(line).unwrap_or(0);
    heard.hear(match what {
        0 => Said::Place { file, line },
        1 => Said::Text(text),
        2 => Said::Fault { file, line, text },
        _ => Said::Warning { file, line, text },
    });
}

/// Called by the shim with pieces of the result; -1 stops the writing.
extern "C" fn write(host: *mut c_void, bytes: *const c_char, length: c_int) -> c_int {
    // SAFETY: as in `say`.
    let heard = unsafe { &mut *host.cast::<Heard>() };
    let taken = usize::try_from(length).unwrap_or(0);
    if taken == 0 {
        return 0;
    }
    // SAFETY: the shim hands over `length` bytes of a buffer that lives until this function returns.
    let piece = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), taken) };
    if heard.take(piece) { length } else { -1 }
}

unsafe extern "C" {
    fn castile_xslt_init();
    fn castile_xslt_compile(call: *mut RawCall) -> *mut c_void;
    fn castile_xslt_free(sheet: *mut c_void);
    fn castile_xslt_output(sheet: *mut c_void, method: *mut *const c_char, encoding: *mut *const c_char, media: *mut *const c_char);
    fn castile_xslt_knows(encoding: *const c_char) -> c_int;
    fn castile_xslt_run(call: *mut RawCall, sheet: *mut c_void, source: *const RawDocument, parameters: *const *const c_char) -> c_int;
}
