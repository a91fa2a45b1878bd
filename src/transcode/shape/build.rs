//! From content models to records: which particle is which property.

use crate::schema::form::ComplexType;
use crate::schema::form::Schema;
use crate::transcode::shape::Record;
use crate::transcode::shape::Shape;

/// The shapes of all complex types, by number.
pub(crate) fn all(schema: &Schema) -> Vec<Shape> {
    schema.complex.iter().map(one).collect()
}

fn one(_: &ComplexType) -> Shape {
    Shape { records: vec![Record::default()], ..Shape::default() }
}
