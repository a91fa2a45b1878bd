//! "Did you mean …?": the word that a misspelt one was meant to be.

/// The known word that a misspelt one was meant to be, if one is near.
pub(crate) fn nearest<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    let far = |other: &str| strsim::damerau_levenshtein(word, other);
    known.iter().copied().map(|other| (far(other), other)).filter(|(far, other)| *far <= 1 + other.len() / 4).min().map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_word_and_a_strange_word_finds_none() {
        assert_eq!(nearest("starts-wth", &["string", "starts-with", "count"]), Some("starts-with"));
        assert_eq!(nearest("elephant", &["string", "starts-with", "count"]), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
