//! "did you mean …?" for names in sheets.

/// The name that is most like `written`, if one is like it at all.
pub(super) fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let close = names.map(|name| (strsim::damerau_levenshtein(written, name), name)).min();
    close.filter(|(distance, _)| *distance <= 2 && *distance < written.chars().count()).map(|(_, name)| name)
}
