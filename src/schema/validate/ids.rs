//! IDs and references to them in a whole document (XML Schema Part 1, section 3.3.4, Validation Root Valid): each ID once, and
//! one for each IDREF.
//!
//! As the validator usual everywhere does, the same ID at two children of one element counts as twice too.

use std::collections::HashSet;

use crate::schema::form::Schema;
use crate::schema::simple::Builtin;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;
use crate::schema::walk::Value;
use crate::schema::walk::fault::WalkFault;

/// The IDs and references of a document so far.
#[derive(Default)]
pub(super) struct Ids {
    known: HashSet<Box<str>>,
    references: Vec<(Box<str>, usize)>,
}

impl Ids {
    /// Takes a value of the element that begins at `offset`, or of one of its attributes.
    pub(super) fn take(&mut self, schema: &Schema, value: &Value<'_>, offset: usize) -> Option<WalkFault> {
        let ty = value.member.or(value.ty).filter(|_| value.valid)?;
        if kind(schema, ty)? == Builtin::IdRef {
            self.references.extend(value.text.split(' ').map(|one| (one.into(), offset)));
            return None;
        }
        let twice = !self.known.insert(value.text.into());
        twice.then(|| WalkFault {
            code: "duplicate-id",
            offset,
            message: "the same ID stands before, expected each once".to_owned(),
            value: Some(value.text.to_owned()),
        })
    }

    /// References without ID, at the end of the document.
    pub(super) fn dangling(self) -> impl Iterator<Item = WalkFault> {
        let Self { known, references } = self;
        references.into_iter().filter(move |(reference, _)| !known.contains(reference)).map(|(reference, offset)| WalkFault {
            code: "dangling-idref",
            offset,
            message: "no ID of the document has this value".to_owned(),
            value: Some(reference.into()),
        })
    }
}

/// ID or IDREF, if values of a type are such or lists of such.
fn kind(schema: &Schema, ty: SimpleTypeId) -> Option<Builtin> {
    let item = match &schema.simple.get(ty).variety {
        Variety::List(item) => *item,
        Variety::Atomic(_) | Variety::Union(_) => ty,
    };
    schema.simple.builtin(item).filter(|builtin| matches!(builtin, Builtin::Id | Builtin::IdRef))
}
