//! White space before the XML declaration of an operator's document: common, illegal (XML 1.0 section 2.8), forgiven.

/// The text with its XML declaration blanked if white space stands before it, so that it parses and every place stays where
/// it was; none if there is nothing to mend.
pub(crate) fn without_late_declaration(text: &str) -> Option<String> {
    let start = text.len() - text.trim_start().len();
    if start == 0 || !text[start..].starts_with("<?xml") || !text[start + 5..].starts_with([' ', '\t', '\r', '\n']) {
        return None;
    }
    let end = start + text[start..].find("?>")? + 2;
    let blank: String = text[..end].chars().flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8())).collect();
    Some(blank + &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_declaration_is_blanked_and_places_stay() {
        let text = "\n\n  <?xml version=\"1.0\"?>\n<a/>";
        let mended = without_late_declaration(text).unwrap();
        assert_eq!(mended.find("<a/>"), text.find("<a/>"));
        assert!(roxmltree::Document::parse(&mended).is_ok());
    }

    #[test]
    fn what_needs_no_mending_is_left_alone() {
        assert!(without_late_declaration("<?xml version=\"1.0\"?><a/>").is_none());
        assert!(without_late_declaration("  <a/>").is_none());
        assert!(without_late_declaration("  <?xml-stylesheet href=''?><a/>").is_none());
    }
}
