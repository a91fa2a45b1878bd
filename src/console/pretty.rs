//! An indented form of XML for people.

use std::fmt::Write;

/// XML with two spaces a level where an element holds elements only. What is not well-formed comes back as it is.
pub(super) fn xml(text: &str) -> String {
    let Ok(document) = roxmltree::Document::parse(text) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len() * 2);
    element(&mut out, text, document.root_element(), 0);
    out
}

fn element(out: &mut String, text: &str, node: roxmltree::Node<'_, '_>, level: usize) {
    let _ = write!(out, "{:1$}", "", level * 2);
    let source = text.get(node.range()).unwrap_or_default();
    let structured = node.children().any(|child| child.is_element())
        && node.children().all(|child| child.is_element() || child.text().is_none_or(|text| text.trim().is_empty()));
    let (Some(first), Some(last), true) = (node.first_element_child(), node.last_element_child(), structured && level < 64) else {
        out.push_str(source.trim());
        return;
    };
    let open = text.get(node.range().start..first.range().start).unwrap_or_default();
    out.push_str(open.trim_end());
    for child in node.children().filter(roxmltree::Node::is_element) {
        out.push('\n');
        element(out, text, child, level + 1);
    }
    let _ = write!(out, "\n{:1$}", "", level * 2);
    out.push_str(text.get(last.range().end..node.range().end).unwrap_or_default().trim_start());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_indented_and_mixed_content_left_alone() {
        assert_eq!(xml("<a><b x='1'/><c>t <i>u</i></c></a>"), "<a>\n  <b x='1'/>\n  <c>t <i>u</i></c>\n</a>");
    }

    #[test]
    fn what_is_no_xml_comes_back_as_it_is() {
        assert_eq!(xml("<a>"), "<a>");
    }
}
