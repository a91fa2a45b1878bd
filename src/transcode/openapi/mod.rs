//! OpenAPI 3.1 out of the shapes that both directions of the transcoder go by.
//!
//! Every message that the codec makes JSON of is valid under the document, and what is valid under it the codec accepts, save
//! what JSON Schema cannot say (docs/openapi.md lists it). The same contract gives the same bytes. Knows contracts and
//! shapes; nothing of listeners: the server's address is given.

mod components;
mod lexical;
mod maker;
mod message;
mod node;
mod object;
mod open;
mod paths;
mod remainder;
mod responses;
mod rules;
mod simple;
mod value;

use std::collections::BTreeMap;

use crate::transcode::Codec;
use crate::transcode::openapi::components::Components;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::paths::Paths;
use crate::transcode::parameter::Place;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// A service with its REST face.
#[derive(Clone, Debug)]
pub struct Face<'c> {
    /// The codec of its contract.
    pub codec: &'c Codec,
    /// The service.
    pub service: &'c Service,
    /// Its name.
    pub name: &'c str,
    /// Its path: `/Orders`.
    pub path: String,
    /// The operations with a route, in document order.
    pub operations: Vec<Exposed<'c>>,
}

/// An operation with its route.
#[derive(Clone, Debug)]
pub struct Exposed<'c> {
    /// The operation.
    pub operation: &'c Operation,
    /// The SOAP version of its port.
    pub version: SoapVersion,
    /// The verb.
    pub method: &'c str,
    /// The path below that of the service: `/GetOrder`, `/orders/{OrderId}`. Values of the request are named in braces.
    pub path: String,
    /// Values of the request in the path, in its order.
    pub in_path: Vec<&'c Place>,
    /// Values of the request in the query, by name.
    pub in_query: Vec<(&'c str, &'c Place)>,
    /// Status of its declared faults, by the key of their detail, where that is not 422.
    pub faults: BTreeMap<String, u16>,
}

impl<'c> Exposed<'c> {
    /// An operation at `POST` and its name.
    #[must_use]
    pub fn by_name(operation: &'c Operation, version: SoapVersion) -> Self {
        let path = format!("/{}", paths::encoded(&operation.route));
        Self { operation, version, method: "POST", path, in_path: Vec::new(), in_query: Vec::new(), faults: BTreeMap::new() }
    }
}

impl<'c> Face<'c> {
    /// The REST face of a service: of operations that share a route the first, refused ones left out.
    #[must_use]
    pub fn of(codec: &'c Codec, service: &'c Service) -> Self {
        let mut operations: Vec<Exposed<'_>> = Vec::new();
        for port in &service.ports {
            let Some(version) = port.soap else { continue };
            for operation in port.operations.iter().filter(|one| one.verdict.status != Status::Refused) {
                if operations.iter().all(|known| known.operation.route != operation.route) {
                    operations.push(Exposed::by_name(operation, version));
                }
            }
        }
        let path = format!("/{}", paths::encoded(&service.name));
        Self { codec, service, name: &service.name, path, operations }
    }

    /// The faces of all services of a contract that have a SOAP port.
    #[must_use]
    pub fn all(codec: &'c Codec) -> Vec<Self> {
        let services = codec.contract.services.iter().filter(|service| service.ports.iter().any(|port| port.soap.is_some()));
        services.map(|service| Self::of(codec, service)).collect()
    }
}

/// The document of some services, as compact JSON; `server` is the URL before the paths.
#[must_use]
pub fn document(faces: &[Face<'_>], server: &str) -> Vec<u8> {
    let mut components = Components::default();
    let mut paths = Paths::new(&mut components, faces);
    let mut rest = faces;
    // Services of one contract share its components.
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|face| std::ptr::eq(face.codec, first.codec)).count();
        let (together, others) = rest.split_at(same);
        paths.add(&mut components, together);
        rest = others;
    }
    // Paths are appended to it, and begin with a slash themselves (OpenAPI 3.1, section 4.8.5).
    let server = match server.trim_end_matches('/') {
        "" => "/",
        server => server,
    };
    let (paths, tags, responses) = paths.finish();
    let (schemas, names) = components.finish();
    let info = Object::default()
        .with("title", Node::text(title(faces)))
        .with("version", Node::word("1"))
        .with_some("description", described(faces));
    let server = Object::default().with("url", Node::text(server));
    let document = Object::default()
        .with("openapi", Node::word("3.1.0"))
        .with("info", info)
        .with("servers", Node::List(vec![server.into()]))
        .with("tags", Node::List(tags))
        .with("paths", paths)
        .with("components", Object::default().with("schemas", schemas).with("responses", responses));
    let mut out = Vec::with_capacity(64 * 1024);
    Node::from(document).write(&mut out, &names);
    out
}

/// The names of a few services, else how many there are.
fn title(faces: &[Face<'_>]) -> String {
    if faces.len() > 3 {
        return format!("{} SOAP services", faces.len());
    }
    faces.iter().map(|face| face.name).collect::<Vec<_>>().join(", ")
}

/// The documentation of the only service.
fn described(faces: &[Face<'_>]) -> Option<Node> {
    let [only] = faces else { return None };
    only.service.documentation.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Node::text)
}
