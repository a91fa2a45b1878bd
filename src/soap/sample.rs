//! Whole messages made up by schema: for the mock, the pages and tests.
//!
//! Knows how parts, headers and bodies of a contract make a message; the instances themselves come from `instance`.

use crate::instance::Generator;
use crate::schema::form::ComplexTypeId;
use crate::schema::form::Content;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::soap::version::rules;
use crate::wsdl::contract::Body;
use crate::wsdl::contract::Message;
use crate::wsdl::contract::SoapVersion;

/// What a made-up message consists of, as XML.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// Header blocks, one after the other.
    pub headers: String,
    /// The content of the Body.
    pub body: String,
}

/// Makes up the parts of a message; none if its schema admits no finite instance or is broken there.
pub fn parts(schema: &Schema, message: &Message, generator: &mut Generator<'_>) -> Option<Parts> {
    let body = match &message.body {
        Body::Empty => String::new(),
        Body::Element(element) | Body::Wrapper { element, .. } => generator.element(*element)?,
        Body::Elements(ty) => elements(schema, *ty, generator)?,
        Body::Content(ty) => generator.content(*ty)?,
    };
    // A header is optional: one that cannot be made is left out.
    let headers = message.headers.iter().filter_map(|header| generator.element(header.element)).collect();
    Some(Parts { headers, body })
}

/// Makes up a whole message, envelope and all.
pub fn message(schema: &Schema, message: &Message, version: SoapVersion, generator: &mut Generator<'_>) -> Option<String> {
    Some(parts(schema, message, generator)?.wrap(version))
}

impl Parts {
    /// The parts in an envelope.
    #[must_use]
    pub fn wrap(&self, version: SoapVersion) -> String {
        let ns = rules(version).envelope;
        let header = if self.headers.is_empty() { String::new() } else { format!("<soap:Header>{}</soap:Header>", self.headers) };
        format!("<soap:Envelope xmlns:soap=\"{ns}\">{header}<soap:Body>{}</soap:Body></soap:Envelope>", self.body)
    }
}

/// The body's children where there are several parts: each in order.
fn elements(schema: &Schema, ty: ComplexTypeId, generator: &mut Generator<'_>) -> Option<String> {
    let Content::Elements(model) = &schema.complex(ty).content else { return Some(String::new()) };
    let declared = model.particles.iter().filter_map(|particle| match particle.term {
        Term::Element(element) => Some(element),
        Term::Wildcard(_) | Term::Sequence(_) | Term::Choice(_) | Term::All(_) => None,
    });
    declared.map(|element| generator.element(element)).collect()
}
