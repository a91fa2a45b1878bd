//! Values of the ordered types, for bounds and for equality.

use std::cmp::Ordering;

use crate::schema::simple::decimal::Decimal;
use crate::schema::simple::duration::Duration;
use crate::schema::simple::moment::Moment;

/// A value of a type that has an order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Ordered<'a> {
    /// decimal and the integer family.
    Decimal(Decimal<'a>),
    /// float.
    Float(f32),
    /// double.
    Double(f64),
    /// duration.
    Duration(Duration<'a>),
    /// The eight date and time types.
    Moment(Moment<'a>),
}

impl Ordered<'_> {
    /// The same value, owning its digits.
    pub(crate) fn into_owned(self) -> Ordered<'static> {
        match self {
            Self::Decimal(value) => Ordered::Decimal(value.into_owned()),
            Self::Float(value) => Ordered::Float(value),
            Self::Double(value) => Ordered::Double(value),
            Self::Duration(value) => Ordered::Duration(value.into_owned()),
            Self::Moment(value) => Ordered::Moment(value.into_owned()),
        }
    }

    /// Appends a form that equal values of one type share.
    pub(crate) fn write_canonical(&self, out: &mut String) {
        match self {
            Self::Decimal(value) => value.write_canonical(out),
            Self::Float(value) => out.push_str(&(value + 0.0).to_string()),
            Self::Double(value) => out.push_str(&(value + 0.0).to_string()),
            Self::Duration(value) => value.write_canonical(out),
            Self::Moment(value) => value.write_canonical(out),
        }
    }
}

impl PartialOrd for Ordered<'_> {
    /// None where the order is open, and between types.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Decimal(a), Self::Decimal(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.partial_cmp(b),
            (Self::Moment(a), Self::Moment(b)) => a.partial_cmp(b),
            (Self::Decimal(_) | Self::Float(_) | Self::Double(_) | Self::Duration(_) | Self::Moment(_), _) => None,
        }
    }
}
