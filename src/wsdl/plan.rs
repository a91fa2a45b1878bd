//! What each operation of a binding sends and gets, before the schemas are compiled: the second of three forms.
//!
//! Messages and parts are looked up; elements and types are still names. Bodies that are no single global element (rpc
//! wrappers, several parts, typed parts) are asked for as synthetic declarations.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::schema::load::SchemaSet;
use crate::schema::load::SyntheticElement;
use crate::wsdl::contract::Attachment;
use crate::wsdl::contract::Status;
use crate::wsdl::contract::Style;
use crate::wsdl::contract::Verdict;
use crate::wsdl::library::Library;
use crate::wsdl::message::Direction;
use crate::wsdl::message::Writer;
use crate::wsdl::syntax::Binding;
use crate::wsdl::syntax::BindingKind;
use crate::wsdl::syntax::BoundOperation;
use crate::wsdl::syntax::Operation;
use crate::wsdl::syntax::Param;
use crate::wsdl::syntax::PortType;
use crate::wsdl::syntax::Reference;
use crate::xml::name::QName;

/// An operation as planned.
#[derive(Debug)]
pub(crate) struct OperationPlan {
    pub(crate) name: String,
    /// Stated for overloads only.
    pub(crate) input_name: Option<String>,
    pub(crate) action: String,
    pub(crate) addressing_action: String,
    pub(crate) style: Style,
    pub(crate) input: Option<MessagePlan>,
    pub(crate) output: Option<MessagePlan>,
    pub(crate) one_way: bool,
    pub(crate) faults: Vec<FaultPlan>,
    pub(crate) verdict: Verdict,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

/// One direction as planned.
#[derive(Debug)]
pub(crate) struct MessagePlan {
    pub(crate) body: BodyPlan,
    pub(crate) headers: Vec<Declared>,
    /// The body's first element as far as it is known by name.
    pub(crate) element: Option<QName>,
    /// Parts beside the envelope; their keys are their names so far.
    pub(crate) attachments: Vec<Attachment>,
}

/// A body as planned; numbers are those of synthetic declarations.
#[derive(Debug)]
pub(crate) enum BodyPlan {
    /// It cannot be built; the verdict says why.
    Broken,
    Empty,
    Element(Global),
    Wrapper {
        synthetic: usize,
        namespace_declared: bool,
    },
    Elements {
        synthetic: usize,
        members: Vec<Reference>,
    },
    /// The only member of the synthetic declaration has the type.
    Content {
        synthetic: usize,
    },
}

/// A declared fault as planned.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    pub(crate) name: String,
    pub(crate) content: Declared,
    /// Name of the part, if it was declared by type.
    pub(crate) part: Option<String>,
}

/// A declaration: a global element, or the only member of a synthetic one.
#[derive(Debug)]
pub(crate) enum Declared {
    Element(Global),
    Synthetic(usize),
}

/// A reference to a global element. Where no schema declares it, an element of its name with open content stands in for it:
/// the only member of the synthetic declaration `open`.
#[derive(Debug)]
pub(crate) struct Global {
    pub(crate) reference: Reference,
    pub(crate) open: Option<usize>,
}

/// Makes the plans of a contract.
pub(crate) struct Planner<'l> {
    pub(crate) library: &'l Library<'l>,
    pub(crate) schemas: &'l SchemaSet,
    pub(crate) synthetic: Vec<SyntheticElement>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'l> Planner<'l> {
    pub(crate) fn new(library: &'l Library<'l>, schemas: &'l SchemaSet) -> Self {
        Self { library, schemas, synthetic: Vec::new(), diagnostics: Vec::new() }
    }

    /// The operations of a SOAP binding in its order. A binding without any operation is taken to offer those of its portType.
    pub(crate) fn binding(&mut self, binding: &Binding) -> Vec<OperationPlan> {
        let style = match &binding.kind {
            BindingKind::Soap { style, .. } => style.unwrap_or(Style::Document),
            BindingKind::Other(_) => return Vec::new(),
        };
        let port_type = self.port_type(binding);
        match port_type {
            Ok(port_type) if binding.operations.is_empty() => self.unbound(port_type, style, &Assumed::EmptyBinding(binding.place)),
            Ok(port_type) => {
                let plans = binding.operations.iter().map(|bound| self.bound(binding, bound, port_type, style)).collect();
                self.left_out(binding, port_type);
                plans
            }
            Err(reason) => binding.operations.iter().map(|bound| refused(bound, style, reason.clone())).collect(),
        }
    }

    /// The operations of a portType as document/literal, or rpc/literal where parts are given by type: nothing binds it.
    pub(crate) fn port_type_alone(&mut self, port_type: &PortType) -> Vec<OperationPlan> {
        self.unbound(port_type, Style::Document, &Assumed::NoBinding(port_type.place))
    }

    fn port_type(&mut self, binding: &Binding) -> Result<&'l PortType, Diagnostic> {
        let Some(reference) = &binding.port_type else {
            return Err(Diagnostic::error("unknown-port-type", binding.place, "this binding names no portType (its type is missing)"));
        };
        let found = self.library.port_type(reference)?;
        self.diagnostics.extend(found.warning);
        Ok(found.item)
    }

    /// One operation of a binding with its counterpart in the portType.
    fn bound(&mut self, binding: &Binding, bound: &BoundOperation, port_type: &PortType, style: Style) -> OperationPlan {
        let style = bound.style.unwrap_or(style);
        let Some(operation) = counterpart(binding, bound, port_type) else {
            let text = format!("the portType {} has no operation {:?}", port_type.name.local.as_str(), bound.name);
            let known = list(port_type.operations.iter().map(|operation| operation.name.as_str()));
            let reason = Diagnostic::error("unknown-operation", bound.place, text).with_help(format!("it has {known}"));
            return refused(bound, style, reason);
        };
        self.operation(operation, port_type, style, Some((binding, bound)))
    }

    /// Operations that no binding describes.
    fn unbound(&mut self, port_type: &PortType, style: Style, assumed: &Assumed) -> Vec<OperationPlan> {
        let mut plans = Vec::new();
        for operation in &port_type.operations {
            let style = if style == Style::Document && self.is_typed(operation) { Style::Rpc } else { style };
            let mut plan = self.operation(operation, port_type, style, None);
            plan.verdict.lower(Status::Degraded, assumed.reason(style));
            plans.push(plan);
        }
        plans
    }

    /// Whether a message of the operation has parts given by type that document style has no room for.
    fn is_typed(&self, operation: &Operation) -> bool {
        let params = [&operation.input, &operation.output];
        let messages = params.into_iter().flatten().filter_map(|param| self.library.message(param.message.as_ref()?).ok());
        messages
            .into_iter()
            .any(|found| found.item.parts.iter().any(|part| matches!(part.content, crate::wsdl::syntax::PartContent::Type(_))))
    }

    fn operation(
        &mut self,
        operation: &Operation,
        port_type: &PortType,
        style: Style,
        bound: Option<(&Binding, &BoundOperation)>,
    ) -> OperationPlan {
        let mut plan = OperationPlan {
            name: operation.name.clone(),
            input_name: overload_name(operation, port_type),
            action: bound.and_then(|(_, bound)| bound.action.clone()).unwrap_or_default(),
            addressing_action: addressing_action(operation, port_type),
            style,
            input: None,
            output: None,
            one_way: operation.output.is_none(),
            faults: Vec::new(),
            verdict: Verdict::served(),
            documentation: operation.documentation.clone(),
            place: operation.place,
        };
        if let Some(input) = &plan.input_name {
            let text = format!("the operation is overloaded; this one is told by its input {input:?}, its route is {}.{input}", plan.name);
            plan.verdict.lower(Status::Degraded, Diagnostic::warning("overloaded", operation.place, text));
        }
        let Some(input) = &operation.input else {
            plan.verdict.lower(Status::Refused, not_a_request(operation));
            plan.one_way = false;
            return plan;
        };
        if operation.output_first {
            plan.verdict.lower(Status::Refused, not_a_request(operation));
        }
        let namespace = bound.map_or_else(|| port_type.name.ns.clone(), |(binding, _)| binding.name.ns.clone());
        let mut writer = Writer { planner: self, style, namespace: &namespace, operation: &operation.name, verdict: &mut plan.verdict };
        let message = bound.map(|(_, bound)| bound.input.as_ref());
        plan.input = writer.message(input, message, Direction::Input);
        if let Some(output) = &operation.output {
            let message = bound.map(|(_, bound)| bound.output.as_ref());
            plan.output = writer.message(output, message, Direction::Output);
        }
        plan.faults = operation.faults.iter().filter_map(|fault: &Param| writer.fault(fault)).collect();
        plan
    }

    /// A note on operations of the portType that the binding leaves out.
    fn left_out(&mut self, binding: &Binding, port_type: &PortType) {
        let missing: Vec<&str> = port_type
            .operations
            .iter()
            .map(|operation| operation.name.as_str())
            .filter(|name| !binding.operations.iter().any(|bound| bound.name == *name))
            .collect();
        if !missing.is_empty() {
            let text = format!(
                "the binding {} leaves out operations of its portType, which are not served through it: {}",
                binding.name.local.as_str(),
                list(missing.into_iter())
            );
            self.diagnostics.push(Diagnostic::note("operation-not-bound", binding.place, text));
        }
    }
}

/// Why no binding describes an operation.
enum Assumed {
    EmptyBinding(Place),
    NoBinding(Place),
}

impl Assumed {
    fn reason(&self, style: Style) -> Diagnostic {
        let style = match style {
            Style::Document => "document/literal",
            Style::Rpc => "rpc/literal",
        };
        match self {
            Self::EmptyBinding(place) => {
                let text = format!("the binding describes no operation; {style} without SOAPAction is assumed");
                Diagnostic::warning("operation-not-bound", *place, text)
            }
            Self::NoBinding(place) => {
                let text = format!("no binding describes this portType; {style} over SOAP 1.1 without SOAPAction is assumed");
                Diagnostic::warning("port-type-without-binding", *place, text)
            }
        }
    }
}

/// An operation of a binding that has no usable counterpart.
fn refused(bound: &BoundOperation, style: Style, reason: Diagnostic) -> OperationPlan {
    OperationPlan {
        name: bound.name.clone(),
        input_name: None,
        action: bound.action.clone().unwrap_or_default(),
        addressing_action: String::new(),
        style,
        input: None,
        output: None,
        one_way: false,
        faults: Vec::new(),
        verdict: Verdict { status: Status::Refused, reasons: vec![reason] },
        documentation: None,
        place: bound.place,
    }
}

/// Solicit-response and notification (WSDL 1.1 sections 2.4.3, 2.4.4): the service would be the client.
fn not_a_request(operation: &Operation) -> Diagnostic {
    let (code, text) = match (&operation.input, &operation.output) {
        (None, None) => ("empty-operation", "the operation has neither input nor output"),
        (None, Some(_)) => ("notification", "this is a notification (an output without input): the service sends it, nobody can call it"),
        (Some(_), _) => (
            "solicit-response",
            "this is a solicit-response operation (its output stands before its input): the service calls, nobody can call it",
        ),
    };
    Diagnostic::error(code, operation.place, text)
}

/// The operation of the portType that an operation of the binding binds: by name, of overloads by the names of input and
/// output (section 2.5), else by order.
fn counterpart<'p>(binding: &Binding, bound: &BoundOperation, port_type: &'p PortType) -> Option<&'p Operation> {
    let mut same: Vec<&Operation> = port_type.operations.iter().filter(|operation| operation.name == bound.name).collect();
    if same.len() < 2 {
        return same.pop();
    }
    let stated = |name: Option<&String>| name.cloned();
    let input = bound.input.as_ref().and_then(|message| stated(message.name.as_ref()));
    let output = bound.output.as_ref().and_then(|message| stated(message.name.as_ref()));
    let fits = |operation: &&&Operation| {
        input.as_deref().is_none_or(|name| default_input(operation) == name)
            && output.as_deref().is_none_or(|name| default_output(operation).as_deref() == Some(name))
    };
    let fitting: Vec<&&Operation> = same.iter().filter(fits).collect();
    match fitting.as_slice() {
        [one] => Some(**one),
        _ => {
            let order = binding.operations.iter().filter(|other| other.name == bound.name).position(|other| std::ptr::eq(other, bound));
            order.and_then(|at| same.get(at).copied())
        }
    }
}

/// Name of the input, for operations that share their name with another of the portType.
fn overload_name(operation: &Operation, port_type: &PortType) -> Option<String> {
    let shared = port_type.operations.iter().filter(|other| other.name == operation.name).count() > 1;
    shared.then(|| default_input(operation))
}

/// The input's name, by default as section 2.4.5 says.
fn default_input(operation: &Operation) -> String {
    match operation.input.as_ref().and_then(|input| input.name.clone()) {
        Some(name) => name,
        None if operation.output.is_none() => operation.name.clone(),
        None if operation.output_first => format!("{}Solicit", operation.name),
        None => format!("{}Request", operation.name),
    }
}

/// The action that a request has in WS-Addressing: stated, or made of names.
fn addressing_action(operation: &Operation, port_type: &PortType) -> String {
    if let Some(action) = operation.input.as_ref().and_then(|input| input.action.clone()) {
        return action;
    }
    let namespace = port_type.name.ns.as_str();
    let delimiter = if namespace.starts_with("urn:") { ':' } else { '/' };
    let namespace = namespace.strip_suffix(delimiter).unwrap_or(namespace);
    format!("{namespace}{delimiter}{}{delimiter}{}", port_type.name.local.as_str(), default_input(operation))
}

/// The output's name, by default as section 2.4.5 says.
fn default_output(operation: &Operation) -> Option<String> {
    let output = operation.output.as_ref()?;
    Some(output.name.clone().unwrap_or_else(|| format!("{}Response", operation.name)))
}

/// Names in a row, the first ten.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(10).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => String::from("none"),
        1..=10 => shown,
        more => format!("{shown} and {} more", more - 10),
    }
}
