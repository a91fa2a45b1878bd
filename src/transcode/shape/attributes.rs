//! Attributes as properties, and which of them make a simple value an object.

use std::sync::Arc;

use crate::schema::form::ComplexType;
use crate::schema::form::Schema;
use crate::schema::form::TypeId;
use crate::transcode::shape::AttributeShape;
use crate::transcode::shape::names::prefixed;

/// Namespaces of SOAP encoding (SOAP 1.1 section 5, SOAP 1.2 part 2 section 3).
const ENCODING: [&str; 2] = ["http://schemas.xmlsoap.org/soap/encoding/", "http://www.w3.org/2003/05/soap-encoding"];
/// Namespaces of the media type attribute of binary data.
const MEDIA: [&str; 2] = ["http://www.w3.org/2005/05/xmlmime", "http://www.w3.org/2004/11/xmlmime"];

/// The attributes of a type as properties.
pub(crate) fn of(schema: &Schema, ty: &ComplexType) -> Vec<AttributeShape> {
    let shape = |symbol| {
        let key: Arc<str> = format!("@{}", prefixed(schema, schema.symbols.name(symbol))).into();
        AttributeShape { key, name: symbol }
    };
    ty.attributes.iter().map(|one| shape(one.name)).collect()
}

/// Whether a type of simple content has attributes that count: then its values are objects.
pub(crate) fn count(schema: &Schema, ty: &ComplexType) -> bool {
    let encoded = is_encoded(schema, ty);
    let counts = |symbol| {
        let name = schema.symbols.name(symbol);
        let (ns, local) = (name.ns.as_str(), name.local.as_str());
        let of_encoding = encoded && ns.is_empty() && matches!(local, "id" | "href");
        let of_media = MEDIA.contains(&ns) && local == "contentType";
        !of_encoding && !of_media
    };
    ty.attributes.iter().any(|one| counts(one.name)) || (ty.any_attribute.is_some() && !encoded)
}

/// The type or one of its bases is of SOAP encoding.
fn is_encoded(schema: &Schema, ty: &ComplexType) -> bool {
    let mut at = Some(ty);
    for _ in 0..=schema.complex.len() {
        let Some(ty) = at else { return false };
        if ty.name.is_some_and(|name| ENCODING.contains(&schema.symbols.name(name).ns.as_str())) {
            return true;
        }
        at = match ty.base {
            Some(TypeId::Complex(base)) => Some(schema.complex(base)),
            Some(TypeId::Simple(_)) | None => None,
        };
    }
    false
}
