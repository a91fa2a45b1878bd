//! The policy `validate`: messages judged by their schema, refused or told of.
//!
//! What is wrong is told by place, path and expectation; values only where the operator allows it. The log is told of a broken
//! service often enough to see it, not once for each of its messages.

use std::cell::Cell;
use std::time::Duration;
use std::time::Instant;

use crate::config::file::Mode;
use crate::exchange::call::Call;
use crate::exchange::call::Facts;
use crate::exchange::call::Target;
use crate::exchange::failure::Failure;
use crate::exchange::failure::Kind;
use crate::exchange::failure::Pointed;
use crate::gateway::plan::ServicePlan;
use crate::transcode::Direction;
use crate::transcode::decode::MessageFault;
use crate::wsdl::contract::Status;

/// Judges the request of a SOAP caller.
pub(crate) fn request(service: &ServicePlan, target: &Target, facts: &Facts, text: &[u8]) -> Result<(), Failure> {
    let mode = service.modes.soap_request;
    let Some(operation) = target.operation().filter(|_| mode != Mode::Off) else { return Ok(()) };
    let faults = service.codec.judge(operation, Direction::Request, text);
    match mode {
        Mode::Enforce if operation.verdict.status == Status::Refused => {
            let message = format!("the operation '{}' cannot be validated by its contract", operation.name);
            Err(Failure::new(Kind::Internal, message))
        }
        Mode::Enforce if !faults.is_empty() => {
            Err(Failure::new(Kind::Message, "the request is not what the operation takes")
                .with_errors(pointed(&faults, service.modes.values)))
        }
        Mode::Enforce | Mode::Report | Mode::Off => {
            tell("a request breaks its schema and passes", &faults, facts, service, target);
            Ok(())
        }
    }
}

/// Judges a reply to a SOAP caller.
pub(crate) fn reply(service: &ServicePlan, call: &Call, text: &[u8]) -> Result<(), Failure> {
    let mode = service.modes.soap_reply;
    let Some(operation) = call.target.operation().filter(|_| mode != Mode::Off) else { return Ok(()) };
    if operation.verdict.status == Status::Refused {
        return Ok(());
    }
    let faults = service.codec.judge(operation, Direction::Reply, text);
    if mode == Mode::Enforce && !faults.is_empty() {
        return Err(broken_reply(&faults, service.modes.values));
    }
    tell("a reply breaks its schema and passes", &faults, &call.facts, service, &call.target);
    Ok(())
}

/// The failure of a reply that breaks its schema.
pub(crate) fn broken_reply(faults: &[MessageFault], values: bool) -> Failure {
    Failure::new(Kind::BrokenReply, "the reply of the service behind the gateway breaks its own contract")
        .with_errors(pointed(faults, values))
}

fn pointed(faults: &[MessageFault], values: bool) -> Vec<Pointed> {
    let one = |fault: &MessageFault| {
        let mut detail = format!("{} at {}: {}", fault.path, fault.position, fault.message);
        if let Some(value) = fault.value.as_ref().filter(|_| values) {
            detail.push_str(&format!(", found \"{value}\""));
        }
        Pointed { detail, pointer: None }
    };
    faults.iter().map(one).collect()
}

/// Lines a second and core that tell of broken messages.
const LINES: u32 = 5;

/// Tells the log of a message that breaks its schema: the first fault and how many there are. Beyond some lines a second they are
/// counted only.
pub(crate) fn tell(what: &'static str, faults: &[MessageFault], facts: &Facts, service: &ServicePlan, target: &Target) {
    thread_local! {
        static SECOND: Cell<Option<(Instant, u32, u64)>> = const { Cell::new(None) };
    }
    let Some(first) = faults.first() else { return };
    let now = Instant::now();
    let (since, lines, untold) = match SECOND.get() {
        Some((since, lines, untold)) if now.duration_since(since) < Duration::from_secs(1) => (since, lines, untold),
        Some((_, _, untold)) => (now, 0, untold),
        None => (now, 0, 0),
    };
    if lines >= LINES {
        SECOND.set(Some((since, lines, untold + 1)));
        return;
    }
    SECOND.set(Some((since, lines + 1, 0)));
    let service = &*service.name;
    let operation = target.operation().map_or("", |operation| &operation.name);
    tracing::warn!(
        id = facts.id.as_str(),
        service,
        operation,
        faults = faults.len(),
        at = %first.position,
        path = first.path,
        why = first.message,
        untold,
        "{what}"
    );
}
