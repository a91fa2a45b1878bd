//! Operations as paths: request bodies and responses, each with an example that the codec made.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::example::Examples;
use crate::transcode::openapi::Face;
use crate::transcode::openapi::components::Components;
use crate::transcode::openapi::components::free;
use crate::transcode::openapi::components::legal;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::responses;
use crate::transcode::openapi::value::either;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// The paths of a document in the making.
pub(super) struct Paths {
    paths: Object,
    tags: Vec<Node>,
    /// How many services have an operation of a name.
    shared: HashMap<String, usize>,
    ids: HashSet<String>,
    problem: ComponentId,
}

impl Paths {
    /// None yet; `faces` are all that will come.
    pub(super) fn new(components: &mut Components, faces: &[Face<'_>]) -> Self {
        let mut shared: HashMap<String, usize> = HashMap::new();
        for (operation, _) in faces.iter().flat_map(|face| &face.operations) {
            *shared.entry(legal(&operation.route).to_lowercase()).or_default() += 1;
        }
        let problem = responses::problem(components);
        Self { paths: Object::default(), tags: Vec::new(), shared, ids: HashSet::new(), problem }
    }

    /// Adds the services of one contract.
    pub(super) fn add(&mut self, components: &mut Components, faces: &[Face<'_>]) {
        let Some(first) = faces.first() else { return };
        let examples = Examples::new(first.codec);
        let mut maker = Maker::new(first.codec, components);
        for face in faces {
            let documentation = documented(face.service.documentation.as_deref());
            let tag = Object::default().with("name", Node::text(&*face.service.name)).with_some("description", documentation);
            self.tags.push(tag.into());
            for (operation, version) in &face.operations {
                let id = self.id(face.service, operation);
                let made = one(&mut maker, &examples, face.service, (operation, *version), &id);
                let path = format!("/{}/{}", encoded(&face.service.name), encoded(&operation.route));
                self.paths.push(path, Object::default().with("post", made));
            }
        }
        maker.finish();
    }

    /// Paths, tags and shared responses.
    pub(super) fn finish(self) -> (Object, Vec<Node>, Object) {
        (self.paths, self.tags, responses::shared(self.problem))
    }

    /// The operation, `Service_Operation` where services share it.
    fn id(&mut self, service: &Service, operation: &Operation) -> String {
        let name = legal(&operation.route);
        let alone = self.shared.get(&name.to_lowercase()).is_none_or(|count| *count < 2);
        let wanted = if alone { name } else { format!("{}_{name}", legal(&service.name)) };
        free(&mut self.ids, &wanted)
    }
}

fn one(
    maker: &mut Maker<'_>,
    examples: &Examples<'_>,
    service: &Service,
    (operation, version): (&Operation, SoapVersion),
    id: &str,
) -> Object {
    let example = |direction| examples.of(operation, direction, version).map(|example| Node::Verbatim(example.json.into()));
    let mut made = Object::default()
        .with("tags", Node::texts([&service.name]))
        .with("operationId", Node::text(id))
        .with_some("description", description(operation));
    if let Some(message) = &operation.input {
        let content = content(maker, &format!("{id}.request"), message, example(Direction::Request));
        let required = Node::Bool(!takes_nothing(maker.codec, operation, version));
        made = made.with("requestBody", Object::default().with("required", required).with("content", content));
    }
    let mut answers = Object::default();
    match &operation.output {
        Some(message) => {
            let content = content(maker, &format!("{id}.reply"), message, example(Direction::Reply));
            answers.push("200", Object::default().with("description", Node::word("The reply.")).with("content", content));
        }
        None => answers.push("202", Object::default().with("description", Node::word("Taken: the operation has no reply."))),
    }
    responses::refer(&mut answers, |status| status == "400");
    if !operation.faults.is_empty() {
        let faults = operation.faults.iter().map(|fault| maker.fault(fault)).collect();
        answers.push("422", responses::response("A fault that the service declares.", either(faults)));
    }
    responses::refer(&mut answers, |status| status != "400");
    made.with("responses", answers)
}

fn content(maker: &mut Maker<'_>, label: &str, message: &Message, example: Option<Node>) -> Object {
    let media = Object::default().with("schema", maker.message(label, message)).with_some("example", example);
    Object::default().with("application/json", media)
}

/// Whether a request may be empty.
fn takes_nothing(codec: &Codec, operation: &Operation, version: SoapVersion) -> bool {
    let alone = operation.input.as_ref().is_none_or(|input| input.attachments.is_empty());
    alone && codec.to_xml(operation, Direction::Request, b"{}", version).is_ok()
}

/// Its documentation, and what the REST face loses.
fn description(operation: &Operation) -> Option<Node> {
    let own = operation.documentation.as_deref().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let losses = (operation.verdict.status == Status::Degraded).then(|| {
        let reasons: Vec<&str> = operation.verdict.reasons.iter().map(|reason| &*reason.message).collect();
        format!("With a loss: {}.", reasons.join("; "))
    });
    let all: Vec<String> = own.into_iter().chain(losses).collect();
    (!all.is_empty()).then(|| Node::text(all.join("\n\n")))
}

fn documented(text: Option<&str>) -> Option<Node> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(Node::text)
}

/// A path, percent-encoded where RFC 3986 section 3.3 asks for it; slashes stand.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
