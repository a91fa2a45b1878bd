//! Judging a text by a type: lexical space, facets, equality in value space. The hot path of validation.
//!
//! Nothing is allocated for a valid text unless white space must be rewritten or an enumeration compares values
//! whose form is not the canonical one.

use std::borrow::Cow;

use crate::schema::simple::SimpleType;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::facet::Bound;
use crate::schema::simple::facet::FacetKind;
use crate::schema::simple::facet::Facets;
use crate::schema::simple::facet::WhiteSpace;
use crate::schema::simple::fault::Cause;
use crate::schema::simple::fault::ValueFault;
use crate::schema::simple::fault::What;
use crate::schema::simple::lexical;
use crate::schema::simple::lexical::Misread;
use crate::schema::simple::lexical::Value;
use crate::schema::simple::ordered::Ordered;
use crate::schema::simple::quick::Quick;
use crate::schema::simple::space;

/// How deep lists and unions may nest.
const NESTING: u32 = 32;

/// The namespace bindings that QNames in values are read by.
pub trait Prefixes {
    /// The namespace bound to a prefix; for the empty one the default namespace, empty if there is none.
    fn resolve(&self, prefix: &str) -> Option<&str>;
}

/// No prefix is bound.
impl Prefixes for () {
    fn resolve(&self, _prefix: &str) -> Option<&str> {
        None
    }
}

/// Prefixes and their namespaces.
impl Prefixes for Vec<(String, String)> {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        self.iter().find(|(name, _)| name == prefix).map(|(_, ns)| ns.as_str())
    }
}

/// A function as [`Prefixes`].
#[derive(Clone, Copy)]
pub struct Lookup<'a>(pub &'a dyn Fn(&str) -> Option<&'a str>);

impl Prefixes for Lookup<'_> {
    fn resolve(&self, prefix: &str) -> Option<&str> {
        (self.0)(prefix)
    }
}

/// A valid value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked<'t> {
    /// The text, white space normalised as the type says.
    pub text: Cow<'t, str>,
    /// The atomic or list type that took it: the type itself, or a member of a union.
    pub member: SimpleTypeId,
}

impl SimpleTypes {
    /// Judges a text by a type (section 4.1.4 of Part 2).
    ///
    /// # Errors
    /// What does not hold first.
    pub fn check<'t>(&self, id: SimpleTypeId, text: &'t str, prefixes: &dyn Prefixes) -> Result<Checked<'t>, ValueFault> {
        self.judge(id, text, prefixes, NESTING).map_err(|cause| self.explain(cause, text))
    }

    /// Whether a text is valid for a type and has no white space to be normalised: nearly all texts are and have not.
    #[must_use]
    pub fn is_plain(&self, id: SimpleTypeId, text: &str, prefixes: &dyn Prefixes) -> bool {
        let ty = self.get(id);
        match &ty.variety {
            Variety::Atomic(builtin) => {
                ty.takes_quickly(text) || space::is_normal(text, ty.white_space) && judge_atomic(ty, *builtin, text, prefixes).is_ok()
            }
            Variety::List(_) | Variety::Union(_) => false,
        }
    }

    /// Whether a text is valid for a type.
    #[must_use]
    pub fn accepts(&self, id: SimpleTypeId, text: &str, prefixes: &dyn Prefixes) -> bool {
        self.judge(id, text, prefixes, NESTING).is_ok()
    }

    /// Whether two valid texts are one value. Each is read by its own prefixes.
    #[must_use]
    pub fn equal(&self, id: SimpleTypeId, a: (&str, &dyn Prefixes), b: (&str, &dyn Prefixes)) -> bool {
        let Ok(left) = self.judge(id, a.0, a.1, NESTING) else { return false };
        let Ok(right) = self.judge(id, b.0, b.1, NESTING) else { return false };
        left.text == right.text && !self.holds_names(id, NESTING)
            || self.key(id, &left.text, a.1, NESTING) == self.key(id, &right.text, b.1, NESTING)
    }

    /// Whether values of a type are, or may hold, names with prefixes.
    #[must_use]
    pub fn has_prefixes(&self, id: SimpleTypeId) -> bool {
        self.holds_names(id, NESTING)
    }

    pub(crate) fn judge<'t>(&self, id: SimpleTypeId, text: &'t str, prefixes: &dyn Prefixes, depth: u32) -> Result<Checked<'t>, Cause> {
        let ty = self.get(id);
        let fault = |what| Cause { ty: id, what, item: None };
        if depth == 0 {
            return Err(fault(What::Nesting));
        }
        match &ty.variety {
            Variety::Atomic(builtin) => {
                let text = space::normalise(text, ty.white_space);
                judge_atomic(ty, *builtin, &text, prefixes).map_err(fault)?;
                Ok(Checked { text, member: id })
            }
            Variety::List(item) => {
                let text = space::normalise(text, WhiteSpace::Collapse);
                let mut count = 0;
                for (at, one) in space::items(&text).enumerate() {
                    self.judge(*item, one, prefixes, depth - 1).map_err(|cause| Cause { item: Some(at), ..cause })?;
                    count += 1;
                }
                judge_length(&ty.facets, count).map_err(fault)?;
                self.judge_form(id, &text, prefixes, depth).map_err(fault)?;
                Ok(Checked { text, member: id })
            }
            Variety::Union(members) => {
                let taken = members.iter().find_map(|member| self.judge(*member, text, prefixes, depth - 1).ok());
                let checked = taken.ok_or(fault(What::Member))?;
                self.judge_form(id, &checked.text, prefixes, depth).map_err(fault)?;
                Ok(checked)
            }
        }
    }

    /// Patterns and enumeration of lists and unions.
    fn judge_form(&self, id: SimpleTypeId, text: &str, prefixes: &dyn Prefixes, depth: u32) -> Result<(), What> {
        let facets = &self.get(id).facets;
        judge_patterns(facets, text)?;
        match &facets.enumeration {
            Some(enumeration) if !enumeration.holds(&self.key(id, text, prefixes, depth)) => Err(What::Facet(FacetKind::Enumeration)),
            Some(_) | None => Ok(()),
        }
    }

    /// A form that equal values of a type share. The text is valid and normalised.
    pub(crate) fn key<'t>(&self, id: SimpleTypeId, text: &'t str, prefixes: &dyn Prefixes, depth: u32) -> Cow<'t, str> {
        if depth == 0 {
            return Cow::Borrowed(text);
        }
        match &self.get(id).variety {
            Variety::Atomic(builtin) => match lexical::read(*builtin, text, prefixes) {
                Ok(value) => atomic_key(*builtin, text, &value),
                Err(_) => Cow::Borrowed(text),
            },
            Variety::List(item) => {
                let keys: Vec<_> = space::items(text).map(|one| self.key(*item, one, prefixes, depth - 1)).collect();
                Cow::Owned(keys.join(" "))
            }
            Variety::Union(members) => {
                let taken = members.iter().find_map(|one| self.judge(*one, text, prefixes, depth - 1).ok());
                let Some(taken) = taken else { return Cow::Borrowed(text) };
                let primitive = self.builtin(taken.member).map_or("list", |builtin| builtin.primitive().name());
                Cow::Owned(format!("{primitive} {}", self.key(taken.member, &taken.text, prefixes, depth - 1)))
            }
        }
    }

    /// A form that equal values share, whatever their types: those of one primitive type compare.
    pub(crate) fn identity_key(&self, ty: SimpleTypeId, text: &str, prefixes: &dyn Prefixes) -> String {
        let primitive = self.builtin(ty).map_or("list", |builtin| builtin.primitive().name());
        format!("{primitive} {}", self.key(ty, text, prefixes, NESTING))
    }

    fn holds_names(&self, id: SimpleTypeId, depth: u32) -> bool {
        match &self.get(id).variety {
            Variety::Atomic(builtin) => matches!(builtin.primitive(), Builtin::QName | Builtin::Notation),
            Variety::List(item) => depth > 0 && self.holds_names(*item, depth - 1),
            Variety::Union(members) => depth > 0 && members.iter().any(|one| self.holds_names(*one, depth - 1)),
        }
    }
}

fn judge_atomic(ty: &SimpleType, builtin: Builtin, text: &str, prefixes: &dyn Prefixes) -> Result<(), What> {
    let facets = &ty.facets;
    let misread = |misread: &Misread| match misread {
        Misread::Grammar => What::Grammar(builtin),
        Misread::Prefix => What::Prefix,
    };
    if ty.takes_quickly(text) {
        return Ok(());
    }
    if facets.is_empty() {
        return lexical::accepts(builtin, text, prefixes).map_err(|fault| misread(&fault));
    }
    // Looked at where it stands: values are large, and moving them costs more than reading most of them.
    let read = lexical::read(builtin, text, prefixes);
    let value = match &read {
        Ok(value) => value,
        Err(fault) => return Err(misread(fault)),
    };
    if !facets.has_no_length() {
        match value {
            Value::Text => judge_characters(facets, text)?,
            Value::Octets(count) => judge_length(facets, *count)?,
            Value::Boolean(_) | Value::Ordered(_) | Value::Name { .. } => {}
        }
    }
    if facets.has_no_value_facets() {
        return judge_patterns(facets, text);
    }
    if let Value::Ordered(value) = value {
        judge_order(facets, value)?;
    }
    judge_patterns(facets, text)?;
    match &facets.enumeration {
        Some(enumeration) if !enumeration.holds(text) && !enumeration.holds(&atomic_key(builtin, text, value)) => {
            Err(What::Facet(FacetKind::Enumeration))
        }
        Some(_) | None => Ok(()),
    }
}

/// Length in characters, counted only where the octets leave it open.
fn judge_characters(facets: &Facets, text: &str) -> Result<(), What> {
    let octets = text.len() as u64;
    let fits = facets.length.is_none() && octets <= facets.max_length.unwrap_or(u64::MAX) && octets / 4 >= facets.min_length.unwrap_or(0);
    if fits { Ok(()) } else { judge_length(facets, text.chars().count() as u64) }
}

fn judge_length(facets: &Facets, length: u64) -> Result<(), What> {
    if facets.length.is_some_and(|wanted| length != wanted) {
        return Err(What::Facet(FacetKind::Length));
    }
    if facets.min_length.is_some_and(|least| length < least) {
        return Err(What::Facet(FacetKind::MinLength));
    }
    if facets.max_length.is_some_and(|most| length > most) {
        return Err(What::Facet(FacetKind::MaxLength));
    }
    Ok(())
}

impl SimpleType {
    #[inline]
    fn takes_quickly(&self, text: &str) -> bool {
        self.quick.get_or_init(|| Quick::of(self)).takes(text.as_bytes())
    }
}

fn judge_order(facets: &Facets, value: &Ordered<'_>) -> Result<(), What> {
    if let Some(Bound { inclusive, value: bound, .. }) = &facets.min {
        let within = if *inclusive { value >= bound } else { value > bound };
        if !within {
            return Err(What::Facet(if *inclusive { FacetKind::MinInclusive } else { FacetKind::MinExclusive }));
        }
    }
    if let Some(Bound { inclusive, value: bound, .. }) = &facets.max {
        let within = if *inclusive { value <= bound } else { value < bound };
        if !within {
            return Err(What::Facet(if *inclusive { FacetKind::MaxInclusive } else { FacetKind::MaxExclusive }));
        }
    }
    if let Ordered::Decimal(decimal) = value {
        if facets.total_digits.is_some_and(|most| decimal.total_digits() > most) {
            return Err(What::Facet(FacetKind::TotalDigits));
        }
        if facets.fraction_digits.is_some_and(|most| decimal.fraction_digits() > most) {
            return Err(What::Facet(FacetKind::FractionDigits));
        }
    }
    Ok(())
}

fn judge_patterns(facets: &Facets, text: &str) -> Result<(), What> {
    let good = facets.patterns.iter().all(|step| step.iter().any(|one| one.matches(text)));
    if good { Ok(()) } else { Err(What::Facet(FacetKind::Pattern)) }
}

/// A form that equal values of an atomic type share.
fn atomic_key<'t>(builtin: Builtin, text: &'t str, value: &Value<'_>) -> Cow<'t, str> {
    match value {
        Value::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Value::Ordered(value) => {
            let mut key = String::with_capacity(text.len() + 4);
            value.write_canonical(&mut key);
            Cow::Owned(key)
        }
        Value::Name { ns, local } => Cow::Owned(format!("{{{ns}}}{local}")),
        Value::Octets(_) if builtin.primitive() == Builtin::HexBinary => Cow::Owned(text.to_ascii_uppercase()),
        Value::Octets(_) => Cow::Owned(text.replace(' ', "")),
        Value::Text => Cow::Borrowed(text),
    }
}
