//! `limits`: how much of anything is accepted and how long callers may take, with the defaults.
//!
//! One list makes the type, its JSON Schema and the table in the documentation.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::units::Size;
use crate::config::units::Time;
use crate::config::units::too_little;

/// What may be nothing at all: then no reply is held before it is passed on, none is longer than that, and nothing is waited for.
const MAY_BE_NOTHING: [&str; 3] = ["buffer", "stream", "drain_time"];

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $ty:ty = $default:expr,)+) => {
        /// How much of anything is accepted, and how long callers may take.
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: $ty,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// What is wrong with those that are nothing, by name.
            pub(super) fn too_little(&self) -> Vec<(&'static str, String)> {
                let all = [$((stringify!($name), too_little(&self.$name))),+];
                all.into_iter().filter_map(|(name, message)| Some((name, message?))).filter(|(name, _)| !MAY_BE_NOTHING.contains(name)).collect()
            }
        }

        /// Name, default and meaning of every limit, in the order of the documentation.
        #[must_use]
        pub fn table() -> Vec<(&'static str, String, &'static str)> {
            let defaults = Limits::default();
            vec![$((stringify!($name), defaults.$name.to_string(), concat!($($doc),+).trim_start())),+]
        }
    };
}

limits! {
    /// A message, request or reply, also after decompression
    message: Size = Size(10 << 20),
    /// Of a SOAP reply, what is held before it is passed on while it still arrives
    buffer: Size = Size(1 << 20),
    /// A SOAP reply that is passed on while it still arrives, also after decompression
    stream: Size = Size(4 << 30),
    /// All bodies that are held at one time; a large one beyond it is answered 503
    memory: Size = Size(512 << 20),
    /// Elements in one another; objects and arrays likewise
    depth: u32 = 128,
    /// Attributes of an element
    attributes: u32 = 256,
    /// Namespace declarations in scope
    namespaces: u32 = 256,
    /// A name of an element or attribute
    name: Size = Size(1 << 10),
    /// A run of text, or the value of an attribute
    text: Size = Size(10 << 20),
    /// All header fields of an HTTP message together
    header_bytes: Size = Size(64 << 10),
    /// Header fields of an HTTP message
    headers: u32 = 100,
    /// Connections of callers at one time
    connections: u32 = 10_000,
    /// Time for the head of a request
    header_time: Time = Time(Duration::from_secs(5)),
    /// Time for the body of a request
    body_time: Time = Time(Duration::from_secs(60)),
    /// Time that a connection without a request stays open
    idle_time: Time = Time(Duration::from_secs(75)),
    /// Time for calls under way when the gateway stops
    drain_time: Time = Time(Duration::from_secs(10)),
}
