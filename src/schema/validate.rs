//! Judges whole documents by a schema: the validator is a visitor of the walker that keeps nothing but faults.
//!
//! The root must be a declared element or name its type. xsi:schemaLocation is never followed. Knows nothing of SOAP.

mod ids;

use crate::schema::form::Schema;
use crate::schema::validate::ids::Ids;
use crate::schema::walk::Declared;
use crate::schema::walk::MAX_FAULTS;
use crate::schema::walk::Opened;
use crate::schema::walk::SeenAttribute;
use crate::schema::walk::Standing;
use crate::schema::walk::Typing;
use crate::schema::walk::Value;
use crate::schema::walk::Visitor;
use crate::schema::walk::Walker;
use crate::schema::walk::fault::WalkFault;
use crate::schema::walk::locate::Located;
use crate::schema::walk::locate::locate;
use crate::schema::walk::outline::Outline;
use crate::xml::error::XmlError;
use crate::xml::event::Event;
use crate::xml::event::Scope;
use crate::xml::limits::Limits;
use crate::xml::reader::SliceReader;

/// Names told in a list of declared elements.
const LISTED: usize = 8;

/// All faults of a document (decoded to UTF-8) in document order; none if it is valid.
#[must_use]
pub fn validate(schema: &Schema, text: &[u8], limits: &Limits) -> Vec<Located> {
    let mut walker = Walker::new(schema);
    let mut faults = match walk(schema, text, limits, &mut walker) {
        Walked::Through(faults) => faults,
        Walked::Broken(faults, error) => return broken(text, limits, faults, error),
        Walked::Diverged => match Outline::read(text, &schema.symbols, limits) {
            Ok(outline) => {
                walker.set_outline(outline);
                match walk(schema, text, limits, &mut walker) {
                    Walked::Through(faults) => faults,
                    Walked::Broken(faults, error) => return broken(text, limits, faults, error),
                    // With all children known beforehand nothing can turn out otherwise.
                    Walked::Diverged => Vec::new(),
                }
            }
            Err(error) => return broken(text, limits, Vec::new(), error),
        },
    };
    if faults.is_empty() {
        return Vec::new();
    }
    let left_out = walker.faults().saturating_sub(faults.len());
    if left_out > 0 {
        faults.push(WalkFault { code: "more-faults", offset: text.len(), message: format!("{left_out} more faults"), value: None });
    }
    locate(text, limits, faults)
}

/// A document that is not well-formed: what was found up to there, and why it ends.
fn broken(text: &[u8], limits: &Limits, mut faults: Vec<WalkFault>, error: XmlError) -> Vec<Located> {
    faults.push(WalkFault { code: error.code, offset: error.offset, message: error.message, value: None });
    locate(text, limits, faults)
}

enum Walked {
    Through(Vec<WalkFault>),
    /// The document is not well-formed.
    Broken(Vec<WalkFault>, XmlError),
    /// An ambiguous model turned out otherwise than was assumed.
    Diverged,
}

fn walk(schema: &Schema, text: &[u8], limits: &Limits, walker: &mut Walker<'_>) -> Walked {
    let mut reader = SliceReader::new(text, &schema.symbols, limits);
    let mut validator = Validator { schema, faults: Vec::new(), undeclared: None, offset: 0, ids: Ids::default() };
    let mut begun = false;
    loop {
        // Events are looked at where they stand: moving them costs more than some take to read.
        match &reader.next() {
            Ok(Event::Start(start)) if begun => walker.start(start, &mut validator),
            Ok(Event::Start(start)) => {
                begun = true;
                let declared = schema.global_elements.get(&start.symbol).map_or(Declared::Lax, |id| Declared::Element(*id));
                walker.begin(start, declared, &mut validator);
            }
            Ok(Event::End(end)) => walker.end(end, &mut validator),
            Ok(Event::Text(text)) => walker.text(text, &mut validator),
            Ok(Event::Comment { .. } | Event::Instruction { .. }) => {}
            Ok(Event::Eof) => break,
            Err(error) => return Walked::Broken(validator.faults, error.clone()),
        }
        if walker.diverged() {
            return Walked::Diverged;
        }
    }
    if let Some((name, offset)) = validator.undeclared {
        let message = format!("found {name}, which no schema declares; expected {}", declared_elements(schema));
        validator.faults.insert(0, WalkFault { code: "undeclared-root", offset, message, value: None });
    }
    let left = MAX_FAULTS.saturating_sub(validator.faults.len());
    validator.faults.extend(validator.ids.dangling().take(left));
    Walked::Through(validator.faults)
}

/// The elements that may be the root, in the order of their declarations.
fn declared_elements(schema: &Schema) -> String {
    let global = || schema.elements.iter().filter(|element| element.global && !element.is_abstract && element.place.is_some());
    let names: Vec<String> = global().take(LISTED).map(|element| schema.symbols.name(element.name).to_string()).collect();
    let more = global().count().saturating_sub(LISTED);
    match names.as_slice() {
        [] => "a declared element, and there are none".to_owned(),
        names if more > 0 => format!("{} or {more} others", names.join(", ")),
        [one] => one.clone(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}

/// Keeps the faults of a walk.
struct Validator<'s> {
    schema: &'s Schema,
    faults: Vec<WalkFault>,
    /// The root, if nothing declares it, and where it begins.
    undeclared: Option<(String, usize)>,
    /// Where the element that began last does.
    offset: usize,
    ids: Ids,
}

impl Validator<'_> {
    fn identify(&mut self, value: &Value<'_>) {
        if let Some(fault) = self.ids.take(self.schema, value, self.offset)
            && self.faults.len() < MAX_FAULTS
        {
            self.faults.push(fault);
        }
    }
}

impl Visitor for Validator<'_> {
    fn open(&mut self, element: &Opened<'_>) {
        self.offset = element.offset();
        if element.standing == Standing::Root && element.declaration.is_none() && element.typing == Typing::Any {
            self.undeclared = Some((element.name().to_string(), element.offset()));
        }
    }
    fn attribute(&mut self, attribute: &SeenAttribute<'_>) {
        self.identify(&attribute.value);
    }
    fn value(&mut self, value: &Value<'_>) {
        self.identify(value);
    }
    fn text(&mut self, _: &str) {}
    fn close(&mut self, _: Scope<'_>) {}
    fn fault(&mut self, fault: WalkFault) {
        self.faults.push(fault);
    }
}
