//! Replies made up by the schema, each a little different from the last.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use super::Answer;
use super::Call;
use super::Service;
use crate::instance::Depths;
use crate::instance::Generator;
use crate::instance::Style;
use crate::soap::fault::Code;
use crate::soap::sample;

/// A service that makes up its replies.
#[derive(Debug)]
pub struct MadeUp {
    seed: AtomicU64,
    /// Worked out at the first call.
    depths: OnceLock<Arc<Depths>>,
}

impl MadeUp {
    /// The same seed gives the same row of replies.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed: AtomicU64::new(seed), depths: OnceLock::new() }
    }
}

impl Service for MadeUp {
    fn answer(&self, call: &Call<'_>) -> Answer {
        let Some(output) = &call.operation.output else { return Answer::Nothing };
        let schema = &call.codec.contract.schema;
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        let depths = self.depths.get_or_init(|| Arc::new(Depths::of(schema)));
        let mut generator = Generator::with(schema, Arc::clone(depths), Style::Random, seed);
        match sample::parts(schema, output, &mut generator) {
            Some(parts) => Answer::Reply { headers: parts.headers, body: parts.body },
            None => Answer::Fault {
                code: Code::Server,
                reason: format!("the schema admits no reply to {}", call.operation.name),
                detail: String::new(),
            },
        }
    }
}
