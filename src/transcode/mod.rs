//! JSON <-> XML by schema: one pass each way, validating as it goes.
//!
//! A [`Codec`] is made once per contract. Knows SOAP and schemas; nothing of HTTP or sockets.

pub mod decode;

use std::sync::Arc;

use crate::wsdl::contract::Contract;

/// Both directions for one contract.
#[derive(Debug)]
pub struct Codec {
    /// The contract.
    pub contract: Arc<Contract>,
}

impl Codec {
    /// Prepares a contract for both directions.
    #[must_use]
    pub fn new(contract: Arc<Contract>) -> Self {
        Self { contract }
    }
}

/// Which message of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// What callers send.
    Request,
    /// What the service answers.
    Reply,
}
