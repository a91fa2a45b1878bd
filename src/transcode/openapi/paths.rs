//! Operations as paths: request bodies and responses, each with an example that the codec made.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::example::Examples;
use crate::transcode::example::Placed;
use crate::transcode::openapi::Exposed;
use crate::transcode::openapi::Face;
use crate::transcode::openapi::components::Components;
use crate::transcode::openapi::components::legal;
use crate::transcode::openapi::maker::Maker;
use crate::transcode::openapi::node::ComponentId;
use crate::transcode::openapi::node::Node;
use crate::transcode::openapi::node::Object;
use crate::transcode::openapi::remainder::Taken;
use crate::transcode::openapi::responses;
use crate::transcode::openapi::value::either;
use crate::transcode::parameter::Place;
use crate::transcode::shape::typenames::free;
use crate::wsdl::contract::FaultForm;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// The paths of a document in the making.
pub(super) struct Paths {
    /// The methods of each path.
    at: Vec<(String, Object)>,
    tags: Vec<Node>,
    /// The names of the services.
    services: HashSet<String>,
    /// Path and method of each operation.
    routes: HashSet<(String, String)>,
    /// How many services have an operation of a name.
    shared: HashMap<String, usize>,
    ids: HashSet<String>,
    problem: ComponentId,
}

impl Paths {
    /// None yet; `faces` are all that will come.
    pub(super) fn new(components: &mut Components, faces: &[Face<'_>]) -> Self {
        let mut shared: HashMap<String, usize> = HashMap::new();
        for exposed in faces.iter().flat_map(|face| &face.operations) {
            *shared.entry(legal(&exposed.operation.route).to_lowercase()).or_default() += 1;
        }
        let problem = responses::problem(components);
        Self { at: Vec::new(), tags: Vec::new(), services: HashSet::new(), routes: HashSet::new(), shared, ids: HashSet::new(), problem }
    }

    /// Adds the services of one contract.
    pub(super) fn add(&mut self, components: &mut Components, faces: &[Face<'_>]) {
        let Some(first) = faces.first() else { return };
        let examples = Examples::new(first.codec);
        let mut maker = Maker::new(first.codec, components);
        for face in faces {
            if self.services.insert(face.name.to_owned()) {
                let documentation = documented(face.service.documentation.as_deref());
                let tag = Object::default().with("name", Node::text(face.name)).with_some("description", documentation);
                self.tags.push(tag.into());
            }
            for exposed in &face.operations {
                let path = format!("{}{}", face.path, shown_path(exposed));
                // Services of one name share their paths: the first that comes is the one that is there.
                if !self.routes.insert((path.clone(), exposed.method.to_lowercase())) {
                    continue;
                }
                let id = self.id(face.name, exposed.operation);
                let made = one(&mut maker, &examples, face.name, exposed, &id);
                match self.at.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, methods)) => methods.push(exposed.method.to_lowercase(), made),
                    None => {
                        let mut methods = Object::default();
                        methods.push(exposed.method.to_lowercase(), made);
                        self.at.push((path, methods));
                    }
                }
            }
        }
        maker.finish();
    }

    /// Paths, tags and shared responses.
    pub(super) fn finish(self) -> (Object, Vec<Node>, Object) {
        let mut paths = Object::default();
        for (path, methods) in self.at {
            paths.push(path, methods);
        }
        (paths, self.tags, responses::shared(self.problem))
    }

    /// The operation, `Service_Operation` where services share it.
    fn id(&mut self, service: &str, operation: &Operation) -> String {
        let name = legal(&operation.route);
        let alone = self.shared.get(&name.to_lowercase()).is_none_or(|count| *count < 2);
        let wanted = if alone { name } else { format!("{}_{name}", legal(service)) };
        free(&mut self.ids, wanted)
    }
}

fn one(maker: &mut Maker<'_>, examples: &Examples<'_>, service: &str, exposed: &Exposed<'_>, id: &str) -> Object {
    let Exposed { operation, version, .. } = *exposed;
    let example = |direction| examples.of(operation, direction, version).map(|example| Node::Verbatim(example.json.into()));
    let mut made = Object::default()
        .with("tags", Node::texts([service]))
        .with("operationId", Node::text(id))
        .with_some("description", description(operation));
    let in_query = exposed.in_query.iter().map(|(_, place)| (*place, place.required));
    let elsewhere = Taken::of(exposed.in_path.iter().map(|place| (*place, true)).chain(in_query));
    let bodiless = matches!(exposed.method, "GET" | "DELETE");
    let placed = match elsewhere.is_nothing() {
        true => None,
        false => {
            let in_query: Vec<&Place> = exposed.in_query.iter().map(|(_, place)| *place).collect();
            examples.placed(operation, version, (&exposed.in_path, &in_query), !bodiless)
        }
    };
    if !elsewhere.is_nothing() {
        made = made.with("parameters", parameters(maker, exposed, placed.as_ref()));
    }
    if let Some(message) = operation.input.as_ref().filter(|_| !bodiless && !elsewhere.is_nothing()) {
        let left = maker.remainder(&format!("{id}.request"), message, &elsewhere);
        let body = placed.and_then(|placed| placed.body).map(|body| Node::Verbatim(body.into()));
        let media = Object::default().with("schema", left.schema).with_some("example", body);
        let content = Object::default().with("application/json", media);
        made = made.with("requestBody", Object::default().with("required", Node::Bool(left.needed)).with("content", content));
    } else if let Some(message) = operation.input.as_ref().filter(|_| !bodiless) {
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
    let mut taken = Vec::new();
    let configured_400 = exposed.faults.values().any(|status| *status == 400);
    responses::refer(&mut answers, |status| status == "400" && !configured_400);
    if !operation.faults.is_empty() {
        let contract = &maker.codec.contract;
        let status = |fault: &FaultForm| exposed.faults.get(&fault.key(contract)).copied().unwrap_or(422);
        let mut by_status: BTreeMap<u16, Vec<&FaultForm>> = BTreeMap::new();
        for fault in &operation.faults {
            by_status.entry(status(fault)).or_default().push(fault);
        }
        for (status, faults) in by_status {
            let faults = faults.into_iter().map(|fault| maker.fault(fault)).collect();
            taken.push(status.to_string());
            answers.push(status.to_string(), responses::response("A fault that the service declares.", either(faults)));
        }
    }
    responses::refer(&mut answers, |status| status != "400" && !taken.iter().any(|known| known == status));
    made.with("responses", answers)
}

/// Where the values of a request stand that are not in its body.
fn parameters(maker: &mut Maker<'_>, exposed: &Exposed<'_>, placed: Option<&Placed>) -> Node {
    let mut all = Vec::new();
    for (number, (place, name)) in exposed.in_path.iter().zip(names_in_path(exposed)).enumerate() {
        let example = placed.and_then(|placed| placed.path.get(number));
        all.push(parameter(maker, ("path", &name), place, true, example));
    }
    for (number, (name, place)) in exposed.in_query.iter().enumerate() {
        let example = placed.and_then(|placed| placed.query.get(number)?.as_ref());
        all.push(parameter(maker, ("query", name), place, place.required, example));
    }
    Node::List(all)
}

fn parameter(maker: &mut Maker<'_>, (place, name): (&'static str, &str), at: &Place, required: bool, example: Option<&String>) -> Node {
    Object::default()
        .with("name", Node::text(name))
        .with("in", Node::word(place))
        .with("required", Node::Bool(required))
        .with("schema", maker.plain(at.ty, None))
        .with_some("example", example.map(|text| Node::Verbatim(at.json(text).into())))
        .into()
}

/// Names of the values in a path: the last step to each, with those before it where names are shared.
fn names_in_path(exposed: &Exposed<'_>) -> Vec<String> {
    let mut taken = HashSet::new();
    exposed.in_path.iter().map(|place| free(&mut taken, legal(place.path.last().map_or("value", String::as_str)))).collect()
}

/// The path with the names of its values in braces.
fn shown_path(exposed: &Exposed<'_>) -> String {
    let path = exposed.path.split('?').next().unwrap_or_default();
    let mut names = names_in_path(exposed).into_iter();
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let after = inside.split_once('}').map_or("", |(_, after)| after);
        out.push_str(before);
        out.push_str(&format!("{{{}}}", names.next().unwrap_or_default()));
        rest = after;
    }
    out.push_str(rest);
    out
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
pub(super) fn encoded(text: &str) -> String {
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
