//! SOAP messages: valid is what is the request, the reply or a declared fault of some operation.

use crate::cli::convert::find;
use crate::cli::convert::find::Choice;
use crate::cli::validate::render::Verdict;
use crate::diagnostic::Position;
use crate::soap::head;
use crate::soap::version::rules;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Status;
use crate::xml::name::QName;

/// Judges a message, decoded to UTF-8.
pub(super) fn judge(codec: &Codec, text: &[u8], strict: bool) -> Verdict {
    let contract = &codec.contract;
    let head = match head::whole(text, &contract.schema.symbols, &codec.limits) {
        Ok(head) => head,
        Err(fault) => return Verdict::one("no-envelope", fault.offset(), Position::of(text, fault.offset()), fault.to_string()),
    };
    let at = head.child.as_ref().map_or(0, |child| child.offset);
    let refused = |code, words: String| Verdict::one(code, at, Position::of(text, at), words);
    let choice = Choice { service: None, port: None, operation: None, version: None, reply: false };
    let found = match find::by_message(contract, &choice, &head) {
        Ok(found) => found,
        Err(find::Failure::Usage(words) | find::Failure::Message(words)) => return refused("no-operation", words),
    };
    if let Some(detail) = head.detail.as_ref().filter(|detail| head.is_fault && !is_declared(contract, detail)) {
        return refused("undeclared-fault", format!("the detail element {detail} is a declared fault of no operation"));
    }
    let operation = found.operation;
    if operation.verdict.status == Status::Refused {
        let reasons: Vec<&str> = operation.verdict.reasons.iter().map(|reason| &*reason.message).collect();
        return refused("refused-operation", format!("operation {} is refused: {}", operation.route, reasons.join("; ")));
    }
    let kind = match found.direction {
        _ if head.is_fault => "fault",
        Direction::Request => "request",
        Direction::Reply => "reply",
    };
    let mut verdict = Verdict { errors: codec.judge(operation, found.direction, text), ..Verdict::default() };
    verdict.message = Some(format!("{} {kind}", if found.any { "any" } else { &operation.route }));
    let served = contract.services.iter().flat_map(|service| &service.ports).any(|port| port.soap == Some(head.version));
    if !served {
        let words = format!("the envelope is SOAP {}, which no port has", rules(head.version).number);
        if strict {
            verdict.errors.splice(0..0, Verdict::one("other-version", 0, Position::of(text, 0), words).errors);
        } else {
            verdict.warnings.push(words);
        }
    }
    verdict
}

/// Whether an element is a declared fault of some operation.
fn is_declared(contract: &Contract, detail: &QName) -> bool {
    let operations = contract.services.iter().flat_map(|service| &service.ports).flat_map(|port| &port.operations);
    operations
        .flat_map(|operation| &operation.faults)
        .any(|fault| contract.schema.symbols.name(contract.schema.element(fault.element).name) == detail)
}
