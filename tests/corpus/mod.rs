//! The corpus of real contracts and messages, found by the variable `CASTILE_CORPUS`.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::path::Path;
use std::path::PathBuf;

use castile::soap::head::Head;
use castile::transcode::Codec;
use castile::transcode::Direction;
use castile::wsdl::contract::Message;
use castile::wsdl::contract::Operation;
use castile::wsdl::contract::Port;
use castile::wsdl::contract::Service;

/// A row of the list of messages.
pub(crate) struct Row {
    pub(crate) message: String,
    pub(crate) wsdl: String,
    /// What both other validators say; none where they differ or have not judged.
    pub(crate) valid: Option<bool>,
}

/// Where the corpus is; without it a test says that it was left out.
pub(crate) fn folder() -> Option<PathBuf> {
    let found = std::env::var_os("CASTILE_CORPUS").map(PathBuf::from);
    if found.is_none() {
        eprintln!("left out: CASTILE_CORPUS does not say where the corpus is");
    }
    found
}

/// The list of messages.
pub(crate) fn rows(corpus: &Path) -> Vec<Row> {
    let list = std::fs::read_to_string(corpus.join("MESSAGES.tsv")).expect("the list of messages");
    list.lines()
        .skip(1)
        .map(|line| {
            let field: Vec<&str> = line.split('\t').collect();
            let valid = match (field[5], field[6]) {
                ("valid", "valid") => Some(true),
                ("invalid", "invalid") => Some(false),
                _ => None,
            };
            Row { message: field[0].to_owned(), wsdl: field[3].to_owned(), valid }
        })
        .collect()
}

/// What a message is in its contract.
pub(crate) struct Place<'c> {
    pub(crate) service: &'c Service,
    pub(crate) port: &'c Port,
    pub(crate) operation: &'c Operation,
    pub(crate) direction: Direction,
}

/// The operation whose request, reply or fault a message is: requests first.
pub(crate) fn find<'c>(codec: &'c Codec, head: &Head) -> Option<Place<'c>> {
    let schema = &codec.contract.schema;
    let first = |direction: Direction, fits: &dyn Fn(&Operation) -> bool| {
        codec.contract.services.iter().find_map(|service| {
            service.ports.iter().find_map(|port| {
                port.operations.iter().find(|one| fits(one)).map(|operation| Place { service, port, operation, direction })
            })
        })
    };
    if head.is_fault {
        let detail = head.detail.as_ref()?;
        return first(Direction::Reply, &|one| {
            one.faults.iter().any(|form| schema.symbols.name(schema.element(form.element).name) == detail)
        });
    }
    let child = head.child.as_ref().map(|child| &child.name)?;
    let takes = |message: &Option<Message>| message.as_ref().is_some_and(|one| one.element.as_ref() == Some(child));
    first(Direction::Request, &|one| takes(&one.input)).or_else(|| first(Direction::Reply, &|one| takes(&one.output)))
}
