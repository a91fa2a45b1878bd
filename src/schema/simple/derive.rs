//! Building types at load: the built-in ones, lists, unions, and restrictions with their facets.
//!
//! Lenient: a facet that cannot hold (not of this type, not a value, a pattern out of grammar) is left out and reported.
//! A facet that contradicts the base's holds as far as both can: the tightest bound, every pattern, both enumerations.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::schema::pattern::Pattern;
use crate::schema::simple::SimpleType;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::SimpleTypes;
use crate::schema::simple::Variety;
use crate::schema::simple::builtin::Builtin;
use crate::schema::simple::check::Prefixes;
use crate::schema::simple::facet::Bound;
use crate::schema::simple::facet::Enumeration;
use crate::schema::simple::facet::FacetEffect;
use crate::schema::simple::facet::FacetFault;
use crate::schema::simple::facet::FacetKind;
use crate::schema::simple::facet::FacetSpec;
use crate::schema::simple::facet::Facets;
use crate::schema::simple::facet::WhiteSpace;
use crate::schema::simple::lexical;
use crate::schema::simple::lexical::Value;
use crate::schema::simple::ordered::Ordered;
use crate::schema::simple::space::normalise;

/// How deep lists and unions may nest.
const NESTING: u32 = 32;

/// A built-in type.
pub(crate) fn builtin(builtin: Builtin) -> SimpleType {
    let variety = builtin.item().map_or(Variety::Atomic(builtin), |item| Variety::List(item.id()));
    let (min, max) = builtin.bounds();
    let bound = |text: Option<&'static str>| {
        let text = text?;
        let Ok(Value::Ordered(value)) = lexical::read(Builtin::Integer, text, &()) else { return None };
        Some(Bound { inclusive: true, text: text.into(), value: value.into_owned() })
    };
    let min_length = builtin.item().map(|_| 1);
    let fraction_digits = builtin.is_integer().then_some(0);
    let facets = Facets { min: bound(min), max: bound(max), min_length, fraction_digits, ..Facets::default() };
    SimpleType {
        name: None,
        base: builtin.base().id(),
        variety,
        white_space: builtin.white_space(),
        facets,
        form: OnceLock::new(),
        quick: OnceLock::new(),
    }
}

/// A list or union.
pub(crate) fn constructed(variety: Variety, white_space: WhiteSpace) -> SimpleType {
    SimpleType {
        name: None,
        base: SimpleTypeId::ANY,
        variety,
        white_space,
        facets: Facets::default(),
        form: OnceLock::new(),
        quick: OnceLock::new(),
    }
}

/// A type that restricts another.
pub(crate) fn restriction(
    types: &SimpleTypes,
    base: SimpleTypeId,
    specs: &[FacetSpec],
    resolve: &dyn Fn(&str) -> Option<String>,
) -> (SimpleType, Vec<FacetFault>) {
    let parent = types.get(base);
    let ty = SimpleType { name: None, base, form: OnceLock::new(), quick: OnceLock::new(), ..parent.clone() };
    let prefixes = prefixes_of(specs, resolve);
    let mut step =
        Step { types, base, parent, prefixes, ty, patterns: Vec::new(), values: Vec::new(), keys: Vec::new(), faults: Vec::new() };
    for (index, spec) in specs.iter().enumerate() {
        let effect = step.loss(spec.kind);
        if let Err(message) = step.add(index, spec) {
            step.faults.push(FacetFault { index, effect, message });
        }
    }
    // Of an enumeration one value at least must be left, or it rules nothing out.
    if step.values.is_empty() && step.applies(FacetKind::Enumeration) {
        let enumerated = |fault: &&mut FacetFault| specs.get(fault.index).is_some_and(|spec| spec.kind == FacetKind::Enumeration);
        step.faults.iter_mut().filter(enumerated).for_each(|fault| fault.effect = FacetEffect::Lost);
    }
    step.finish()
}

/// The bindings of all prefixes that values may begin with.
fn prefixes_of(specs: &[FacetSpec], resolve: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let values = specs.iter().filter(|spec| spec.kind == FacetKind::Enumeration).flat_map(|spec| spec.value.split_whitespace());
    let mut found: Vec<(String, String)> = Vec::new();
    for value in values {
        let prefix = value.split_once(':').map_or("", |(prefix, _)| prefix);
        if found.iter().all(|(known, _)| known != prefix)
            && let Some(ns) = resolve(prefix)
        {
            found.push((prefix.to_owned(), ns));
        }
    }
    found
}

/// One step of a derivation while its facets are read.
struct Step<'s> {
    types: &'s SimpleTypes,
    base: SimpleTypeId,
    parent: &'s SimpleType,
    prefixes: Vec<(String, String)>,
    ty: SimpleType,
    patterns: Vec<Pattern>,
    values: Vec<Arc<str>>,
    keys: Vec<Box<str>>,
    faults: Vec<FacetFault>,
}

impl Step<'_> {
    fn add(&mut self, index: usize, spec: &FacetSpec) -> Result<(), String> {
        if !self.applies(spec.kind) {
            return Err(format!("{} is no facet of {}", spec.kind, self.types.in_words(self.base)));
        }
        let facets = &mut self.ty.facets;
        match spec.kind {
            FacetKind::Length => facets.length = Some(count(spec)?),
            FacetKind::MinLength => facets.min_length = Some(count(spec)?.max(facets.min_length.unwrap_or(0))),
            FacetKind::MaxLength => facets.max_length = Some(count(spec)?.min(facets.max_length.unwrap_or(u64::MAX))),
            FacetKind::TotalDigits => facets.total_digits = Some(digits(spec)?.min(facets.total_digits.unwrap_or(u64::MAX))),
            FacetKind::FractionDigits => facets.fraction_digits = Some(count(spec)?.min(facets.fraction_digits.unwrap_or(u64::MAX))),
            FacetKind::WhiteSpace => self.white_space(spec)?,
            FacetKind::Pattern => self.pattern(index, spec)?,
            FacetKind::Enumeration => self.value(spec)?,
            FacetKind::MinInclusive | FacetKind::MinExclusive | FacetKind::MaxInclusive | FacetKind::MaxExclusive => self.bound(spec)?,
        }
        Ok(())
    }

    /// What becomes of a facet whose value cannot be used: a value that the base does not have would be no value of this type
    /// either, and white space stays as the base has it.
    fn loss(&self, kind: FacetKind) -> FacetEffect {
        match kind {
            FacetKind::Enumeration | FacetKind::WhiteSpace => FacetEffect::LeftOut,
            FacetKind::Length
            | FacetKind::MinLength
            | FacetKind::MaxLength
            | FacetKind::Pattern
            | FacetKind::MaxInclusive
            | FacetKind::MaxExclusive
            | FacetKind::MinInclusive
            | FacetKind::MinExclusive
            | FacetKind::TotalDigits
            | FacetKind::FractionDigits => {
                if self.applies(kind) {
                    FacetEffect::Lost
                } else {
                    FacetEffect::LeftOut
                }
            }
        }
    }

    /// The table of section 4.1.5.
    fn applies(&self, kind: FacetKind) -> bool {
        use FacetKind as F;
        let primitive = match &self.parent.variety {
            Variety::Union(_) => return matches!(kind, F::Pattern | F::Enumeration),
            Variety::List(_) => {
                return matches!(kind, F::Length | F::MinLength | F::MaxLength | F::Pattern | F::Enumeration | F::WhiteSpace);
            }
            Variety::Atomic(builtin) => builtin.primitive(),
        };
        use Builtin as B;
        match kind {
            F::Pattern | F::WhiteSpace => true,
            F::Enumeration => primitive != B::Boolean,
            F::Length | F::MinLength | F::MaxLength => {
                matches!(primitive, B::AnySimpleType | B::String | B::HexBinary | B::Base64Binary | B::AnyUri | B::QName | B::Notation)
            }
            F::TotalDigits | F::FractionDigits => primitive == B::Decimal,
            F::MinInclusive | F::MinExclusive | F::MaxInclusive | F::MaxExclusive => matches!(
                primitive,
                B::Decimal
                    | B::Float
                    | B::Double
                    | B::Duration
                    | B::DateTime
                    | B::Time
                    | B::Date
                    | B::GYearMonth
                    | B::GYear
                    | B::GMonthDay
                    | B::GDay
                    | B::GMonth
            ),
        }
    }

    fn white_space(&mut self, spec: &FacetSpec) -> Result<(), String> {
        let wanted = match spec.value.trim() {
            "preserve" => WhiteSpace::Preserve,
            "replace" => WhiteSpace::Replace,
            "collapse" => WhiteSpace::Collapse,
            _ => return Err(format!("expected preserve, replace or collapse, found {:?}", spec.value)),
        };
        if wanted < self.parent.white_space {
            return Err(format!("{:?} would loosen the whiteSpace of the base type", spec.value.trim()));
        }
        self.ty.white_space = wanted;
        Ok(())
    }

    fn pattern(&mut self, index: usize, spec: &FacetSpec) -> Result<(), String> {
        let pattern =
            Pattern::compile(&spec.value).map_err(|error| format!("the pattern {} cannot be used: {error}", shown(&spec.value)))?;
        for message in pattern.warnings() {
            self.faults.push(FacetFault { index, effect: FacetEffect::Holds, message });
        }
        self.patterns.push(pattern);
        Ok(())
    }

    fn value(&mut self, spec: &FacetSpec) -> Result<(), String> {
        let prefixes: &dyn Prefixes = &self.prefixes;
        let checked =
            self.types.check(self.base, &spec.value, prefixes).map_err(|fault| format!("not a value of the base type: {fault}"))?;
        let key = self.types.key(self.base, &checked.text, prefixes, NESTING);
        self.keys.push(key.as_ref().into());
        self.values.push(checked.text.as_ref().into());
        Ok(())
    }

    fn bound(&mut self, spec: &FacetSpec) -> Result<(), String> {
        let Variety::Atomic(builtin) = &self.parent.variety else { return Ok(()) };
        let text = normalise(&spec.value, WhiteSpace::Collapse);
        let value = match lexical::read(*builtin, &text, &()) {
            Ok(Value::Ordered(value)) => value.into_owned(),
            _ => return Err(format!("{} {:?} is no value of xs:{}; it is left out", spec.kind, spec.value, builtin.name())),
        };
        let inclusive = matches!(spec.kind, FacetKind::MinInclusive | FacetKind::MaxInclusive);
        let bound = Bound { inclusive, text: text.as_ref().into(), value };
        if matches!(spec.kind, FacetKind::MinInclusive | FacetKind::MinExclusive) {
            tighten(&mut self.ty.facets.min, bound, Ordering::Greater);
        } else {
            tighten(&mut self.ty.facets.max, bound, Ordering::Less);
        }
        Ok(())
    }

    fn finish(mut self) -> (SimpleType, Vec<FacetFault>) {
        if !self.patterns.is_empty() {
            self.ty.facets.patterns.push(self.patterns.into());
        }
        if !self.values.is_empty() {
            self.ty.facets.enumeration = Some(Arc::new(Enumeration::new(self.values, self.keys)));
        }
        (self.ty, self.faults)
    }
}

/// A pattern as far as a message can show it.
fn shown(pattern: &str) -> String {
    let (head, more) = match pattern.char_indices().nth(80) {
        Some((end, _)) => (pattern.get(..end).unwrap_or_default(), "…"),
        None => (pattern, ""),
    };
    format!("{head:?}{more}")
}

/// Keeps the tighter of two bounds: the new one if it lies beyond the old one, or at it and excludes it.
fn tighten(slot: &mut Option<Bound>, new: Bound, beyond: Ordering) {
    let tighter = match slot {
        None => true,
        Some(old) => match new.value.partial_cmp(&old.value) {
            Some(Ordering::Equal) => !new.inclusive,
            Some(order) => order == beyond,
            None => !is_nan(&old.value),
        },
    };
    if tighter {
        *slot = Some(new);
    }
}

fn is_nan(value: &Ordered<'_>) -> bool {
    matches!(value, Ordered::Float(value) if value.is_nan()) || matches!(value, Ordered::Double(value) if value.is_nan())
}

/// A whole number from 0; what exceeds 64 bits is no limit that a text could reach.
fn count(spec: &FacetSpec) -> Result<u64, String> {
    let text = spec.value.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{} is {:?}, expected a whole number from 0; it is left out", spec.kind, spec.value));
    }
    Ok(digits.parse().unwrap_or(u64::MAX))
}

fn digits(spec: &FacetSpec) -> Result<u64, String> {
    match count(spec)? {
        0 => Err(format!("{} is 0, expected a whole number from 1; it is left out", spec.kind)),
        number => Ok(number),
    }
}
