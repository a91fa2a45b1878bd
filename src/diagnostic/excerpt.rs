//! The line of a place with a caret under it, for people.
//!
//! Lines of any length: what is shown of one is a window round the place, found without reading the whole of it. Control
//! characters, tabs among them, are one space each, so that the caret stands where it should and nothing reaches a terminal
//! that could steer it.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::Sources;
use crate::diagnostic::paint::Paint;

/// Columns of a line that are shown.
const WIDTH: usize = 100;

impl Sources {
    /// The line of a place with a caret under it; none if the place is in no document or beyond its end.
    #[must_use]
    pub fn excerpt(&self, place: Place, paint: Paint) -> Option<String> {
        let source = self.get(place.source)?;
        let offset = place.offset as usize;
        let (shown, column) = window(source.text.get(..offset)?, source.text.get(offset..)?);
        let number = source.position(offset).line.to_string();
        let margin = " ".repeat(number.len());
        Some(format!(
            "{} {shown}\n{} {}{}",
            paint.dim(&format!("{number} |")),
            paint.dim(&format!("{margin} |")),
            " ".repeat(column),
            paint.caret("^")
        ))
    }

    /// What [`Sources::render`] gives, and the excerpt below it if there is one.
    #[must_use]
    pub fn explain(&self, diagnostic: &Diagnostic, paint: Paint) -> String {
        let mut lines = self.render(diagnostic);
        if let Some(excerpt) = diagnostic.at.and_then(|place| self.excerpt(place, paint)) {
            lines.push('\n');
            lines.push_str(&excerpt);
        }
        lines
    }
}

/// What is shown of the line between `head` and `rest`, and how many columns of it stand before the place.
fn window(head: &str, rest: &str) -> (String, usize) {
    let before: Vec<char> = head.chars().rev().take_while(|c| *c != '\n').take(WIDTH + 1).collect();
    let mut after: Vec<char> = rest.chars().take_while(|c| *c != '\n').take(WIDTH + 1).collect();
    while after.last().is_some_and(|c| c.is_whitespace()) && after.len() <= WIDTH {
        after.pop();
    }
    let (mut back, mut on) = (before.len(), after.len());
    if back + on > WIDTH {
        back = back.min(WIDTH - on.min(WIDTH / 2));
        on = on.min(WIDTH - back);
    }
    let mut shown = String::new();
    let mut column = back;
    if back < before.len() {
        shown.push('…');
        column += 1;
    }
    let seen = before[..back].iter().rev().chain(&after[..on]);
    shown.extend(seen.map(|c| if c.is_control() { ' ' } else { *c }));
    if on < after.len() {
        shown.push('…');
    }
    (shown, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_has_a_caret_under_the_place() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "version: 1\n\tgröße: 7\r\nx: y");
        let at = |offset| sources.excerpt(Place { source, offset }, Paint::Plain);
        assert_eq!(at(9).as_deref(), Some("1 | version: 1\n  |          ^"));
        assert_eq!(at(21).as_deref(), Some("2 |  größe: 7\n  |         ^"));
        assert_eq!(at(28).as_deref(), Some("3 | x: y\n  |     ^"));
        assert_eq!(at(29), None);
        assert_eq!(at(15), None, "inside a letter");
    }

    #[test]
    fn a_long_line_is_shown_around_the_place_with_dots_where_it_is_cut() {
        let mut sources = Sources::default();
        let source = sources.add("a.wsdl", format!("{}<here/>{}", "é".repeat(5000), "y".repeat(5000)));
        let excerpt = |offset| sources.excerpt(Place { source, offset }, Paint::Plain).expect("a place");
        let column = |line: &str, what: char| line.chars().position(|c| c == what);
        for (offset, under, cut) in [(10_000, '<', (true, true)), (0, 'é', (false, true)), (15_006, 'y', (true, false))] {
            let excerpt = excerpt(offset);
            let (shown, caret) = excerpt.split_once('\n').expect("two lines");
            let at = column(caret, '^').expect("a caret");
            assert_eq!(shown.chars().nth(at), Some(under), "{excerpt}");
            assert!(shown.chars().count() <= WIDTH + 6, "{excerpt}");
            assert_eq!((shown.contains("| …"), shown.ends_with('…')), cut, "{excerpt}");
        }
    }

    #[test]
    fn what_could_steer_a_terminal_is_shown_as_spaces() {
        let mut sources = Sources::default();
        let source = sources.add("a.wsdl", "a\u{1b}[31mb");
        assert_eq!(sources.excerpt(Place { source, offset: 6 }, Paint::Plain).as_deref(), Some("1 | a [31mb\n  |       ^"));
    }
}
