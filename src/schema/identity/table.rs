//! What one element's constraints have gathered: key sequences by value, references to them, and nodes whose fields are
//! still coming.

use std::collections::HashMap;

use crate::schema::identity::Constraint;
use crate::schema::identity::Kind;
use crate::schema::identity::progress::Progress;
use crate::xml::name::Symbol;

/// The constraints of one open element.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    /// How deep the element is.
    pub(super) depth: usize,
    pub(super) tables: Vec<Table<'s>>,
    /// Key sequences of elements inside that a keyref here may mean (section 3.11.5); false for one that several have.
    pub(super) inherited: HashMap<Symbol, HashMap<Box<str>, bool>>,
    /// Keys of elements inside some of whose nodes could not be read.
    pub(super) incomplete: Vec<Symbol>,
    /// Bytes that its tables hold.
    pub(super) used: usize,
}

/// What one constraint has gathered.
#[derive(Debug)]
pub(super) struct Table<'s> {
    pub(super) constraint: &'s Constraint,
    pub(super) selector: Vec<Progress<'s>>,
    pub(super) entries: HashMap<Box<str>, usize>,
    pub(super) references: Vec<Reference>,
    /// A node could not be read, which was told: what seems to dangle may mean it.
    pub(super) incomplete: bool,
}

/// A key sequence of a keyref.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) key: Box<str>,
    pub(super) offset: usize,
    /// The values as written.
    pub(super) shown: String,
}

/// A selected node whose fields are still coming.
#[derive(Debug)]
pub(super) struct Selected<'s> {
    pub(super) scope: usize,
    pub(super) table: usize,
    pub(super) depth: usize,
    pub(super) offset: usize,
    /// How many faults of structure had gone by when it began.
    pub(super) faults: usize,
    pub(super) fields: Vec<Field<'s>>,
    /// A fault was told of it: it counts for nothing.
    pub(super) broken: bool,
}

/// A field of a selected node.
#[derive(Debug)]
pub(super) struct Field<'s> {
    pub(super) paths: Vec<Progress<'s>>,
    pub(super) value: Option<FieldValue>,
    /// The depth of the open element whose value it is.
    pub(super) waiting: Option<usize>,
    /// A node was found.
    pub(super) found: bool,
}

/// A field's value.
#[derive(Debug)]
pub(super) struct FieldValue {
    /// Shared by equal values.
    pub(super) key: String,
    pub(super) shown: String,
}

impl<'s> Scope<'s> {
    pub(super) fn new(depth: usize, constraints: &'s [std::sync::Arc<Constraint>]) -> Self {
        let tables = constraints.iter().map(|constraint| Table {
            constraint,
            selector: constraint.selector.iter().map(Progress::new).collect(),
            entries: HashMap::new(),
            references: Vec::new(),
            incomplete: false,
        });
        Self { depth, tables: tables.collect(), inherited: HashMap::new(), incomplete: Vec::new(), used: 0 }
    }

    /// Whether a keyref here refers to this key.
    pub(super) fn refers_to(&self, name: Symbol) -> bool {
        self.tables.iter().any(|table| table.constraint.kind == Kind::KeyRef(name))
    }

    /// Whether a key sequence is in the table of a key: of this element first, else of one inside.
    pub(super) fn holds(&self, name: Symbol, key: &str) -> bool {
        let own = self.tables.iter().any(|table| table.constraint.name == name && table.entries.contains_key(key));
        own || self.inherited.get(&name).and_then(|entries| entries.get(key)).is_some_and(|only| *only)
    }

    /// Whether nodes of a key could not be read.
    pub(super) fn misses_some(&self, name: Symbol) -> bool {
        self.incomplete.contains(&name) || self.tables.iter().any(|table| table.constraint.name == name && table.incomplete)
    }
}

impl<'s> Selected<'s> {
    /// A node where the fields of a constraint begin.
    pub(super) fn new(constraint: &'s Constraint, (scope, table): (usize, usize), depth: usize, offset: usize, faults: usize) -> Self {
        let fields = constraint.fields.iter().map(|paths| Field {
            paths: paths.iter().map(Progress::new).collect(),
            value: None,
            waiting: None,
            found: false,
        });
        Self { scope, table, depth, offset, faults, fields: fields.collect(), broken: false }
    }

    /// The key sequence, if all fields are there; lengths keep the values apart.
    pub(super) fn key(&self) -> Option<Box<str>> {
        let mut key = String::new();
        for field in &self.fields {
            let value = field.value.as_ref()?;
            key.push_str(&value.key.len().to_string());
            key.push(':');
            key.push_str(&value.key);
        }
        Some(key.into())
    }

    /// The values as written.
    pub(super) fn shown(&self) -> String {
        self.fields.iter().filter_map(|field| field.value.as_ref()).map(|value| value.shown.as_str()).collect::<Vec<_>>().join(", ")
    }
}
