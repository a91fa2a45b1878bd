//! Which operation of a contract a document belongs to: by its name, or by what stands in the Body.

use crate::soap::head::Head;
use crate::transcode::Direction;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;
use crate::xml::name::QName;

/// What the command line says of the operation.
pub(in crate::cli) struct Choice<'a> {
    pub(in crate::cli) service: Option<&'a str>,
    pub(in crate::cli) port: Option<&'a str>,
    pub(in crate::cli) operation: Option<&'a str>,
    pub(in crate::cli) version: Option<SoapVersion>,
    pub(in crate::cli) reply: bool,
}

/// The operation found.
pub(in crate::cli) struct Chosen<'c> {
    pub(in crate::cli) operation: &'c Operation,
    pub(in crate::cli) direction: Direction,
    /// The version to write: the one asked for, else the port's.
    pub(in crate::cli) version: SoapVersion,
    /// It may be any: a fault that no operation declares.
    pub(in crate::cli) any: bool,
}

/// Why there is none.
pub(in crate::cli) enum Failure {
    /// The command line names what is not there.
    Usage(String),
    /// The message is of no operation.
    Message(String),
}

/// An operation with its port.
#[derive(Clone, Copy)]
struct Candidate<'c> {
    port: &'c Port,
    version: SoapVersion,
    operation: &'c Operation,
}

/// The operation of a JSON document.
pub(in crate::cli) fn by_name<'c>(contract: &'c Contract, choice: &Choice<'_>) -> Result<Chosen<'c>, String> {
    let mut found = named(contract, choice)?;
    let direction = if choice.reply { Direction::Reply } else { Direction::Request };
    // The same operation of another port is the same document; the first SOAP port counts, or that of the version asked for.
    found.sort_by_key(|one| choice.version.is_some_and(|version| version != one.version));
    let Some(first) = found.first().copied() else { return Err("the WSDL has no operation on a SOAP port".to_owned()) };
    let several = found.iter().any(|one| one.operation.route != first.operation.route);
    if several {
        let what = choice.operation.map_or_else(
            || "JSON does not name its operation: say --operation".to_owned(),
            |name| format!("there are several operations {name}: say which"),
        );
        return Err(format!("{what}; available: {}", routes(&found)));
    }
    Ok(Chosen { operation: first.operation, direction, version: choice.version.unwrap_or(first.version), any: false })
}

/// The operation of a message.
pub(in crate::cli) fn by_message<'c>(contract: &'c Contract, choice: &Choice<'_>, head: &Head) -> Result<Chosen<'c>, Failure> {
    let mut found = named(contract, choice).map_err(Failure::Usage)?;
    found.sort_by_key(|one| one.version != head.version);
    let chosen = |one: &Candidate<'c>, direction| Chosen { operation: one.operation, direction, version: head.version, any: false };
    if head.is_fault {
        let declared = found.iter().find(|one| head.detail.as_ref().is_some_and(|name| declares(contract, one.operation, name)));
        return match declared.or_else(|| found.first()) {
            Some(one) => {
                Ok(Chosen { any: declared.is_none() && choice.operation.is_none() && found.len() > 1, ..chosen(one, Direction::Reply) })
            }
            None => Err(Failure::Usage("the WSDL has no operation on a SOAP port".to_owned())),
        };
    }
    let child = head.child.as_ref().map(|child| &child.name);
    // A body that is given by type has no element of its own: only what no other operation is named by may be its content.
    for takes in [begins_with, may_hold] {
        let takes = |message: Option<&Message>| message.is_some_and(|message| takes(message, child));
        if !choice.reply
            && let Some(one) = found.iter().find(|one| takes(one.operation.input.as_ref()))
        {
            return Ok(chosen(one, Direction::Request));
        }
        if let Some(one) = found.iter().find(|one| takes(one.operation.output.as_ref())) {
            return Ok(chosen(one, Direction::Reply));
        }
    }
    // What was named is what the message is judged by; so is the only operation that takes a reply in any wrapper.
    let any_wrapper = |message: Option<&Message>| message.is_some_and(|message| matches!(message.body, Body::Wrapper { .. }));
    let only = choice.reply && found.first().is_some_and(|first| found.iter().all(|one| one.operation.route == first.operation.route));
    if let Some(one) = found.first()
        && (choice.operation.is_some() || (only && child.is_some() && any_wrapper(one.operation.output.as_ref())))
    {
        return Ok(chosen(one, if choice.reply { Direction::Reply } else { Direction::Request }));
    }
    if let Some((one, direction)) = child.and_then(|child| of_refused(&found, child, choice.reply)) {
        return Ok(chosen(one, direction));
    }
    let what = child.map_or_else(|| "an empty Body".to_owned(), |name| format!("the body's element {name}"));
    Err(Failure::Message(format!(
        "{what} is the {} of no operation; available: {}",
        if choice.reply { "reply" } else { "message" },
        routes(&found)
    )))
}

/// The refused operation whose message this is by its name: its messages could not be built, but the reason can be told.
fn of_refused<'a, 'c>(found: &'a [Candidate<'c>], child: &QName, reply: bool) -> Option<(&'a Candidate<'c>, Direction)> {
    let mut refused = found.iter().filter(|one| one.operation.verdict.status == Status::Refused);
    let answers = |one: &&Candidate<'c>| child.local.as_str().strip_suffix("Response") == Some(&*one.operation.name);
    let request = refused.clone().find(|one| !reply && one.operation.request_element.as_ref() == Some(child));
    request.map(|one| (one, Direction::Request)).or_else(|| refused.find(answers).map(|one| (one, Direction::Reply)))
}

fn begins_with(message: &Message, child: Option<&QName>) -> bool {
    match (&message.element, child) {
        (Some(element), Some(child)) => element == child || unqualified_wrapper(message, element, child),
        (None, None) => true,
        (None, Some(_)) | (Some(_), None) => false,
    }
}

fn may_hold(message: &Message, child: Option<&QName>) -> bool {
    message.element.is_none() && child.is_some() && matches!(message.body, Body::Elements(_) | Body::Content(_))
}

/// Where the binding gives no namespace, a wrapper without one will do.
fn unqualified_wrapper(message: &Message, element: &QName, child: &QName) -> bool {
    matches!(message.body, Body::Wrapper { namespace_declared: false, .. }) && child.ns.as_str().is_empty() && child.local == element.local
}

fn declares(contract: &Contract, operation: &Operation, detail: &QName) -> bool {
    let schema = &contract.schema;
    operation.faults.iter().any(|form| schema.symbols.name(schema.element(form.element).name) == detail)
}

/// The operations that the command line leaves, in document order.
fn named<'c>(contract: &'c Contract, choice: &Choice<'_>) -> Result<Vec<Candidate<'c>>, String> {
    let services: Vec<&Service> = contract.services.iter().filter(|one| choice.service.is_none_or(|name| name == &*one.name)).collect();
    if services.is_empty()
        && let Some(name) = choice.service
    {
        return Err(format!("there is no service {name}; available: {}", names(contract.services.iter().map(|one| &*one.name))));
    }
    let ports: Vec<&Port> = services.iter().flat_map(|service| &service.ports).filter(|port| port.soap.is_some()).collect();
    let wanted: Vec<&Port> = ports.iter().copied().filter(|one| choice.port.is_none_or(|name| name == &*one.name)).collect();
    if wanted.is_empty()
        && let Some(name) = choice.port
    {
        return Err(format!("there is no SOAP port {name}; available: {}", names(ports.iter().map(|one| &*one.name))));
    }
    let all: Vec<Candidate<'c>> = wanted
        .iter()
        .flat_map(|port| {
            let version = port.soap.unwrap_or(SoapVersion::V1_1);
            port.operations.iter().map(move |operation| Candidate { port, version, operation })
        })
        .collect();
    let Some(name) = choice.operation else { return Ok(all) };
    let exact: Vec<Candidate<'c>> = all.iter().copied().filter(|one| &*one.operation.route == name).collect();
    let found = if exact.is_empty() { all.iter().copied().filter(|one| answers_to(one, name)).collect() } else { exact };
    if found.is_empty() {
        return Err(format!("there is no operation {name}; available: {}", routes(&all)));
    }
    Ok(found)
}

/// `Name` for any of its overloads, `Port/Name` for an operation of a port.
fn answers_to(one: &Candidate<'_>, name: &str) -> bool {
    let of_port = name
        .split_once('/')
        .is_some_and(|(port, name)| *port == *one.port.name && (*name == *one.operation.name || *name == *one.operation.route));
    of_port || *name == *one.operation.name
}

/// Names in a list, each once, clipped.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const LISTED: usize = 20;
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
        if seen.len() > LISTED {
            break;
        }
    }
    let more = if seen.len() > LISTED { " …" } else { "" };
    seen.truncate(LISTED);
    format!("{}{more}", seen.join(", "))
}

fn routes(list: &[Candidate<'_>]) -> String {
    names(list.iter().map(|one| &*one.operation.route))
}
