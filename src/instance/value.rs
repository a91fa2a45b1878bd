//! Values of simple types: candidates of the right kind, of which the type itself picks those that are valid.
//!
//! Bounds, enumerations, lengths and patterns make candidates; [`SimpleTypes::check`] is the judge, so that no value leaves
//! that the type does not accept.
//!
//! [`SimpleTypes::check`]: crate::schema::simple::SimpleTypes::check

use crate::instance::Generator;
use crate::instance::Style;
use crate::schema::simple::Builtin;
use crate::schema::simple::Facets;
use crate::schema::simple::SimpleTypeId;
use crate::schema::simple::Variety;

/// How many candidates are tried before a type counts as empty.
const TRIES: usize = 60;

impl Generator<'_> {
    /// A value of a type; `hint` is what a text may say. None if none is found.
    pub(super) fn value(&mut self, ty: SimpleTypeId, hint: &str) -> Option<String> {
        self.value_within(ty, hint, 8)
    }

    fn value_within(&mut self, ty: SimpleTypeId, hint: &str, nesting: u32) -> Option<String> {
        for attempt in 0..TRIES {
            let candidate = self.candidate(ty, hint, nesting.checked_sub(1)?, attempt)?;
            if self.schema.simple.check(ty, &candidate, &self.names).is_ok() {
                return Some(candidate);
            }
        }
        None
    }

    fn candidate(&mut self, ty: SimpleTypeId, hint: &str, nesting: u32, attempt: usize) -> Option<String> {
        let simple = self.schema.simple.get(ty);
        let is_name = matches!(simple.variety, Variety::Atomic(Builtin::QName | Builtin::Notation));
        if let (Some(enumeration), false) = (&simple.facets.enumeration, is_name) {
            let at = if self.is_random() { self.rng.below(enumeration.values.len()) } else { attempt };
            return enumeration.values.get(at % enumeration.values.len().max(1)).map(ToString::to_string);
        }
        if let Some(example) = self.example(&simple.facets, attempt) {
            return Some(example);
        }
        match &simple.variety {
            Variety::Atomic(builtin) => Some(self.atomic(*builtin, &simple.facets, hint, attempt)),
            Variety::List(item) => self.list(*item, &simple.facets, hint, nesting),
            Variety::Union(members) => {
                let at = if self.is_random() { self.rng.below(members.len()) } else { attempt % members.len().max(1) };
                self.value_within(*members.get(at)?, hint, nesting).or_else(|| Some(String::new()))
            }
        }
    }

    /// A text that one of the patterns matches; the others judge it later.
    fn example(&mut self, facets: &Facets, attempt: usize) -> Option<String> {
        // Half of the attempts go to plain candidates: a loose pattern is best met by an ordinary value.
        if facets.patterns.is_empty() || (attempt % 2 == 1 && facets.patterns.len() < TRIES) {
            return None;
        }
        let step = facets.patterns.get((attempt / 2) % facets.patterns.len())?;
        let pattern = if self.is_random() { self.rng.pick(step)? } else { step.first()? };
        let least = facets.length.or(facets.min_length).unwrap_or(0);
        let most = facets.length.or(facets.max_length).unwrap_or(least.saturating_add(30));
        pattern.example(&mut |below| self.rng.number(below), usize::try_from(most).unwrap_or(usize::MAX))
    }

    fn list(&mut self, item: SimpleTypeId, facets: &Facets, hint: &str, nesting: u32) -> Option<String> {
        let least = facets.length.or(facets.min_length).unwrap_or(0).min(1000);
        let most = facets.length.or(facets.max_length).unwrap_or(least + 3);
        let count = match self.style {
            Style::Minimal => least,
            Style::Typical | Style::Maximal => most.min(least.max(2)),
            Style::Random => least + self.rng.draw() % (most.min(least + 3) - least + 1),
        };
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.list_item(item, hint, nesting)?);
        }
        Some(items.join(" "))
    }

    /// A value without white space that is not empty: another one would not be one item.
    fn list_item(&mut self, item: SimpleTypeId, hint: &str, nesting: u32) -> Option<String> {
        for _ in 0..TRIES {
            let value = self.value_within(item, hint, nesting)?;
            if !value.is_empty() && !value.contains([' ', '\t', '\n', '\r']) {
                return Some(value);
            }
        }
        self.schema.simple.check(item, "item", &self.names).is_ok().then(|| String::from("item"))
    }

    fn atomic(&mut self, builtin: Builtin, facets: &Facets, hint: &str, attempt: usize) -> String {
        if builtin == Builtin::Id {
            self.ids += 1;
            return format!("id{}", self.ids);
        }
        if builtin == Builtin::QName || builtin == Builtin::Notation {
            return self.name(facets, attempt);
        }
        if builtin.primitive() == Builtin::Decimal {
            return self.number(builtin, facets, attempt);
        }
        let bounds = [&facets.min, &facets.max].into_iter().flatten().map(|bound| bound.text.to_string());
        let mut all: Vec<String> = examples(builtin).iter().map(ToString::to_string).collect();
        all.extend(bounds);
        if builtin.primitive() == Builtin::String || builtin.primitive() == Builtin::AnyUri || builtin == Builtin::AnySimpleType {
            let hint: String = hint.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
            all.insert(0, if hint.is_empty() { String::from("text") } else { hint });
        }
        let text = self.one_of(&all, attempt);
        self.of_length(builtin, facets, text)
    }

    /// Any of them at random, else the first, then the others.
    fn one_of(&mut self, all: &[String], attempt: usize) -> String {
        let at = if self.is_random() { self.rng.below(all.len()) } else { attempt % all.len().max(1) };
        all.get(at).cloned().unwrap_or_default()
    }

    fn number(&mut self, builtin: Builtin, facets: &Facets, attempt: usize) -> String {
        let bounds = builtin.bounds();
        let least = facets.min.as_ref().map(|bound| &*bound.text).or(bounds.0);
        let most = facets.max.as_ref().map(|bound| &*bound.text).or(bounds.1);
        let mut all: Vec<String> = ["1", "0", "42", "-1", "7", "100"].map(String::from).to_vec();
        all.extend([least, most].into_iter().flatten().map(String::from));
        for bound in [least, most].into_iter().flatten() {
            let whole = bound.split('.').next().and_then(|whole| whole.parse::<i128>().ok()).unwrap_or(0);
            all.extend([-1, 1, 2, -2].map(|step| whole.saturating_add(step).to_string()));
        }
        if builtin.is_integer() {
            all.push(self.between(least, most));
            if self.is_random() {
                all.extend(["1180591620717411303424", "9007199254740993", "007", "+5"].map(String::from));
            }
        } else {
            all.extend(["1.50", "0.1", "12.3"].map(String::from));
            if self.is_random() {
                all.extend(["12345678901234567.89", "-0.000000000000000000000000000001", ".5", "5.", "1.10"].map(String::from));
            }
        }
        self.one_of(&all, attempt)
    }

    /// A whole number of a range, near its beginning if it is wide.
    fn between(&mut self, least: Option<&str>, most: Option<&str>) -> String {
        let whole = |text: Option<&str>| text.and_then(|text| text.split('.').next()?.parse::<i128>().ok());
        let least = whole(least).unwrap_or(-1000);
        let most = whole(most).unwrap_or(least.saturating_add(100_000));
        let width = most.saturating_sub(least).clamp(0, 1_000_000).saturating_add(1);
        let step = i128::from(self.rng.draw()) % width;
        least.saturating_add(step).to_string()
    }

    /// A QName with a prefix of this instance; of an enumeration, one of its values.
    fn name(&mut self, facets: &Facets, attempt: usize) -> String {
        let (ns, local) = match &facets.enumeration {
            Some(enumeration) => {
                let at = if self.is_random() { self.rng.below(enumeration.keys.len()) } else { attempt };
                let key = enumeration.keys.get(at % enumeration.keys.len().max(1)).map_or("", |key| &**key);
                key.strip_prefix('{')
                    .and_then(|rest| rest.split_once('}'))
                    .map_or_else(|| (String::new(), key.to_owned()), |(ns, local)| (ns.to_owned(), local.to_owned()))
            }
            None if self.is_random() && self.rng.chance(30) => (String::new(), String::from("name")),
            None => (String::from("urn:example:names"), String::from("name")),
        };
        self.names.qualified(&ns, &local)
    }

    /// The text brought to a length that the facets allow, in characters or in octets.
    fn of_length(&mut self, builtin: Builtin, facets: &Facets, text: String) -> String {
        let least = facets.length.or(facets.min_length).unwrap_or(0).min(100_000);
        let most = facets.length.or(facets.max_length).unwrap_or(u64::MAX);
        let binary = builtin == Builtin::HexBinary || builtin == Builtin::Base64Binary;
        if binary && (least > 0 || most < u64::MAX) {
            let spread = most.saturating_sub(least).min(8) + 1;
            let count = least + if self.is_random() { self.rng.draw() % spread } else { 0 };
            return if builtin == Builtin::HexBinary { "0F".repeat(usize::try_from(count).unwrap_or(0)) } else { base64(count) };
        }
        let length = text.chars().count() as u64;
        if binary || (length >= least && length <= most) {
            return text;
        }
        if length > most {
            let cut: String = text.chars().take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
            return cut;
        }
        let missing = usize::try_from(least - length).unwrap_or(0);
        text + &"abcdefghij".repeat(missing / 10 + 1)[..missing]
    }
}

/// So many octets of one value.
fn base64(octets: u64) -> String {
    let octets = usize::try_from(octets).unwrap_or(0);
    let tail = match octets % 3 {
        1 => "AA==",
        2 => "AAA=",
        _ => "",
    };
    "AAAA".repeat(octets / 3) + tail
}

/// Plain values of the types that have neither numbers nor names.
fn examples(builtin: Builtin) -> &'static [&'static str] {
    match builtin {
        Builtin::Boolean => &["true", "false", "1", "0"],
        Builtin::Float | Builtin::Double => &["1.5", "0", "-1.5E-3", "INF", "-INF", "NaN", "1E5", "100"],
        Builtin::Duration => &["P1D", "PT1.5S", "-P1Y2M3DT4H5M6S", "P0D", "P1M"],
        Builtin::DateTime => &["2026-05-01T12:00:00", "2026-05-01T12:00:00Z", "1999-12-31T23:59:59.999+02:00"],
        Builtin::Time => &["12:00:00", "23:59:59.5Z", "08:30:00-05:00"],
        Builtin::Date => &["2026-05-01", "2000-02-29Z", "1969-07-20+01:00"],
        Builtin::GYearMonth => &["2026-05", "1999-12Z"],
        Builtin::GYear => &["2026", "1492Z"],
        Builtin::GMonthDay => &["--05-01", "--02-29Z"],
        Builtin::GDay => &["---15", "---31Z"],
        Builtin::GMonth => &["--05", "--12Z"],
        Builtin::HexBinary => &["0FB7", "", "00ff"],
        Builtin::Base64Binary => &["Y2FzdGlsZQ==", "", "AA=="],
        Builtin::AnyUri => &["http://example.org/a?b=c&d=e", "a/b#c", "urn:example:1"],
        Builtin::String | Builtin::AnySimpleType => {
            &["a < b & c > \"d\" 'e'", "", " two  spaces ", "tab\tand\nline\r\nends", "ñandú €", "\u{1F3F0}", "007", "true", "]]>"]
        }
        Builtin::NormalizedString => &["a < b & c", "", " two  spaces ", "ñandú €"],
        Builtin::Token => &["a < b & c", "", "two words", "ñandú €"],
        Builtin::Language => &["en", "es-ES", "de"],
        Builtin::NmToken | Builtin::NmTokens => &["a-1.b", "1", "x:y"],
        Builtin::Name => &["name", "x:y", "_n-1.2"],
        Builtin::NcName
        | Builtin::Id
        | Builtin::IdRef
        | Builtin::IdRefs
        | Builtin::Entity
        | Builtin::Entities
        | Builtin::QName
        | Builtin::Notation => &["name", "_n-1.2", "ñame"],
        Builtin::Decimal
        | Builtin::Integer
        | Builtin::NonPositiveInteger
        | Builtin::NegativeInteger
        | Builtin::Long
        | Builtin::Int
        | Builtin::Short
        | Builtin::Byte
        | Builtin::NonNegativeInteger
        | Builtin::UnsignedLong
        | Builtin::UnsignedInt
        | Builtin::UnsignedShort
        | Builtin::UnsignedByte
        | Builtin::PositiveInteger => &["1"],
    }
}
