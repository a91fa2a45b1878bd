//! One direction of an operation: which parts stand in the body, which are headers, which travel beside the envelope
//! (WSDL 1.1 sections 3.5 to 3.7 and 5).

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::schema::load::PartContent as SyntheticContent;
use crate::schema::load::SyntheticElement;
use crate::schema::load::SyntheticPart;
use crate::wsdl::contract::Attachment;
use crate::wsdl::contract::Status;
use crate::wsdl::contract::Style;
use crate::wsdl::contract::Verdict;
use crate::wsdl::library::by_target_namespace;
use crate::wsdl::library::undeclared_prefix;
use crate::wsdl::plan::BodyPlan;
use crate::wsdl::plan::Declared;
use crate::wsdl::plan::FaultPlan;
use crate::wsdl::plan::Global;
use crate::wsdl::plan::MessagePlan;
use crate::wsdl::plan::Planner;
use crate::wsdl::syntax::BoundMessage;
use crate::wsdl::syntax::Encoding;
use crate::wsdl::syntax::Message;
use crate::wsdl::syntax::Param;
use crate::wsdl::syntax::Part;
use crate::wsdl::syntax::PartContent;
use crate::wsdl::syntax::Reference;
use crate::wsdl::syntax::SoapHeader;
use crate::xml::name::NsUri;
use crate::xml::name::QName;
use crate::xml::name::XSD_NS;

/// Which way a message goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Input,
    Output,
}

/// Writes the plans of one operation's messages; what is wrong lowers the operation's verdict.
pub(crate) struct Writer<'w, 'l> {
    pub(crate) planner: &'w mut Planner<'l>,
    pub(crate) style: Style,
    /// Namespace of rpc wrappers where soap:body names none: the targetNamespace of the binding.
    pub(crate) namespace: &'w NsUri,
    pub(crate) operation: &'w str,
    pub(crate) verdict: &'w mut Verdict,
}

impl Writer<'_, '_> {
    /// The message of an input or output. `bound` is none where no binding describes the operation at all, and holds none
    /// where the binding leaves this direction out.
    pub(crate) fn message(&mut self, param: &Param, bound: Option<Option<&BoundMessage>>, direction: Direction) -> Option<MessagePlan> {
        let message = self.look_up(param)?;
        let nothing = BoundMessage::default();
        let binding = bound.flatten().unwrap_or(&nothing);
        let mut plan = MessagePlan { body: BodyPlan::Broken, headers: Vec::new(), element: None, attachments: Vec::new() };
        for header in &binding.headers {
            plan.headers.extend(self.header(header, message));
        }
        let parts = self.body_parts(message, binding);
        plan.attachments = self.attachments(message, binding);
        match self.style {
            Style::Rpc => self.rpc(&mut plan, &parts, binding, direction, param.place),
            Style::Document => self.document(&mut plan, &parts, param.place),
        }
        if let Some(body) = &binding.body
            && body.encoding == Encoding::Encoded
        {
            let text = "the body uses SOAP encoding (use=\"encoded\"), which has no schema to go by; only SOAP passes, unvalidated";
            if !self.verdict.reasons.iter().any(|reason| reason.code == "soap-encoded") {
                self.verdict.lower(Status::Refused, Diagnostic::error("soap-encoded", body.place, text));
            }
            plan.body = BodyPlan::Broken;
        } else if bound.is_some() && binding.body.is_none() && !binding.attachments.is_empty() && parts.is_empty() {
            let text = "the binding puts no SOAP body in this message, only MIME parts";
            self.verdict.lower(Status::Refused, Diagnostic::error("mime-only", param.place, text));
        }
        Some(plan)
    }

    fn look_up<'m>(&mut self, param: &Param) -> Option<&'m Message>
    where
        Self: 'm,
    {
        let Some(reference) = &param.message else {
            let text = "the message attribute is missing here";
            self.verdict.lower(Status::Refused, Diagnostic::error("unknown-message", param.place, text));
            return None;
        };
        match self.planner.library.message(reference) {
            Ok(found) => {
                self.planner.diagnostics.extend(found.warning);
                Some(found.item)
            }
            Err(reason) => {
                self.verdict.lower(Status::Refused, reason);
                None
            }
        }
    }

    /// The parts of the body in the order of the message: those that `parts` lists, else all that are neither a header nor
    /// an attachment of this very message.
    fn body_parts<'m>(&mut self, message: &'m Message, binding: &BoundMessage) -> Vec<&'m Part> {
        let listed = binding.body.as_ref().and_then(|body| body.parts.as_ref().map(|parts| (parts, body.place)));
        if let Some((parts, place)) = listed {
            for name in parts.iter().filter(|name| !message.parts.iter().any(|part| part.name == **name)) {
                let text = format!("soap:body lists the part {name:?}, which the message {} does not have", message.name.local.as_str());
                self.planner.diagnostics.push(Diagnostic::warning("unknown-part", place, text));
            }
            let known: Vec<&Part> = message.parts.iter().filter(|part| parts.contains(&part.name)).collect();
            // a list of nothing but unknown names is a slip: it says nothing of what the body holds
            if !known.is_empty() || parts.is_empty() {
                return known;
            }
        }
        let elsewhere = |part: &Part| {
            binding.attachments.iter().any(|attachment| attachment.part.as_deref() == Some(&part.name))
                || binding.headers.iter().any(|header| self.is_header(header, message, part))
        };
        message.parts.iter().filter(|part| !elsewhere(part)).collect()
    }

    /// The parts beside the envelope; one that soap:body lists too stands in the body.
    fn attachments(&mut self, message: &Message, binding: &BoundMessage) -> Vec<Attachment> {
        let in_body = |name: &String| binding.body.as_ref().and_then(|body| body.parts.as_ref()).is_some_and(|parts| parts.contains(name));
        let mut found = Vec::new();
        for bound in &binding.attachments {
            let Some(name) = bound.part.as_ref().filter(|name| message.parts.iter().any(|part| part.name == **name)) else {
                let part = bound.part.as_deref().unwrap_or_default();
                let text = format!(
                    "the MIME binding names the part {part:?}, which the message {} does not have; it is left out of JSON",
                    message.name.local.as_str()
                );
                self.verdict.lower(Status::Degraded, Diagnostic::warning("unknown-part", bound.place, text));
                continue;
            };
            if in_body(name) {
                continue;
            }
            let name: Arc<str> = name.as_str().into();
            found.push(Attachment { key: Arc::clone(&name), part: name, media: media(bound.media.as_deref()).into() });
        }
        found
    }

    /// Whether a soap:header takes this part of this message.
    fn is_header(&self, header: &SoapHeader, message: &Message, part: &Part) -> bool {
        let same = |reference: &Reference| self.planner.library.message(reference).is_ok_and(|found| std::ptr::eq(found.item, message));
        header.part.as_deref() == Some(&part.name) && header.message.as_ref().is_none_or(same)
    }

    /// rpc: the parts in a wrapper named after the operation (section 3.5); a reply's is called `…Response`.
    fn rpc(&mut self, plan: &mut MessagePlan, parts: &[&Part], binding: &BoundMessage, direction: Direction, place: Place) {
        let body = binding.body.as_ref();
        let declared = body.and_then(|body| body.namespace.as_deref());
        if declared.is_none() && body.is_some_and(|body| body.encoding == Encoding::Literal) {
            let text =
                format!("soap:body of an rpc operation has no namespace; {:?} is taken, its targetNamespace", self.namespace.as_str());
            let place = body.map_or(place, |body| body.place);
            self.planner.diagnostics.push(Diagnostic::warning("missing-body-namespace", place, text));
        }
        let local = match direction {
            Direction::Input => self.operation.to_owned(),
            Direction::Output => format!("{}Response", self.operation),
        };
        let name = QName::new(declared.unwrap_or(self.namespace.as_str()), &local);
        plan.element = Some(name.clone());
        if body.is_some_and(|body| body.encoding == Encoding::Encoded) {
            return;
        }
        for (part, element) in parts.iter().filter_map(|part| element_of(part).map(|element| (part, element))) {
            let text = format!(
                "the part {:?} is given by element, which rpc style has no agreed form for (WS-I Basic Profile 1.1, R2203); the element itself stands in the wrapper, in JSON under the part's name",
                part.name
            );
            self.planner.diagnostics.push(Diagnostic::warning("element-part-in-rpc", element.place, text));
        }
        if let Some(members) = self.members(parts) {
            let synthetic = self.synthesize(name, members, place);
            plan.body = BodyPlan::Wrapper { synthetic, namespace_declared: declared.is_some() };
        }
    }

    /// document: the element of the part, the elements of several, or one type for the content of Body itself.
    fn document(&mut self, plan: &mut MessagePlan, parts: &[&Part], place: Place) {
        match parts {
            [] => plan.body = BodyPlan::Empty,
            [part] => match &part.content {
                PartContent::Element(reference) => {
                    plan.element = reference.name.clone();
                    plan.body = BodyPlan::Element(self.global(reference));
                }
                PartContent::Type(_) => {
                    if let Some(members) = self.members(parts) {
                        let synthetic = self.synthesize(QName::new("", "Body"), members, place);
                        plan.body = BodyPlan::Content { synthetic };
                    }
                }
                PartContent::Nothing => self.empty_part(part),
            },
            several => self.several(plan, several, place),
        }
    }

    fn several(&mut self, plan: &mut MessagePlan, parts: &[&Part], place: Place) {
        if let Some(typed) = parts.iter().find(|part| matches!(part.content, PartContent::Type(_))) {
            let text = format!(
                "the part {:?} is given by type beside other parts, which document style has no form for (WSDL 1.1 section 3.5)",
                typed.name
            );
            self.verdict.lower(Status::Refused, Diagnostic::error("typed-part-in-document", typed.place, text));
            return;
        }
        let references: Vec<Reference> = parts.iter().filter_map(|part| element_of(part)).cloned().collect();
        plan.element = references.first().and_then(|first| first.name.clone());
        if let Some(members) = self.members(parts) {
            let synthetic = self.synthesize(QName::new("", "Body"), members, place);
            plan.body = BodyPlan::Elements { synthetic, members: references };
        }
    }

    /// The parts as members of a synthetic declaration; none if one leads nowhere, which the verdict then says.
    fn members(&mut self, parts: &[&Part]) -> Option<Vec<SyntheticPart>> {
        let mut members = Vec::new();
        for part in parts {
            let (reference, content): (&Reference, fn(QName) -> SyntheticContent) = match &part.content {
                PartContent::Element(reference) => (reference, SyntheticContent::ElementRef),
                PartContent::Type(reference) => (reference, SyntheticContent::Type),
                PartContent::Nothing => {
                    self.empty_part(part);
                    return None;
                }
            };
            members.push(self.member(&part.name, "", reference, content)?);
        }
        Some(members)
    }

    fn member(&mut self, name: &str, ns: &str, reference: &Reference, content: fn(QName) -> SyntheticContent) -> Option<SyntheticPart> {
        let Some(target) = &reference.name else {
            self.verdict.lower(Status::Refused, undeclared_prefix(reference));
            return None;
        };
        let is_element = matches!(content(target.clone()), SyntheticContent::ElementRef(_));
        let schemas = self.planner.schemas;
        let is_known = |name: &QName| match is_element {
            true => schemas.declares_element(name.ns.as_str(), name.local.as_str()),
            false => schemas.declares_type(name.ns.as_str(), name.local.as_str()),
        };
        let second = reference.second.as_ref().filter(|second| !is_known(target) && is_known(second));
        if second.is_some() {
            self.planner.diagnostics.push(by_target_namespace(reference));
        }
        let found = second.unwrap_or(target);
        if is_element && !is_known(found) {
            return Some(open(found, reference.place));
        }
        Some(part(QName::new(ns, name), content(found.clone()), reference.place))
    }

    /// The element of a reference, with an open one of its name where no schema declares it.
    fn global(&mut self, reference: &Reference) -> Global {
        let names = [&reference.name, &reference.second];
        let schemas = self.planner.schemas;
        let declared = names.into_iter().flatten().any(|name| schemas.declares_element(name.ns.as_str(), name.local.as_str()));
        let open = match &reference.name {
            Some(name) if !declared => Some(self.synthesize(QName::new("", "open"), vec![open(name, reference.place)], reference.place)),
            Some(_) | None => None,
        };
        Global { reference: reference.clone(), open }
    }

    fn synthesize(&mut self, name: QName, parts: Vec<SyntheticPart>, place: Place) -> usize {
        self.planner.synthetic.push(SyntheticElement { name, parts, place, documentation: None });
        self.planner.synthetic.len() - 1
    }

    fn empty_part(&mut self, part: &Part) {
        let text = format!("the part {:?} has neither element nor type", part.name);
        self.verdict.lower(Status::Refused, Diagnostic::error("empty-part", part.place, text));
    }

    /// A declared header; one that leads nowhere is left out with a reason, for the body works without.
    fn header(&mut self, header: &SoapHeader, own: &Message) -> Option<Declared> {
        match self.header_content(header, own) {
            Ok(content) => Some(content),
            Err(reason) => {
                self.verdict.lower(Status::Degraded, reason);
                None
            }
        }
    }

    fn header_content(&mut self, header: &SoapHeader, own: &Message) -> Result<Declared, Diagnostic> {
        let lost = |text: String| Diagnostic::warning("header-left-out", header.place, text);
        if header.encoding == Encoding::Encoded {
            return Err(lost(String::from("the header uses SOAP encoding; it is left out of JSON")));
        }
        let message = match &header.message {
            Some(reference) => {
                let message = self.planner.library.message(reference)?;
                self.planner.diagnostics.extend(message.warning);
                message.item
            }
            None => {
                let text = "soap:header names no message; that of the operation is taken";
                self.planner.diagnostics.push(Diagnostic::warning("header-without-message", header.place, text));
                own
            }
        };
        let parts = &message.parts;
        let part = match (&header.part, parts.as_slice()) {
            (Some(name), _) => parts.iter().find(|part| part.name == *name),
            (None, [one]) => Some(one),
            (None, _) => None,
        };
        let Some(part) = part else {
            let name = header.part.as_deref().unwrap_or_default();
            let text = format!("the message {} has no part {name:?}; the header is left out of JSON", message.name.local.as_str());
            return Err(lost(text));
        };
        match &part.content {
            PartContent::Element(reference) => Ok(Declared::Element(self.global(reference))),
            PartContent::Type(reference) => {
                let ns = header.namespace.as_deref().unwrap_or(self.namespace.as_str()).to_owned();
                self.typed(&part.name, &ns, reference).ok_or_else(|| undeclared_prefix(reference))
            }
            PartContent::Nothing => {
                Err(lost(format!("the part {:?} has neither element nor type; the header is left out of JSON", part.name)))
            }
        }
    }

    /// A declaration of this name and a type: the only member of a synthetic one.
    fn typed(&mut self, name: &str, ns: &str, reference: &Reference) -> Option<Declared> {
        let member = self.member(name, ns, reference, SyntheticContent::Type)?;
        let holder = self.synthesize(QName::new("", name), vec![member], reference.place);
        Some(Declared::Synthetic(holder))
    }

    /// A declared fault; one that leads nowhere counts as not declared, with a reason.
    pub(crate) fn fault(&mut self, fault: &Param) -> Option<FaultPlan> {
        let name = fault.name.clone().unwrap_or_default();
        match self.fault_content(fault) {
            Ok((content, part)) => Some(FaultPlan { name, content, part }),
            Err(reason) => {
                self.verdict.lower(Status::Degraded, reason);
                None
            }
        }
    }

    fn fault_content(&mut self, fault: &Param) -> Result<(Declared, Option<String>), Diagnostic> {
        let lost = |text: String| Diagnostic::warning("fault-not-declared", fault.place, text);
        let Some(reference) = &fault.message else {
            return Err(lost(String::from("the fault names no message; it counts as not declared")));
        };
        let message = self.planner.library.message(reference)?;
        self.planner.diagnostics.extend(message.warning);
        let Some(part) = message.item.parts.first() else {
            return Err(lost(format!("the fault's message {} has no part; it counts as not declared", message.item.name.local.as_str())));
        };
        match &part.content {
            PartContent::Element(reference) => Ok((Declared::Element(self.global(reference)), None)),
            PartContent::Type(reference) => {
                let declared = self.typed(&part.name, "", reference).ok_or_else(|| undeclared_prefix(reference))?;
                Ok((declared, Some(part.name.clone())))
            }
            PartContent::Nothing => Err(lost(format!("the fault's part {:?} has neither element nor type", part.name))),
        }
    }
}

fn part(name: QName, content: SyntheticContent, place: Place) -> SyntheticPart {
    SyntheticPart { name, content, min: 1, max: Some(1), nillable: false, place }
}

/// An element that no schema declares: of type xs:anyType.
fn open(name: &QName, place: Place) -> SyntheticPart {
    part(name.clone(), SyntheticContent::Type(QName::new(XSD_NS, "anyType")), place)
}

/// The media type of a part that is written: a type that the binding leaves open (`*`, `text/*`) says nothing of the bytes.
fn media(declared: Option<&str>) -> &str {
    match declared.map(str::trim) {
        Some(media) if media.contains('/') && !media.contains(['*', '\r', '\n']) => media,
        Some(_) | None => "application/octet-stream",
    }
}

fn element_of(part: &Part) -> Option<&Reference> {
    match &part.content {
        PartContent::Element(reference) => Some(reference),
        PartContent::Type(_) | PartContent::Nothing => None,
    }
}
