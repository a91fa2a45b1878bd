//! Values with a unit, as the operator writes them: `10MiB`, `5s`; and values that are never shown.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use schemars::Schema;
use schemars::SchemaGenerator;
use schemars::json_schema;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;

/// A number of bytes, written with its unit: `64KiB`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Size(pub u64);

/// A length of time, written with its unit: `250ms`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Time(pub Duration);

/// Text that is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Something that is measured, of which none at all would be too little.
pub(crate) trait Measured: Default + PartialEq + fmt::Display {
    /// The least of it.
    const LEAST: &'static str;
}

impl Measured for Size {
    const LEAST: &'static str = "1B";
}

impl Measured for Time {
    const LEAST: &'static str = "1ms";
}

impl Measured for u32 {
    const LEAST: &'static str = "1";
}

/// What is wrong with a measure of nothing.
pub(crate) fn too_little<M: Measured>(measure: &M) -> Option<String> {
    (*measure == M::default()).then(|| format!("found {measure}, with which nothing would work, expected at least {}", M::LEAST))
}

const SIZES: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];
const TIMES: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

/// A whole number and its unit; none if it is not written so or does not fit.
fn measure(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        measure(&text, &SIZES).map(Self).ok_or_else(|| D::Error::custom("expected a size such as 10MiB"))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let found = measure(&text, &TIMES).ok_or_else(|| D::Error::custom("expected a time such as 5s"))?;
        Ok(Self(Duration::from_millis(found)))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) =
            SIZES[..3].iter().rev().find(|(_, factor)| self.0 >= *factor && self.0.is_multiple_of(*factor)).unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.0 / factor)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        if millis.is_multiple_of(1000) { write!(f, "{}s", millis / 1000) } else { write!(f, "{millis}ms") }
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A number of bytes: 512B, 64KiB, 10MiB, 1GiB", "pattern": "^([0-9]{1,15}B|[0-9]{1,9}(KiB|MiB|GiB))$", "examples": ["10MiB"] })
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A length of time: 250ms, 5s, 2m, 1h", "pattern": "^[0-9]{1,9}(ms|s|m|h)$", "examples": ["5s"] })
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A secret, best as \"${env:NAME}\" or \"${file:PATH}\"; never shown", "minLength": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read_with_their_units_only() {
        for (text, bytes) in [("512B", 512), ("64KiB", 65536), ("10MiB", 10 << 20), ("1GiB", 1 << 30)] {
            assert_eq!(serde_json::from_value::<Size>(text.into()).ok(), Some(Size(bytes)));
            assert_eq!(Size(bytes).to_string(), text);
        }
        for (text, millis) in [("250ms", 250), ("5s", 5000), ("2m", 120_000)] {
            assert_eq!(serde_json::from_value::<Time>(text.into()).ok(), Some(Time(Duration::from_millis(millis))));
        }
        for text in ["10", "MiB", "1.5s", "-1s", "99999999999999999999h"] {
            assert!(serde_json::from_value::<Size>(text.into()).is_err());
            assert!(serde_json::from_value::<Time>(text.into()).is_err());
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret: Secret = serde_json::from_value("hunter2".into()).expect("text");
        assert!(!format!("{secret:?}").contains("hunter"));
    }
}
