//! Simple types and their values: a stand-in of the same signatures until the real one lands in `simple/`.

use std::borrow::Cow;

use crate::xml::name::Symbol;
use crate::xml::name::Symbols;
use crate::xml::name::XSD_NS;

/// A simple type. Those below 46 are the built-in ones, see `Builtin`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SimpleTypeId(pub u32);

impl SimpleTypeId {
    /// xs:anySimpleType.
    pub const ANY: Self = Self(0);
}

/// A built-in type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Builtin {
    AnySimpleType,
    String,
    Language,
    NcName,
    AnyUri,
    Id,
    Other(u32),
}

const NAMES: [&str; 46] = [
    "anySimpleType",
    "string",
    "language",
    "NCName",
    "anyURI",
    "ID",
    "boolean",
    "decimal",
    "float",
    "double",
    "duration",
    "dateTime",
    "time",
    "date",
    "gYearMonth",
    "gYear",
    "gMonthDay",
    "gDay",
    "gMonth",
    "hexBinary",
    "base64Binary",
    "QName",
    "NOTATION",
    "normalizedString",
    "token",
    "NMTOKEN",
    "NMTOKENS",
    "Name",
    "IDREF",
    "IDREFS",
    "ENTITY",
    "ENTITIES",
    "integer",
    "nonPositiveInteger",
    "negativeInteger",
    "long",
    "int",
    "short",
    "byte",
    "nonNegativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
    "positiveInteger",
    "anyAtomicType",
];

impl Builtin {
    /// All.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..46).map(Self::Other)
    }
    /// Its number.
    #[must_use]
    pub const fn id(self) -> SimpleTypeId {
        SimpleTypeId(match self {
            Self::AnySimpleType => 0,
            Self::String => 1,
            Self::Language => 2,
            Self::NcName => 3,
            Self::AnyUri => 4,
            Self::Id => 5,
            Self::Other(n) => n,
        })
    }
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        NAMES[self.id().0 as usize]
    }
}

/// White space.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs)]
pub enum WhiteSpace {
    #[default]
    Preserve,
}

/// Kinds of facets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum FacetKind {
    Enumeration,
}

impl FacetKind {
    /// By name.
    #[must_use]
    pub fn from_name(local: &str) -> Option<Self> {
        (local == "enumeration").then_some(Self::Enumeration)
    }
}

/// A facet.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct FacetSpec {
    pub kind: FacetKind,
    pub value: String,
}

/// A fault of one.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct FacetFault {
    pub index: usize,
    pub left_out: bool,
    pub message: String,
}

/// A simple type.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct SimpleType {
    pub name: Option<Symbol>,
    pub base: SimpleTypeId,
    pub variety: Variety,
    pub white_space: WhiteSpace,
}

/// What it is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Variety {
    Atomic(Builtin),
    List(SimpleTypeId),
    Union(Vec<SimpleTypeId>),
}

/// All simple types of a set of schemas.
#[derive(Clone, Debug, Default)]
pub struct SimpleTypes {
    types: Vec<SimpleType>,
}

/// White space as the facet says.
#[must_use]
pub fn normalise(text: &str, _how: WhiteSpace) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

#[allow(missing_docs)]
impl SimpleTypes {
    #[must_use]
    pub fn new() -> Self {
        let types = (0..46).map(|n| blank(None, Variety::Atomic(Builtin::Other(n)))).collect();
        Self { types }
    }

    #[must_use]
    pub fn with_names(symbols: &mut Symbols) -> Self {
        let mut types = Self::new();
        for (ty, name) in types.types.iter_mut().zip(NAMES) {
            ty.name = Some(symbols.intern(XSD_NS, name));
        }
        types
    }

    #[must_use]
    pub fn get(&self, id: SimpleTypeId) -> &SimpleType {
        &self.types[id.0 as usize]
    }

    pub fn reserve(&mut self, name: Option<Symbol>) -> SimpleTypeId {
        self.types.push(blank(name, Variety::Atomic(Builtin::AnySimpleType)));
        SimpleTypeId(u32::try_from(self.types.len() - 1).unwrap_or(u32::MAX))
    }

    pub fn restrict(
        &mut self,
        base: SimpleTypeId,
        facets: &[FacetSpec],
        name: Option<Symbol>,
        resolve: &dyn Fn(&str) -> Option<String>,
    ) -> (SimpleTypeId, Vec<FacetFault>) {
        let id = self.reserve(name);
        let faults = self.define_restriction(id, base, facets, resolve);
        (id, faults)
    }

    pub fn union(&mut self, members: Vec<SimpleTypeId>, name: Option<Symbol>) -> SimpleTypeId {
        let id = self.reserve(name);
        self.define_union(id, members);
        id
    }

    pub fn define_restriction(
        &mut self,
        id: SimpleTypeId,
        base: SimpleTypeId,
        _facets: &[FacetSpec],
        _resolve: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<FacetFault> {
        let variety = self.get(base).variety.clone();
        self.types[id.0 as usize].variety = variety;
        self.types[id.0 as usize].base = base;
        Vec::new()
    }

    pub fn define_list(&mut self, id: SimpleTypeId, item: SimpleTypeId) {
        self.types[id.0 as usize].variety = Variety::List(item);
    }

    pub fn define_union(&mut self, id: SimpleTypeId, members: Vec<SimpleTypeId>) {
        self.types[id.0 as usize].variety = Variety::Union(members);
    }
}

fn blank(name: Option<Symbol>, variety: Variety) -> SimpleType {
    SimpleType { name, base: SimpleTypeId::ANY, variety, white_space: WhiteSpace::Preserve }
}

/// How a type stands in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum JsonForm {
    Text,
    Integer,
    Decimal,
    Float,
    Boolean,
    Base64,
    QName,
    List(SimpleTypeId),
    Union,
}

/// Prefixes.
#[allow(missing_docs)]
pub trait Prefixes {
    fn resolve(&self, prefix: &str) -> Option<&str>;
}

impl Prefixes for Vec<(String, String)> {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        self.iter().find(|(name, _)| name == prefix).map(|(_, ns)| ns.as_str())
    }
}

/// A valid value.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct Checked<'t> {
    pub text: Cow<'t, str>,
    pub member: SimpleTypeId,
}

/// A fault of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct ValueFault {
    pub message: String,
    pub found: String,
}

#[allow(missing_docs)]
impl SimpleTypes {
    #[must_use]
    pub fn json_form(&self, id: SimpleTypeId) -> JsonForm {
        match id.0 {
            6 => JsonForm::Boolean,
            7 => JsonForm::Decimal,
            32..=44 => JsonForm::Integer,
            _ => JsonForm::Text,
        }
    }

    #[allow(clippy::missing_errors_doc)]
    pub fn check<'t>(&self, id: SimpleTypeId, text: &'t str, _prefixes: &dyn Prefixes) -> Result<Checked<'t>, ValueFault> {
        Ok(Checked { text: Cow::Borrowed(text), member: id })
    }

    #[must_use]
    pub fn equal(&self, _id: SimpleTypeId, a: (&str, &dyn Prefixes), b: (&str, &dyn Prefixes)) -> bool {
        a.0 == b.0
    }

    #[must_use]
    pub fn derives_from(&self, derived: SimpleTypeId, base: SimpleTypeId) -> bool {
        derived == base
    }
}

/// JSON's grammar restored.
#[must_use]
pub fn number_to_json(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
