//! JSON <-> XML by schema: one pass each way, validating as it goes.
//!
//! A [`Codec`] is made once per contract. Knows SOAP and schemas; nothing of HTTP or sockets.

pub mod attachments;
pub mod decode;
pub mod encode;
pub mod example;
pub mod openapi;
pub mod parameter;
pub mod shape;

use std::sync::Arc;

use crate::transcode::shape::Options;
use crate::transcode::shape::Shapes;
use crate::wsdl::contract::Contract;
use crate::xml::limits::Limits;

/// Both directions for one contract.
#[derive(Debug)]
pub struct Codec {
    /// The contract.
    pub contract: Arc<Contract>,
    /// The JSON shapes of its types.
    pub shapes: Shapes,
    /// Limits of the messages read.
    pub limits: Limits,
    /// The detail of a SOAP fault that is not declared is shown.
    pub undeclared_detail: bool,
}

impl Codec {
    /// Prepares a contract for both directions.
    #[must_use]
    pub fn new(contract: Arc<Contract>) -> Self {
        Self::with(contract, Options::default())
    }

    /// Prepares a contract for both directions, as a service chooses.
    #[must_use]
    pub fn with(contract: Arc<Contract>, options: Options) -> Self {
        let shapes = Shapes::with(&contract.schema, options);
        Self { contract, shapes, limits: Limits::default(), undeclared_detail: false }
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
