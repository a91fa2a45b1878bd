//! Simple types and their values.

/// A simple type. Those below 46 are the built-in ones, see `Builtin`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SimpleTypeId(pub u32);

/// All simple types of a set of schemas.
#[derive(Clone, Debug, Default)]
pub struct SimpleTypes {}
