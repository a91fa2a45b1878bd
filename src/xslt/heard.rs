//! What libxslt and libxml2 tell during one call: faults with places, warnings, the texts of xsl:message, and the result's bytes.
//!
//! libxslt tells a fault in two pieces, the place and then the words, and sends xsl:message through the same channel without a place.
//! Everything kept is bounded: a sheet may talk without end.

use crate::xslt::name;

/// How many faults of one call are kept, and how many bytes of one text and of all messages.
const MOST_FAULTS: usize = 50;
const MOST_TEXT: usize = 4000;
const MOST_MESSAGES: usize = 256 << 10;

/// One thing told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// Where the next text belongs.
    Place { file: Option<String>, line: u32 },
    /// Words: of the fault at the place before, else of xsl:message.
    Text(String),
    /// A fault told at once.
    Fault { file: Option<String>, line: u32, text: String },
    /// What can be lived with.
    Warning { file: Option<String>, line: u32, text: String },
}

/// A fault in the words of libxslt, tidied up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Told {
    /// The document's path, if it is known.
    pub(super) path: Option<String>,
    /// Its line, 0 if it is not known.
    pub(super) line: u32,
    pub(super) text: String,
}

/// Listens during one call.
#[derive(Debug)]
pub(super) struct Heard {
    /// Words without a place are faults while a sheet is compiled, and what xsl:message says while it runs.
    compiling: bool,
    place: Option<(Option<String>, u32)>,
    /// Faults without a place, waiting for the next one that has one.
    loose: Vec<String>,
    faults: Vec<Told>,
    messages: Vec<String>,
    message_bytes: usize,
    /// Whether the last message goes on with the next text.
    open: bool,
    result: Vec<u8>,
    most_result: usize,
    overflow: bool,
}

impl Heard {
    /// While a sheet is compiled.
    pub(super) fn compiling() -> Self {
        Self { compiling: true, ..Self::running(0) }
    }

    /// While a sheet runs, whose result may have so many bytes.
    pub(super) fn running(most_result: usize) -> Self {
        Self {
            compiling: false,
            place: None,
            loose: Vec::new(),
            faults: Vec::new(),
            messages: Vec::new(),
            message_bytes: 0,
            open: false,
            result: Vec::new(),
            most_result,
            overflow: false,
        }
    }

    /// Takes in one thing told.
    pub(super) fn hear(&mut self, said: Said) {
        match said {
            Said::Place { file, line } => self.place = Some((file, line)),
            Said::Text(text) => match self.place.take() {
                Some((file, line)) => self.fault(file, line, &text),
                None if self.compiling => self.fault(None, 0, &text),
                None => self.message(text),
            },
            Said::Fault { file, line, text } => self.fault(file, line, &text),
            Said::Warning { .. } => {}
        }
    }

    /// Takes a piece of the result; false if there is no room.
    pub(super) fn take(&mut self, piece: &[u8]) -> bool {
        if self.overflow || piece.len() > self.most_result - self.result.len() {
            self.overflow = true;
            return false;
        }
        self.result.extend_from_slice(piece);
        true
    }

    /// Whether the result was larger than allowed.
    pub(super) fn overflowed(&self) -> bool {
        self.overflow
    }

    /// Faults, messages and result of the call that has returned.
    pub(super) fn finish(mut self) -> (Vec<Told>, Vec<String>, Vec<u8>) {
        if !self.loose.is_empty() && self.faults.is_empty() {
            let text = std::mem::take(&mut self.loose).join(": ");
            self.faults.push(Told { path: None, line: 0, text });
        }
        (self.faults, self.messages, self.result)
    }

    fn fault(&mut self, file: Option<String>, line: u32, text: &str) {
        let text = plainly(tidy(text));
        if text.is_empty() || self.faults.len() >= MOST_FAULTS {
            return;
        }
        let Some(file) = file.filter(|_| line > 0) else {
            if !self.loose.contains(&text) && self.loose.len() < MOST_FAULTS {
                self.loose.push(text);
            }
            return;
        };
        let path = Some(name::path_of(&file));
        let loose = std::mem::take(&mut self.loose);
        let last = self.faults.last_mut().filter(|last| last.path == path && last.line == line);
        // One fault is often told twice, by the engine of XPath and by the instruction around it.
        if let Some(last) = last {
            for part in loose.into_iter().chain([text]) {
                if last.text.len() < MOST_TEXT && !says_nothing(&part) && !last.text.contains(&part) {
                    last.text.push_str(": ");
                    last.text.push_str(&part);
                }
            }
        } else {
            let text = loose.into_iter().chain([text]).collect::<Vec<_>>().join(": ");
            self.faults.push(Told { path, line, text });
        }
    }

    fn message(&mut self, text: String) {
        if self.open && text == "\n" {
            self.open = false;
            return;
        }
        self.message_bytes += text.len();
        if self.message_bytes > MOST_MESSAGES {
            return;
        }
        self.open = !text.ends_with('\n');
        self.messages.push(text.trim_end_matches('\n').to_owned());
    }
}

/// Said behind a fault that has been told already.
fn says_nothing(text: &str) -> bool {
    matches!(text, "XPath evaluation returned no result" | "evaluating the expression failed")
}

/// A forbidden access in words that say what is allowed; nothing for what libxslt says of it a second time.
fn plainly(text: String) -> String {
    let between = |head: &str, tail: &str| text.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
    if let Some(what) = between("local file read for ", " refused").or_else(|| between("network file read for ", " refused")) {
        return format!("document() may not read `{}`; it reads the sheet itself, and documents that are listed", name::path_of(what));
    }
    if let Some(what) = between("file write for ", " refused") {
        return format!("`{what}` may not be written; a sheet writes its result and nothing else");
    }
    if text.ends_with(" denied") && (text.contains("read rights for ") || text.contains("write rights for ")) {
        return String::new();
    }
    text
}

/// libxslt's words as castile's: one line, no final dot, none of its own functions' names.
fn tidy(text: &str) -> String {
    let mut words = String::with_capacity(text.len().min(MOST_TEXT));
    for word in text.split_whitespace() {
        if words.len() + word.len() >= MOST_TEXT {
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    let mut rest = words.trim_end_matches('.');
    // `xsltStylePreCompute: unknown …`, `xmlXPathCompOpEval: function …`
    if let Some((head, tail)) = rest.split_once(": ")
        && ["xslt", "xml", "exslt"].iter().any(|prefix| head.starts_with(prefix))
        && head.chars().all(char::is_alphanumeric)
    {
        rest = tail;
    }
    let second_is_lower = rest.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == ' ');
    let rest = rest.replace(name::SCHEME, "");
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) if second_is_lower => first.to_lowercase().chain(letters).collect(),
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u32) -> Said {
        Said::Place { file: Some(format!("{}a.xsl", name::SCHEME)), line }
    }

    #[test]
    fn a_text_behind_a_place_is_a_fault_and_one_without_is_a_message() {
        let mut heard = Heard::running(10);
        heard.hear(place(4));
        heard.hear(Said::Text(String::from("Variable 'x' has not been declared.\n")));
        heard.hear(Said::Text(String::from("hello")));
        heard.hear(Said::Text(String::from("\n")));
        heard.hear(Said::Text(String::from("two\nlines\n")));
        let (faults, messages, _) = heard.finish();
        let fault = Told { path: Some(String::from("a.xsl")), line: 4, text: String::from("variable 'x' has not been declared") };
        assert_eq!(faults, [fault]);
        assert_eq!(messages, ["hello", "two\nlines"]);
    }

    #[test]
    fn a_fault_told_in_pieces_is_one() {
        let mut heard = Heard::compiling();
        heard.hear(Said::Fault { file: None, line: 0, text: String::from("Invalid expression: concat('a', ") });
        heard.hear(place(5));
        heard.hear(Said::Text(String::from("XPath error: Could not compile expression.\n")));
        heard.hear(place(5));
        heard.hear(Said::Text(String::from("XPath error: Could not compile expression.\n")));
        let (faults, _, _) = heard.finish();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].text, "invalid expression: concat('a',: XPath error: Could not compile expression");
    }

    #[test]
    fn a_result_beyond_its_limit_is_not_kept() {
        let mut heard = Heard::running(4);
        assert!(heard.take(b"abcd"));
        assert!(!heard.take(b"e") && heard.overflowed());
        assert!(!heard.take(b""), "nothing more is taken");
    }

    #[test]
    fn messages_without_end_are_not_all_kept() {
        let mut heard = Heard::running(0);
        for _ in 0..1_000_000 {
            heard.hear(Said::Text(String::from("again\n")));
        }
        assert!(heard.finish().1.len() < 60_000);
    }
}
