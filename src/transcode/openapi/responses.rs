//! The responses that every operation shares: problems of the request, of the service, of castile.

use crate::transcode::openapi::components::Components;
use crate::transcode::openapi::components::Wish;
use crate::transcode::openapi::message::problem_properties;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::simple::typed;

/// Name, status and description of each.
const SHARED: [(&str, &str, &str); 4] = [
    ("BadRequest", "400", "The request breaks the contract, with every fault and its place; or the service refused it."),
    ("BadGateway", "502", "The service cannot be reached, or what it sent is no valid answer."),
    ("GatewayTimeout", "504", "The service did not answer in time."),
    ("Problem", "default", "Any other problem."),
];

/// The component that describes problems in general.
pub(super) fn problem(components: &mut Components) -> ComponentId {
    let fault = Object::default().with("detail", typed("string")).with("pointer", typed("string"));
    let fault = typed("object").with("properties", fault).with("required", Node::texts(["detail"]));
    let item = components.begin(Wish::Own("ProblemError"));
    components.describe(item, fault);
    let kind = typed("string");
    let mut properties = problem_properties(kind, typed("integer"));
    properties.push("errors", typed("array").with("items", Node::reference(item)));
    let schema = typed("object")
        .with("description", Node::word("A problem (RFC 9457). Of a request that breaks the contract `errors` has every fault."))
        .with("properties", properties)
        .with("required", Node::texts(["type", "title", "status"]));
    let id = components.begin(Wish::Own("Problem"));
    components.describe(id, schema);
    id
}

/// The shared responses.
pub(super) fn shared(problem: ComponentId) -> Object {
    let mut responses = Object::default();
    for (name, _, description) in SHARED {
        responses.push(name, response(description, Node::reference(problem)));
    }
    responses
}

/// Refers to the shared responses from an operation's.
pub(super) fn refer(responses: &mut Object, wanted: impl Fn(&str) -> bool) {
    for (name, status, _) in SHARED {
        if wanted(status) {
            responses.push(status, Object::default().with("$ref", Node::text(format!("#/components/responses/{name}"))));
        }
    }
}

/// A response that is a problem.
pub(super) fn response(description: &str, schema: Node) -> Object {
    let media = Object::default().with("application/problem+json", Object::default().with("schema", schema));
    Object::default().with("description", Node::text(description)).with("content", media)
}
