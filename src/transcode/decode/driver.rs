//! Follows a message through its envelope: header blocks, the Body by its form, or a SOAP fault.

use crate::schema::form::ElementId;
use crate::schema::form::TypeId;
use crate::schema::walk::Declared;
use crate::schema::walk::Walker;
use crate::schema::walk::fault::WalkFault;
use crate::schema::walk::locate::locate;
use crate::schema::walk::outline::Outline;
use crate::soap::envelope::EnvelopeFault;
use crate::soap::envelope::Spot;
use crate::soap::envelope::Tracker;
use crate::soap::fault;
use crate::soap::version;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::transcode::decode::Decoded;
use crate::transcode::decode::Kind;
use crate::transcode::decode::Mode;
use crate::transcode::decode::Reason;
use crate::transcode::decode::Refusal;
use crate::transcode::decode::detail::Undeclared;
use crate::transcode::decode::detail::object;
use crate::transcode::decode::extras;
use crate::transcode::decode::problem::Problem;
use crate::transcode::decode::writer::Writer;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::FaultForm;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::xml::error::XmlError;
use crate::xml::event::End;
use crate::xml::event::Event;
use crate::xml::event::Start;
use crate::xml::event::Text;
use crate::xml::name::ExpandedName;
use crate::xml::name::QName;
use crate::xml::reader::SliceReader;

/// How a run ended.
pub(super) enum Outcome {
    /// With JSON or a refusal.
    Done(Result<Decoded, Refusal>),
    /// An ambiguous model needs the outline: run again with it.
    Diverged,
}

/// What the walker is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum In {
    /// Nothing: the envelope itself.
    Envelope,
    Header,
    /// A child of the Body.
    Child,
    /// A child of the Body that should not be there, shown all the same.
    Stray,
    /// The Body itself.
    Body,
    /// The declared child of a fault's detail.
    Detail,
    /// A child of a fault's detail that is not declared and not shown.
    OtherDetail(usize),
    /// One that is not declared, and shown.
    ShownDetail,
}

/// A SOAP fault being read.
#[derive(Default)]
struct Faulted {
    reader: fault::Reader,
    declared: Option<(String, QName)>,
    json: Option<Vec<u8>>,
    undeclared: Undeclared,
}

/// One run through a message.
pub(super) struct Driver<'c> {
    codec: &'c Codec,
    /// The faults that may come instead of the message.
    declared_faults: &'c [FaultForm],
    message: Option<&'c Message>,
    direction: Direction,
    mode: Mode,
    tracker: Tracker,
    walker: Walker<'c>,
    writer: Writer<'c>,
    at: In,
    /// Which declared headers came.
    headers: Vec<bool>,
    header_open: bool,
    /// The walk that writes the root object was begun.
    rooted: bool,
    dropped_headers: usize,
    fault: Option<Faulted>,
    /// Faults that do not refuse the message: of a header block, of a fault's detail.
    lesser_faults: Vec<WalkFault>,
    /// Faults found before the detail.
    outer_faults: Vec<WalkFault>,
    /// The buffer up to the stray child of the Body that is being walked.
    before_stray: Vec<u8>,
    /// Children of the Body that should not be there: one-property objects.
    strays: Vec<Vec<u8>>,
    /// Where the header block being walked began: the buffer, whether it was the first, the faults before it.
    block: (usize, bool, usize),
}

impl<'c> Driver<'c> {
    pub(super) fn new(codec: &'c Codec, operation: &'c Operation, direction: Direction, mode: Mode, size: usize) -> Self {
        let message = match direction {
            Direction::Request => operation.input.as_ref(),
            Direction::Reply => operation.output.as_ref(),
        };
        Self { declared_faults: &operation.faults, ..Self::of_message(codec, message, direction, mode, size) }
    }

    /// A run that knows the message only.
    pub(super) fn of_message(codec: &'c Codec, message: Option<&'c Message>, direction: Direction, mode: Mode, size: usize) -> Self {
        let schema = &*codec.contract.schema;
        Self {
            codec,
            declared_faults: &[],
            message,
            direction,
            mode,
            tracker: Tracker::new(),
            walker: Walker::new(schema),
            writer: match mode {
                Mode::Enforce => Writer::new(schema, &codec.shapes, 1, size),
                Mode::Report => Writer::new(schema, &codec.shapes, usize::MAX, size),
                Mode::Judge => Writer::new(schema, &codec.shapes, 0, 0),
            },
            at: In::Envelope,
            headers: vec![false; message.map_or(0, |message| message.headers.len())],
            header_open: false,
            rooted: false,
            dropped_headers: 0,
            fault: None,
            lesser_faults: Vec::new(),
            outer_faults: Vec::new(),
            before_stray: Vec::new(),
            strays: Vec::new(),
            block: (0, false, 0),
        }
    }

    pub(super) fn set_outline(&mut self, outline: Outline) {
        self.walker.set_outline(outline);
    }

    /// Reads the message.
    pub(super) fn run(&mut self, text: &[u8]) -> Outcome {
        let codec = self.codec;
        let mut reader = SliceReader::new(text, &codec.contract.schema.symbols, &codec.limits);
        loop {
            // Events are looked at where they stand: moving them costs more than some take to read.
            let step = match &reader.next() {
                Ok(Event::Start(start)) => self.start(start),
                Ok(Event::Text(text)) => self.text(text),
                Ok(Event::End(end)) => {
                    self.end(end);
                    Ok(())
                }
                Ok(Event::Comment { .. } | Event::Instruction { .. }) => Ok(()),
                Ok(Event::Eof) => break,
                Err(error) => return Outcome::Done(Err(self.not_xml(text, error.clone()))),
            };
            if self.walker.diverged() {
                return Outcome::Diverged;
            }
            if let Err(fault) = step {
                return Outcome::Done(Err(self.not_soap(text, fault)));
            }
        }
        if let Err(fault) = self.tracker.finish(text.len()) {
            return Outcome::Done(Err(self.not_soap(text, fault)));
        }
        Outcome::Done(self.finish(text))
    }

    #[inline]
    fn start(&mut self, start: &Start<'_>) -> Result<(), EnvelopeFault> {
        match self.at {
            In::Header | In::Child | In::Stray | In::Detail | In::ShownDetail => self.walker.start(start, &mut self.writer),
            In::Body if self.walker.depth() > 1 || !self.is_fault(start) => self.walker.start(start, &mut self.writer),
            In::OtherDetail(depth) => self.at = In::OtherDetail(depth + 1),
            In::Body => {
                self.walker.abandon();
                self.at = In::Envelope;
                return self.envelope(start);
            }
            In::Envelope if self.fault.is_some() => self.fault_part(start),
            In::Envelope => return self.envelope(start),
        }
        Ok(())
    }

    #[inline]
    fn text(&mut self, text: &Text<'_>) -> Result<(), EnvelopeFault> {
        match self.at {
            In::Header | In::Child | In::Stray | In::Detail | In::ShownDetail | In::Body => self.walker.text(text, &mut self.writer),
            In::OtherDetail(_) => {}
            In::Envelope => {
                if let Some(fault) = &mut self.fault {
                    fault.reader.text(text.value);
                } else if !text.whitespace_only {
                    return self.tracker.text(text.offset());
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn end(&mut self, end: &End<'_>) {
        match self.at {
            In::Header | In::Child | In::Stray | In::Body => {
                self.walker.end(end, &mut self.writer);
                if self.walker.depth() == 0 {
                    if self.at == In::Header {
                        self.end_header();
                    } else if self.at == In::Stray {
                        self.end_stray();
                    }
                    self.tracker.end();
                    self.at = In::Envelope;
                }
            }
            In::Detail => {
                self.walker.end(end, &mut self.writer);
                if self.walker.depth() == 0 {
                    self.at = In::Envelope;
                    self.end_detail();
                }
            }
            In::ShownDetail => {
                self.walker.end(end, &mut self.writer);
                if self.walker.depth() == 0 {
                    self.at = In::Envelope;
                    self.end_shown();
                }
            }
            In::OtherDetail(1) => self.at = In::Envelope,
            In::OtherDetail(depth) => self.at = In::OtherDetail(depth - 1),
            In::Envelope => match &mut self.fault {
                Some(fault) if !fault.reader.at_top() => fault.reader.end(end),
                Some(_) | None => self.end_part(end),
            },
        }
    }

    /// An element of the envelope itself begins, or one that stands directly in one of its parts.
    fn envelope(&mut self, start: &Start<'_>) -> Result<(), EnvelopeFault> {
        match self.tracker.start(start.name(), start.offset())? {
            Spot::Block => self.header(start),
            Spot::Body => self.body(start),
            Spot::Child(number) => self.child(start, number),
            Spot::Envelope(_) | Spot::Header | Spot::Trailer | Spot::Inside => {}
        }
        Ok(())
    }

    fn end_part(&mut self, end: &End<'_>) {
        if self.tracker.end() == Spot::Body && self.fault.is_none() && self.tracker.children() == 0 {
            let expected = match self.message.map(|message| &message.body) {
                Some(Body::Element(id) | Body::Wrapper { element: id, .. }) => self.name_of(*id).to_string(),
                Some(Body::Empty | Body::Elements(_) | Body::Content(_)) | None => return,
            };
            self.tell("empty-body", end.place(), format!("the Body is empty, expected {expected}"));
        }
    }

    /// A header block: the first of each declared one is walked, others are passed over.
    fn header(&mut self, start: &Start<'_>) {
        let found = self
            .message
            .into_iter()
            .flat_map(|message| &message.headers)
            .enumerate()
            .find(|(_, header)| self.codec.contract.schema.element(header.element).name == start.symbol);
        let Some((at, header)) = found else {
            self.dropped_headers += 1;
            return;
        };
        let Some(seen) = self.headers.get_mut(at) else { return };
        if std::mem::replace(seen, true) {
            return;
        }
        self.writer.expect_value();
        self.block = (self.writer.out.len(), !self.header_open, self.writer.faults.len());
        if self.header_open {
            self.writer.comma();
        } else {
            self.writer.out.extend_from_slice(b"{\"$headers\":{");
            self.header_open = true;
        }
        self.writer.key(&header.key);
        self.at = In::Header;
        self.walker.pass_attributes_of(self.tracker.version().map(|version| version::rules(version).envelope));
        self.walker.begin(start, Declared::Element(header.element), &mut self.writer);
    }

    /// A declared header block ended. One that breaks its schema is left out like one that is not declared: the law is for
    /// the body and for valid headers.
    fn end_header(&mut self) {
        let (from, first, faults) = self.block;
        if self.mode == Mode::Enforce && self.writer.faults.len() > faults {
            self.lesser_faults.extend(self.writer.faults.drain(faults..));
            self.writer.rewind(from);
            self.header_open = !first;
            self.dropped_headers += 1;
        }
    }

    /// The Body begins: its own content is walked where no single element is declared.
    fn body(&mut self, start: &Start<'_>) {
        if self.header_open {
            self.writer.out.push(b'}');
        }
        self.writer.expect_root(self.header_open);
        let ty = match self.message.map(|message| &message.body) {
            Some(Body::Elements(id)) => TypeId::Complex(*id),
            Some(Body::Content(ty)) => *ty,
            Some(Body::Empty | Body::Element(_) | Body::Wrapper { .. }) | None => return,
        };
        self.at = In::Body;
        self.rooted = true;
        self.walker.begin_content(start, ty, &mut self.writer);
    }

    /// A child of the Body begins.
    fn child(&mut self, start: &Start<'_>, number: usize) {
        if number == 0 && self.is_fault(start) {
            self.writer.rewind(0);
            self.fault = Some(Faulted::default());
            return;
        }
        let element = match self.message.map(|message| &message.body) {
            Some(Body::Element(id)) => {
                self.walker.pass_attributes_of(None);
                *id
            }
            Some(Body::Wrapper { element, .. }) => {
                self.walker.pass_attributes_of(self.tracker.version().map(|version| version::rules(version).envelope));
                *element
            }
            Some(Body::Empty | Body::Elements(_) | Body::Content(_)) | None => {
                let message = format!("found {}, expected an empty Body", start.raw_name());
                self.tell("unexpected-body-element", start.offset(), message);
                return self.stray(start);
            }
        };
        let expected = self.is_expected(start, element);
        if number > 0 {
            let message = format!("found {}, expected one element in the Body only", start.raw_name());
            self.tell("second-body-element", start.offset(), message);
        } else if !expected {
            let message = format!("found {}, expected {}", start.name(), self.name_of(element));
            self.tell("unexpected-body-element", start.offset(), message);
        }
        // What only the namespace sets apart is read as what it was meant to be, like everywhere in a reported message.
        let meant = expected || (self.mode == Mode::Report && start.name().local == self.name_of(element).local);
        if self.rooted || !meant || (number > 0 && self.mode != Mode::Report) {
            return self.stray(start);
        }
        self.at = In::Child;
        self.rooted = true;
        self.walker.begin(start, Declared::Element(element), &mut self.writer);
    }

    /// A child of the Body that should not be there begins: a reported message shows it.
    #[cold]
    fn stray(&mut self, start: &Start<'_>) {
        if self.mode != Mode::Report {
            return;
        }
        self.before_stray = std::mem::take(&mut self.writer.out);
        self.writer.expect_value();
        self.writer.out.push(b'{');
        self.writer.expanded_key("", start.name());
        self.at = In::Stray;
        self.walker.begin(start, Declared::Lax, &mut self.writer);
    }

    /// It ended.
    fn end_stray(&mut self) {
        self.writer.out.push(b'}');
        self.strays.push(std::mem::replace(&mut self.writer.out, std::mem::take(&mut self.before_stray)));
        self.writer.expect_root(self.header_open);
    }

    fn name_of(&self, id: ElementId) -> ExpandedName<'c> {
        let schema = &self.codec.contract.schema;
        schema.symbols.name(schema.element(id).name).expanded()
    }

    /// A reply in rpc style may have any wrapper; where the binding gives no namespace, that of the WSDL or none will do.
    fn is_expected(&self, start: &Start<'_>, id: ElementId) -> bool {
        let named = self.codec.contract.schema.element(id).name == start.symbol;
        match self.message.map(|message| &message.body) {
            Some(Body::Wrapper { namespace_declared, .. }) => {
                let bare = !namespace_declared && start.name().ns.is_empty() && start.name().local == self.name_of(id).local;
                self.direction == Direction::Reply || bare || named
            }
            Some(Body::Element(_) | Body::Empty | Body::Elements(_) | Body::Content(_)) | None => named,
        }
    }

    fn is_fault(&self, start: &Start<'_>) -> bool {
        let name = start.name();
        name.local == "Fault"
            && self.direction == Direction::Reply
            && self.tracker.version().is_some_and(|version| version::rules(version).envelope == name.ns)
    }

    /// An element inside a fault begins.
    fn fault_part(&mut self, start: &Start<'_>) {
        let Some(fault) = &mut self.fault else { return };
        if fault.reader.start(start) == fault::Inside::Part {
            return;
        }
        let schema = &self.codec.contract.schema;
        let found = self.declared_faults.iter().find(|form| {
            let name = schema.symbols.name(schema.element(form.element).name);
            schema.element(form.element).name == start.symbol || (form.part.is_some() && name.local.as_str() == start.name().local)
        });
        let Some(form) = found.filter(|_| fault.declared.is_none()) else {
            if self.codec.undeclared_detail && fault.declared.is_none() {
                fault.undeclared.begin(start.name());
                self.begin_detail(start, In::ShownDetail, Declared::Lax);
            } else {
                self.at = In::OtherDetail(1);
            }
            return;
        };
        let name = schema.symbols.name(schema.element(form.element).name);
        let (key, name) = match &form.part {
            Some(part) => (part.to_string(), QName::new(&self.codec.contract.target_namespace, &form.name)),
            None => (name.local.as_str().to_owned(), name.clone()),
        };
        fault.declared = Some((key, name));
        self.begin_detail(start, In::Detail, Declared::Element(form.element));
    }

    /// A child of the detail is walked, as a value by itself.
    fn begin_detail(&mut self, start: &Start<'_>, at: In, declared: Declared) {
        self.writer.rewind(0);
        self.writer.expect_value();
        self.outer_faults = std::mem::take(&mut self.writer.faults);
        self.at = at;
        self.walker.pass_attributes_of(None);
        self.walker.begin(start, declared, &mut self.writer);
    }

    /// The declared child of the detail ended: it counts unless it breaks its schema.
    fn end_detail(&mut self) {
        let value = self.detail_value();
        let Some(fault) = &mut self.fault else { return };
        if let (Some(value), Some((key, _))) = (value, &fault.declared) {
            fault.json = Some(object([(key.as_str(), value.as_slice())]));
        }
    }

    /// A child of the detail that is not declared ended.
    fn end_shown(&mut self) {
        let value = self.detail_value();
        if let Some(fault) = &mut self.fault {
            fault.undeclared.end(value);
        }
    }

    /// The value of the child of the detail that just ended; none if it breaks its schema.
    fn detail_value(&mut self) -> Option<Vec<u8>> {
        let before = std::mem::take(&mut self.outer_faults);
        let own = std::mem::replace(&mut self.writer.faults, before);
        let good = own.is_empty();
        self.lesser_faults.extend(own);
        good.then(|| std::mem::take(&mut self.writer.out))
    }

    #[cold]
    fn tell(&mut self, code: &'static str, offset: usize, message: String) {
        self.writer.faults.push(WalkFault { code, offset, message, value: None });
    }

    /// The message is complete.
    fn finish(&mut self, text: &[u8]) -> Result<Decoded, Refusal> {
        let version = self.tracker.version().unwrap_or(crate::wsdl::contract::SoapVersion::V1_1);
        let faults = std::mem::take(&mut self.writer.faults);
        if self.mode == Mode::Enforce && !faults.is_empty() {
            let faults = locate(text, &self.codec.limits, faults);
            return Err(Refusal { reason: Reason::Invalid, faults, version: Some(version) });
        }
        let mut all = faults;
        all.append(&mut self.lesser_faults);
        let faults = if all.is_empty() { Vec::new() } else { locate(text, &self.codec.limits, all) };
        let dropped_headers = self.dropped_headers;
        if let Some(fault) = self.fault.take() {
            let read = fault.reader.finish();
            let undeclared = || fault.undeclared.json(read.detail_text.as_deref().filter(|_| self.codec.undeclared_detail));
            let json = if fault.declared.is_some() { fault.json } else { undeclared() };
            let problem = Problem::new(read, fault.declared, json);
            let json = problem.json(None);
            return Ok(Decoded { json, kind: Kind::Fault(problem), version, faults, dropped_headers });
        }
        let mut json = std::mem::take(&mut self.writer.out);
        match json.as_slice() {
            [] => json.extend_from_slice(b"{}"),
            _ if !self.rooted => json.push(b'}'),
            _ => {}
        }
        if !self.strays.is_empty() {
            json = extras::with_any(json, std::mem::take(&mut self.strays));
        }
        Ok(Decoded { json, kind: Kind::Message, version, faults, dropped_headers })
    }

    /// The refusal of a message that is not well-formed.
    pub(super) fn not_xml(&mut self, text: &[u8], error: XmlError) -> Refusal {
        let fault = WalkFault { code: error.code, offset: error.offset, message: error.message, value: None };
        self.refuse(text, Reason::NotXml, fault)
    }

    fn not_soap(&mut self, text: &[u8], fault: EnvelopeFault) -> Refusal {
        let fault = WalkFault { code: fault.code, offset: fault.offset, message: fault.message, value: None };
        self.refuse(text, Reason::NotSoap, fault)
    }

    #[cold]
    fn refuse(&mut self, text: &[u8], reason: Reason, fault: WalkFault) -> Refusal {
        let mut faults = std::mem::take(&mut self.writer.faults);
        faults.push(fault);
        Refusal { reason, faults: locate(text, &self.codec.limits, faults), version: self.tracker.version() }
    }
}
