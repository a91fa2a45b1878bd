//! Plans to operations, once the schemas are compiled: names become declarations, and the faults below them reasons of the
//! verdict.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::schema::form::Content;
use crate::schema::form::ElementId;
use crate::schema::form::Fault;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::wsdl::contract::Attachment;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::FaultForm;
use crate::wsdl::contract::Header;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Status;
use crate::wsdl::contract::Verdict;
use crate::wsdl::library::by_target_namespace;
use crate::wsdl::library::undeclared_prefix;
use crate::wsdl::plan::BodyPlan;
use crate::wsdl::plan::Declared;
use crate::wsdl::plan::Global;
use crate::wsdl::plan::MessagePlan;
use crate::wsdl::plan::OperationPlan;
use crate::wsdl::syntax::Reference;

/// Reasons of one kind that a verdict lists before it only counts.
const MOST_FAULTS: usize = 20;

/// Finishes plans against a compiled schema.
pub(crate) struct Finisher<'s> {
    pub(crate) schema: &'s Schema,
    /// The synthetic declarations in the order they were asked for.
    pub(crate) synthetic: &'s [ElementId],
    /// No schema declares any element of any message: the contract leaves all content open.
    pub(crate) untyped: bool,
    pub(crate) diagnostics: Vec<Diagnostic>,
    faults: RefCell<HashMap<ElementId, Arc<[Fault]>>>,
}

impl<'s> Finisher<'s> {
    pub(crate) fn new(schema: &'s Schema, synthetic: &'s [ElementId], untyped: bool) -> Self {
        Self { schema, synthetic, untyped, diagnostics: Vec::new(), faults: RefCell::new(HashMap::new()) }
    }

    /// The operation of a plan; its route is its name until the service is put together.
    pub(crate) fn operation(&mut self, plan: &OperationPlan) -> Operation {
        let mut verdict = plan.verdict.clone();
        let request_element = plan.input.as_ref().and_then(|input| input.element.clone());
        let input = plan.input.as_ref().and_then(|input| self.message(input, &mut verdict));
        let output = plan.output.as_ref().and_then(|output| self.message(output, &mut verdict));
        let mut faults = Vec::new();
        for fault in &plan.faults {
            if let Some(element) = self.declared(&fault.content, &mut verdict) {
                self.below(element, &mut verdict);
                faults.push(FaultForm { name: fault.name.as_str().into(), element, part: fault.part.as_deref().map(Into::into) });
            }
        }
        let name: Arc<str> = plan.name.as_str().into();
        Operation {
            route: Arc::clone(&name),
            name,
            input_name: plan.input_name.as_deref().map(Into::into),
            action: plan.action.as_str().into(),
            addressing_action: plan.addressing_action.as_str().into(),
            style: plan.style,
            input,
            output,
            request_element,
            one_way: plan.one_way,
            faults,
            verdict,
            documentation: plan.documentation.clone(),
            place: plan.place,
        }
    }

    fn message(&mut self, plan: &MessagePlan, verdict: &mut Verdict) -> Option<Message> {
        let mut element = plan.element.clone();
        let body = match &plan.body {
            BodyPlan::Broken => return None,
            BodyPlan::Empty => Body::Empty,
            BodyPlan::Element(global) => {
                let id = self.global(global, verdict)?;
                self.below(id, verdict);
                element = Some(self.schema.symbols.name(self.schema.element(id).name).clone());
                Body::Element(id)
            }
            BodyPlan::Wrapper { synthetic, namespace_declared } => {
                let id = self.synthetic.get(*synthetic).copied()?;
                self.below(id, verdict);
                Body::Wrapper { element: id, namespace_declared: *namespace_declared }
            }
            BodyPlan::Elements { synthetic, members } => {
                for member in members {
                    self.find(member, verdict);
                }
                let id = self.synthetic.get(*synthetic).copied()?;
                self.below(id, verdict);
                match self.schema.element(id).ty {
                    TypeId::Complex(ty) => Body::Elements(ty),
                    TypeId::Simple(_) => return None,
                }
            }
            BodyPlan::Content { synthetic } => {
                let id = self.only_member(*synthetic)?;
                self.below(id, verdict);
                Body::Content(self.schema.element(id).ty)
            }
        };
        let headers = self.headers(&plan.headers, verdict);
        let attachments = plan.attachments.iter().map(|attachment| self.attachment(attachment, &body)).collect();
        Some(Message { body, headers, element, attachments })
    }

    /// An attachment with its key: an element of the body keeps its name, so the part steps aside.
    fn attachment(&self, plan: &Attachment, body: &Body) -> Attachment {
        let ty = match body {
            Body::Empty => return plan.clone(),
            Body::Element(id) | Body::Wrapper { element: id, .. } => self.schema.element(*id).ty,
            Body::Elements(id) => TypeId::Complex(*id),
            Body::Content(ty) => *ty,
        };
        let taken = match ty {
            TypeId::Simple(_) => false,
            TypeId::Complex(id) => match &self.schema.complex(id).content {
                Content::Elements(model) => model.particles.iter().any(|particle| match particle.term {
                    Term::Element(id) => self.schema.symbols.name(self.schema.element(id).name).local.as_str() == &*plan.part,
                    Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => false,
                }),
                Content::Empty | Content::Simple(_) => false,
            },
        };
        let key = if taken { format!("{}$part", plan.part).into() } else { Arc::clone(&plan.key) };
        Attachment { key, ..plan.clone() }
    }

    /// Declared headers with their keys: the local name, with a prefix where two are equal; a header named twice counts once.
    fn headers(&mut self, plans: &[Declared], verdict: &mut Verdict) -> Vec<Header> {
        let mut elements: Vec<ElementId> = Vec::new();
        for plan in plans {
            let Some(element) = self.declared(plan, verdict) else { continue };
            let name = self.schema.element(element).name;
            if !elements.iter().any(|known| self.schema.element(*known).name == name) {
                self.below(element, verdict);
                elements.push(element);
            }
        }
        let name = |id: ElementId| self.schema.symbols.name(self.schema.element(id).name);
        let key = |id: ElementId| {
            let own = name(id);
            let clash = elements.iter().filter(|other| name(**other).local == own.local).count() > 1;
            match self.schema.prefix(own.ns.as_str()).filter(|_| clash && !own.ns.as_str().is_empty()) {
                Some(prefix) => format!("{prefix}:{}", own.local.as_str()),
                None => own.local.as_str().to_owned(),
            }
        };
        elements.iter().map(|element| Header { key: key(*element).into(), element: *element }).collect()
    }

    fn declared(&mut self, declared: &Declared, verdict: &mut Verdict) -> Option<ElementId> {
        match declared {
            Declared::Element(global) if global.reference.name.is_none() => {
                verdict.lower(Status::Degraded, undeclared_prefix(&global.reference));
                None
            }
            Declared::Element(global) => self.global(global, verdict),
            Declared::Synthetic(number) => self.only_member(*number),
        }
    }

    /// The global element of a reference, else the open one that stands in for it; none if its prefix is not declared.
    fn global(&mut self, global: &Global, verdict: &mut Verdict) -> Option<ElementId> {
        self.find(&global.reference, verdict).or_else(|| self.only_member(global.open?))
    }

    /// The global element of a reference; where there is none, the verdict says so.
    fn find(&mut self, reference: &Reference, verdict: &mut Verdict) -> Option<ElementId> {
        let Some(name) = &reference.name else {
            verdict.lower(Status::Refused, undeclared_prefix(reference));
            return None;
        };
        if let Some(id) = self.schema.find_element(name.ns.as_str(), name.local.as_str()) {
            return Some(id);
        }
        if let Some(second) = &reference.second
            && let Some(id) = self.schema.find_element(second.ns.as_str(), second.local.as_str())
        {
            let warning = by_target_namespace(reference);
            if !self.diagnostics.contains(&warning) {
                self.diagnostics.push(warning);
            }
            return Some(id);
        }
        let text = format!("the element {name} is not declared in any schema, its content is open{}", self.near(name));
        let (status, reason) = match self.untyped {
            true => (Status::Served, Diagnostic::warning("undeclared-element", reference.place, text)),
            false => (Status::Degraded, Diagnostic::error("unknown-element", reference.place, text)),
        };
        verdict.lower(status, reason);
        None
    }

    /// A word on what else is known by this local name.
    fn near(&self, name: &crate::xml::name::QName) -> String {
        if self.schema.find_type(name.ns.as_str(), name.local.as_str()).is_some() {
            return String::from("; there is a type of this name, which a part refers to with type=");
        }
        let other = self.schema.global_elements.keys().map(|symbol| self.schema.symbols.name(*symbol));
        let mut spaces: Vec<&str> = other.filter(|known| known.local == name.local).map(|known| known.ns.as_str()).collect();
        spaces.sort_unstable();
        match spaces.first() {
            Some(&"") => String::from("; there is one of this name in no namespace"),
            Some(ns) => format!("; there is one of this name in {ns:?}"),
            None => String::new(),
        }
    }

    /// The only member of a synthetic declaration.
    fn only_member(&self, synthetic: usize) -> Option<ElementId> {
        let holder = self.schema.elements.get(self.synthetic.get(synthetic)?.0 as usize)?;
        let TypeId::Complex(ty) = holder.ty else { return None };
        let Content::Elements(model) = &self.schema.complex(ty).content else { return None };
        model.particles.iter().find_map(|particle| match particle.term {
            Term::Element(id) => Some(id),
            Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
        })
    }

    /// Whatever is broken below a declaration is a loss of the operation.
    fn below(&self, id: ElementId, verdict: &mut Verdict) {
        let known = self.faults.borrow().get(&id).cloned();
        let faults = known.unwrap_or_else(|| {
            let found: Arc<[Fault]> = self.schema.faults_below(id).into();
            self.faults.borrow_mut().insert(id, Arc::clone(&found));
            found
        });
        for fault in faults.iter().take(MOST_FAULTS) {
            verdict.lower(Status::Degraded, Diagnostic::error(fault.code, fault.at, fault.message.to_string()));
        }
        if faults.len() > MOST_FAULTS {
            let text = format!("{} more faults in the schemas that this operation needs", faults.len() - MOST_FAULTS);
            verdict.lower(Status::Degraded, Diagnostic::error("more-faults", None, text));
        }
    }
}
