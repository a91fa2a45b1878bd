//! The contracts that messages are converted by; the first byte of the input chooses operation and direction.

use std::sync::Arc;
use std::sync::LazyLock;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl;
use castile::wsdl::contract::Operation;

static CODECS: LazyLock<Vec<Codec>> = LazyLock::new(|| {
    let sources = [include_str!("../../wsdl/cities.wsdl"), include_str!("../../wsdl/orders.wsdl"), include_str!("../../wsdl/ledger.wsdl")];
    let load = |text: &&str| match wsdl::load("fuzz.wsdl", text, &mut NoResolver) {
        Ok(contract) => Codec::new(Arc::new(contract)),
        Err(_) => panic!("a WSDL of the project does not load"),
    };
    sources.iter().map(load).collect()
});

/// The conversion that a byte chooses.
pub fn choose(byte: u8) -> (&'static Codec, &'static Operation, Direction) {
    let all: Vec<_> = CODECS
        .iter()
        .flat_map(|codec| {
            let ports = codec.contract.services.iter().flat_map(|service| &service.ports);
            ports.flat_map(|port| &port.operations).map(move |operation| (codec, operation))
        })
        .collect();
    let (codec, operation) = all[usize::from(byte >> 1) % all.len()];
    (codec, operation, if byte & 1 == 0 { Direction::Request } else { Direction::Reply })
}
