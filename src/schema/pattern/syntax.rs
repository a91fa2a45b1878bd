//! Reading a pattern (Part 2, appendix F).
//!
//! Lenient where the meaning is plain: an escaped character that needs no escape, `]`, `{` and `}` as themselves,
//! `(?:…)`, `{,n}`. `^` and `$` are ordinary characters; a warning says so.

use std::sync::Arc;

use crate::schema::pattern::PatternError;
use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::unicode;

/// How deep groups and subtractions may nest.
const NESTING: u32 = 100;
/// How long a pattern may be.
const LENGTH: usize = 65_536;

/// A regular expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Node {
    /// One character of a set.
    Set(Arc<CharSet>),
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them.
    Choice(Vec<Node>),
    /// So many times; no end if `max` is none.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
}

/// A pattern as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Parsed {
    pub(crate) node: Node,
    pub(crate) warnings: Vec<String>,
}

/// Reads a pattern.
pub(crate) fn parse(source: &str) -> Result<Parsed, PatternError> {
    let mut parser = Parser { source, at: 0, depth: 0, warnings: Vec::new() };
    if source.len() > LENGTH {
        return parser.fail(format!("patterns of more than {LENGTH} bytes are not read"));
    }
    let node = parser.choice()?;
    if parser.at < source.len() {
        return parser.fail("a closing parenthesis without an opening one");
    }
    Ok(Parsed { node, warnings: parser.warnings })
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    depth: u32,
    warnings: Vec<String>,
}

/// One thing inside a class expression.
enum ClassItem {
    Char(char),
    Set(CharSet),
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(one_or(branches, Node::Choice))
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom(c)?;
            pieces.push(self.quantified(atom)?);
        }
        Ok(one_or(pieces, Node::Sequence))
    }

    fn atom(&mut self, c: char) -> Result<Node, PatternError> {
        let set = match c {
            '(' => return self.group(),
            '[' => self.class()?,
            '.' => {
                self.advance(c);
                CharSet::new(vec![(0x0A, 0x0A), (0x0D, 0x0D)]).negate()
            }
            '\\' => match self.escape()? {
                ClassItem::Char(c) => CharSet::single(c),
                ClassItem::Set(set) => set,
            },
            '?' | '*' | '+' => return self.fail(format!("{c:?} has nothing before it to repeat")),
            _ => {
                if matches!(c, '^' | '$') {
                    self.warn(format!("{c:?} is an ordinary character in a pattern, which always matches the whole value"));
                } else if matches!(c, ']' | '{' | '}') {
                    self.warn(format!("{c:?} is taken for itself: write \\{c}"));
                }
                self.advance(c);
                CharSet::single(c)
            }
        };
        Ok(Node::Set(Arc::new(set)))
    }

    fn group(&mut self) -> Result<Node, PatternError> {
        self.advance('(');
        if self.source[self.at..].starts_with("?:") {
            self.at += 2;
            self.warn("(?: is not of XML Schema and is taken for (".to_owned());
        }
        self.enter()?;
        let node = self.choice()?;
        self.depth -= 1;
        if !self.eat(')') {
            return self.fail("a closing parenthesis is missing");
        }
        Ok(node)
    }

    fn quantified(&mut self, atom: Node) -> Result<Node, PatternError> {
        let (min, max) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => return self.counted(atom),
            Some(_) | None => return Ok(atom),
        };
        self.at += 1;
        self.no_second_quantifier()?;
        Ok(repeat(atom, min, max))
    }

    fn counted(&mut self, atom: Node) -> Result<Node, PatternError> {
        let start = self.at;
        self.advance('{');
        let min = self.number();
        let comma = self.eat(',');
        let max = if comma { self.number() } else { min };
        if !self.eat('}') || (min.is_none() && max.is_none()) {
            self.at = start;
            return self.fail("expected {n}, {n,} or {n,m}");
        }
        if min.is_none() {
            self.warn("{,m} is taken for {0,m}".to_owned());
        }
        let min = min.unwrap_or(0);
        if max.is_some_and(|max| max < min) {
            self.at = start;
            return self.fail("the greater number comes first");
        }
        self.no_second_quantifier()?;
        Ok(repeat(atom, min, max))
    }

    fn no_second_quantifier(&mut self) -> Result<(), PatternError> {
        match self.peek() {
            Some('?' | '*' | '+' | '{') => self.fail("a repetition may not be repeated: put it in parentheses"),
            Some(_) | None => Ok(()),
        }
    }

    /// Digits; more than 32 bits is as much as 32 bits.
    fn number(&mut self) -> Option<u32> {
        let rest = &self.source[self.at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.at += digits;
        (digits > 0).then(|| rest[..digits].parse().unwrap_or(u32::MAX))
    }

    /// `[…]`, with `^` and `-[…]`.
    fn class(&mut self) -> Result<CharSet, PatternError> {
        let start = self.at;
        self.advance('[');
        self.enter()?;
        let negative = self.eat('^');
        let mut set = CharSet::default();
        let mut ranges = Vec::new();
        let mut without = None;
        let first = self.at;
        loop {
            let Some(c) = self.peek() else {
                self.at = start;
                return self.fail("a closing bracket is missing");
            };
            if c == ']' {
                break;
            }
            if self.source[self.at..].starts_with("-[") && self.at > first {
                self.at += 1;
                without = Some(self.class()?);
                break;
            }
            match self.class_item(c)? {
                ClassItem::Set(more) => set = set.union(&more),
                ClassItem::Char(low) => ranges.push(self.range_from(low)?),
            }
        }
        if self.at == first {
            return self.fail("empty brackets");
        }
        if !self.eat(']') {
            return self.fail("a closing bracket is expected after a subtraction");
        }
        self.depth -= 1;
        let set = set.union(&CharSet::new(ranges));
        let set = if negative { set.negate() } else { set };
        Ok(without.map_or_else(|| set.clone(), |without| set.subtract(&without)))
    }

    /// The range that a character begins, if a hyphen and another character follow it.
    fn range_from(&mut self, low: char) -> Result<(u32, u32), PatternError> {
        let start = self.at;
        let alone = (u32::from(low), u32::from(low));
        if !self.eat('-') {
            return Ok(alone);
        }
        match self.peek() {
            None | Some(']' | '[' | '-') => {
                self.at = start;
                Ok(alone)
            }
            Some(c) => match self.class_item(c)? {
                ClassItem::Char(high) if high >= low => Ok((u32::from(low), u32::from(high))),
                ClassItem::Char(high) => {
                    self.at = start;
                    self.fail(format!("the range {low}-{high} goes backwards"))
                }
                ClassItem::Set(_) => {
                    self.at = start;
                    self.fail("a range ends with a class of characters: escape the hyphen")
                }
            },
        }
    }

    fn class_item(&mut self, c: char) -> Result<ClassItem, PatternError> {
        match c {
            '\\' => self.escape(),
            '[' => self.fail("an opening bracket inside brackets must be escaped"),
            _ => {
                self.advance(c);
                Ok(ClassItem::Char(c))
            }
        }
    }

    fn escape(&mut self) -> Result<ClassItem, PatternError> {
        let start = self.at;
        self.advance('\\');
        let Some(c) = self.peek() else { return self.fail("a backslash at the end escapes nothing") };
        self.advance(c);
        let set = match c {
            'n' => return Ok(ClassItem::Char('\n')),
            'r' => return Ok(ClassItem::Char('\r')),
            't' => return Ok(ClassItem::Char('\t')),
            'u' => return self.code_point(start).map(ClassItem::Char),
            'p' | 'P' => self.property(start)?,
            _ if c.is_ascii_alphanumeric() => match unicode::multi(c.to_ascii_lowercase()) {
                Some(set) => set,
                None => {
                    self.at = start;
                    return self.fail(format!("\\{c} is no escape of XML Schema"));
                }
            },
            _ => {
                if !r"\|.?*+(){}-[]^".contains(c) {
                    self.warn(format!("\\{c} is taken for {c}, which needs no escape"));
                }
                return Ok(ClassItem::Char(c));
            }
        };
        Ok(ClassItem::Set(if c.is_ascii_uppercase() { set.negate() } else { set }))
    }

    /// What stands in the braces of `\p{…}`.
    fn property(&mut self, start: usize) -> Result<CharSet, PatternError> {
        let rest = &self.source[self.at..];
        let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        let Some(name) = name else {
            self.at = start;
            return self.fail("expected a category or block in braces");
        };
        self.at += name.len() + 2;
        let set = unicode::property(name);
        set.ok_or_else(|| PatternError { offset: start, message: format!("there is no category or block {name:?}") })
    }

    /// The character of `\uXXXX`, which other dialects have.
    fn code_point(&mut self, start: usize) -> Result<char, PatternError> {
        let digits = self.source.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let point = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        let Some(point) = point else {
            self.at = start;
            return self.fail("\\u is no escape of XML Schema");
        };
        self.at += 4;
        self.warn("\\u is not of XML Schema and is taken for the character of that number".to_owned());
        Ok(point)
    }

    fn enter(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        if self.depth > NESTING { self.fail(format!("groups nest more than {NESTING} deep")) } else { Ok(()) }
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn advance(&mut self, c: char) {
        self.at += c.len_utf8();
    }

    fn eat(&mut self, c: char) -> bool {
        let there = self.peek() == Some(c);
        if there {
            self.advance(c);
        }
        there
    }

    fn warn(&mut self, message: String) {
        if !self.warnings.contains(&message) {
            self.warnings.push(message);
        }
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, PatternError> {
        Err(PatternError { offset: self.at, message: message.into() })
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match (nodes.len(), nodes.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            nodes.push(last);
            many(nodes)
        }
        (_, None) => Node::Sequence(nodes),
    }
}

/// A repetition, save that `(x*)*` and the like are `x*` however often they repeat.
fn repeat(node: Node, min: u32, max: Option<u32>) -> Node {
    let endless = matches!(node, Node::Repeat { min: 0, max: None, .. });
    if endless && max != Some(0) { node } else { Node::Repeat { node: Box::new(node), min, max } }
}
