//! Messages of contracts and made-up instances of them, for the tests of the mapping law.

use std::collections::HashSet;
use std::sync::Arc;

use castile::instance::Depths;
use castile::instance::Generator;
use castile::instance::Style;
use castile::schema::form::TypeId;
use castile::soap::version::rules;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl::contract::Body;
use castile::wsdl::contract::Contract;
use castile::wsdl::contract::Message;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::SoapVersion;
use castile::wsdl::contract::Status;

/// One message of a contract.
pub(crate) struct Case<'c> {
    pub(crate) operation: &'c Operation,
    pub(crate) direction: Direction,
    pub(crate) message: &'c Message,
    pub(crate) version: SoapVersion,
}

/// The messages of all served operations; ports that share a message give it once.
pub(crate) fn cases(contract: &Contract) -> Vec<Case<'_>> {
    let mut seen = HashSet::new();
    let mut cases = Vec::new();
    for port in contract.services.iter().flat_map(|service| &service.ports) {
        let Some(version) = port.soap else { continue };
        for operation in port.operations.iter().filter(|operation| operation.verdict.status == Status::Served) {
            let both = [(Direction::Request, &operation.input), (Direction::Reply, &operation.output)];
            for (direction, message) in both {
                let Some(message) = message else { continue };
                if seen.insert(format!("{:?} {:?} {direction:?}", message.body, message.headers)) {
                    cases.push(Case { operation, direction, message, version });
                }
            }
        }
    }
    cases
}

/// A random instance of a message.
pub(crate) fn envelope(codec: &Codec, case: &Case<'_>, depths: &Arc<Depths>, style: Style, seed: u64) -> Result<String, String> {
    let schema = &codec.contract.schema;
    let mut generator = Generator::with(schema, Arc::clone(depths), style, seed);
    let namespace = rules(case.version).envelope;
    let mut headers = String::new();
    for (at, header) in case.message.headers.iter().enumerate() {
        if (seed >> at) & 1 == 0 {
            headers += &generator.element(header.element).ok_or("no instance of a header")?;
        }
    }
    if !headers.is_empty() {
        headers = format!("<e:Header>{headers}</e:Header>");
    }
    let body = match &case.message.body {
        Body::Empty => String::new(),
        Body::Element(id) | Body::Wrapper { element: id, .. } => generator.element(*id).ok_or("no instance of the body")?,
        Body::Elements(id) => generator.content(TypeId::Complex(*id)).ok_or("no instance of the body")?,
        Body::Content(ty) => generator.content(*ty).ok_or("no instance of the body")?,
    };
    Ok(format!("<e:Envelope xmlns:e=\"{namespace}\">{headers}<e:Body>{body}</e:Body></e:Envelope>"))
}
