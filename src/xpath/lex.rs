//! From the text of an expression to tokens, with the rules of section 3.7 that tell an operator from a name.
//!
//! What is no token becomes [`Token::Bad`], the last of the list: the parser comes to it only if all before it is in order,
//! so that the leftmost fault is the one that is told.

use crate::xml::char::is_name_char;
use crate::xml::char::is_name_start;
use crate::xml::char::is_space;
use crate::xpath::fault::Fault;
use crate::xpath::syntax::Name;
use crate::xpath::syntax::Operator;
use crate::xpath::syntax::Span;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token<'e> {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Dot,
    DotDot,
    At,
    Comma,
    ColonColon,
    Slash,
    DoubleSlash,
    Pipe,
    Operator(Operator),
    /// `*` where no operator can stand.
    Star,
    /// `prefix:*`
    PrefixStar(&'e str),
    /// A name test.
    Name(Name<'e>),
    /// A name before `(`.
    Function(Name<'e>),
    /// A name before `::`.
    Axis(&'e str),
    Variable(&'e str),
    /// The text between the quotes.
    Literal(&'e str),
    Number(&'e str),
    End,
    Bad(Fault),
}

/// All tokens with their places; the last is [`Token::End`] or [`Token::Bad`].
pub(super) fn tokens(text: &str) -> Vec<(Token<'_>, Span)> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens: Vec<(Token<'_>, Span)> = Vec::new();
    loop {
        lexer.skip_space();
        let from = lexer.at;
        let operand_before = tokens.last().is_some_and(|(token, _)| ends_operand(token));
        let token = lexer.token(operand_before).unwrap_or_else(Token::Bad);
        let last = matches!(token, Token::End | Token::Bad(_));
        tokens.push((token, from..lexer.at));
        if last {
            return tokens;
        }
    }
}

/// Whether `*` or a name behind it is an operator (section 3.7, first rule).
fn ends_operand(token: &Token<'_>) -> bool {
    match token {
        Token::At
        | Token::ColonColon
        | Token::Open
        | Token::OpenBracket
        | Token::Comma
        | Token::Slash
        | Token::DoubleSlash
        | Token::Pipe
        | Token::Operator(_) => false,
        Token::Close
        | Token::CloseBracket
        | Token::Dot
        | Token::DotDot
        | Token::Star
        | Token::PrefixStar(_)
        | Token::Name(_)
        | Token::Function(_)
        | Token::Axis(_)
        | Token::Variable(_)
        | Token::Literal(_)
        | Token::Number(_)
        | Token::End
        | Token::Bad(_) => true,
    }
}

struct Lexer<'e> {
    text: &'e str,
    at: usize,
}

impl<'e> Lexer<'e> {
    fn rest(&self) -> &'e str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| is_space(*byte)).count();
    }

    fn token(&mut self, operand_before: bool) -> Result<Token<'e>, Fault> {
        let rest = self.rest();
        if let Some((length, token)) = fixed(rest, operand_before) {
            self.at += length;
            return Ok(token);
        }
        match rest.chars().next() {
            None => Ok(Token::End),
            Some(quote @ ('"' | '\'')) => self.literal(quote),
            Some('0'..='9' | '.') => Ok(self.number()),
            Some('$') => self.variable(),
            Some(c) if is_name_start(c) => self.name(operand_before),
            Some(c) => Err(strange(rest, c, self.at)),
        }
    }

    fn literal(&mut self, quote: char) -> Result<Token<'e>, Fault> {
        let from = self.at + 1;
        let inner = self.text.get(from..).unwrap_or_default();
        match inner.find(quote) {
            Some(length) => {
                self.at = from + length + 1;
                Ok(Token::Literal(inner.get(..length).unwrap_or_default()))
            }
            None => {
                Err(Fault::new("unclosed-literal", self.at..self.text.len(), format!("a string that begins with {quote} is not closed"))
                    .with_help(format!("close it with {quote}; a string cannot hold the quote that it is written in")))
            }
        }
    }

    /// `Digits ('.' Digits?)? | '.' Digits`.
    fn number(&mut self) -> Token<'e> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut length = digits(rest);
        if rest.as_bytes().get(length) == Some(&b'.') {
            length += 1 + digits(rest.get(length + 1..).unwrap_or_default());
        }
        self.at += length;
        Token::Number(rest.get(..length).unwrap_or_default())
    }

    fn variable(&mut self) -> Result<Token<'e>, Fault> {
        let from = self.at;
        self.at += 1;
        let start = self.at;
        if self.ncname().is_none() {
            return Err(Fault::new("no-name", from..self.at, "expected the name of a variable right behind `$`"));
        }
        if self.rest().starts_with(':') && !self.rest().starts_with("::") {
            self.at += 1;
            if self.ncname().is_none() {
                return Err(Fault::new("no-name", from..self.at, "expected a name right behind the colon"));
            }
        }
        Ok(Token::Variable(self.text.get(start..self.at).unwrap_or_default()))
    }

    fn ncname(&mut self) -> Option<&'e str> {
        let rest = self.rest();
        rest.chars().next().filter(|c| is_name_start(*c))?;
        let name = rest.split(|c| !is_name_char(c)).next()?;
        self.at += name.len();
        Some(name)
    }

    fn name(&mut self, operand_before: bool) -> Result<Token<'e>, Fault> {
        let from = self.at;
        let first = self.ncname().unwrap_or_default();
        if operand_before {
            return named_operator(first).ok_or_else(|| two_operands(first, from..self.at));
        }
        let prefixed = self.rest().starts_with(':') && !self.rest().starts_with("::");
        if !prefixed {
            return Ok(self.classify(Name { prefix: None, local: first }));
        }
        self.at += 1;
        if self.rest().starts_with('*') {
            self.at += 1;
            return Ok(Token::PrefixStar(first));
        }
        match self.ncname() {
            Some(local) => Ok(self.classify(Name { prefix: Some(first), local })),
            None => Err(Fault::new("no-name", self.at..self.at, format!("expected a name or `*` right behind `{first}:`"))),
        }
    }

    /// What a name is, by what follows it (section 3.7, second and third rule).
    fn classify(&self, name: Name<'e>) -> Token<'e> {
        let behind = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        match name.prefix {
            _ if behind.starts_with('(') => Token::Function(name),
            None if behind.starts_with("::") => Token::Axis(name.local),
            Some(_) | None => Token::Name(name),
        }
    }
}

/// The tokens of fixed form, the longest first.
fn fixed(rest: &str, operand_before: bool) -> Option<(usize, Token<'static>)> {
    let operator = |operator| Token::Operator(operator);
    let token = match rest.as_bytes() {
        [b'.', b'.', ..] => (2, Token::DotDot),
        [b'.', b'0'..=b'9', ..] => return None,
        [b'.', ..] => (1, Token::Dot),
        [b':', b':', ..] => (2, Token::ColonColon),
        [b'/', b'/', ..] => (2, Token::DoubleSlash),
        [b'/', ..] => (1, Token::Slash),
        [b'!', b'=', ..] => (2, operator(Operator::NotEqual)),
        [b'<', b'=', ..] => (2, operator(Operator::LessOrEqual)),
        [b'>', b'=', ..] => (2, operator(Operator::GreaterOrEqual)),
        [b'<', ..] => (1, operator(Operator::Less)),
        [b'>', ..] => (1, operator(Operator::Greater)),
        [b'=', ..] => (1, operator(Operator::Equal)),
        [b'+', ..] => (1, operator(Operator::Plus)),
        [b'-', ..] => (1, operator(Operator::Minus)),
        [b'*', ..] if operand_before => (1, operator(Operator::Times)),
        [b'*', ..] => (1, Token::Star),
        [b'(', ..] => (1, Token::Open),
        [b')', ..] => (1, Token::Close),
        [b'[', ..] => (1, Token::OpenBracket),
        [b']', ..] => (1, Token::CloseBracket),
        [b'@', ..] => (1, Token::At),
        [b',', ..] => (1, Token::Comma),
        [b'|', ..] => (1, Token::Pipe),
        _ => return None,
    };
    Some(token)
}

fn named_operator(name: &str) -> Option<Token<'static>> {
    let operator = match name {
        "or" => Operator::Or,
        "and" => Operator::And,
        "div" => Operator::Div,
        "mod" => Operator::Mod,
        _ => return None,
    };
    Some(Token::Operator(operator))
}

fn two_operands(name: &str, span: Span) -> Fault {
    let fault = Fault::new("syntax", span, format!("expected an operator or the end, found `{name}`"));
    let is_exponent = name.strip_prefix(['e', 'E']).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'));
    match name {
        "eq" => fault.with_help("XPath 1.0 writes `=`"),
        "ne" => fault.with_help("XPath 1.0 writes `!=`"),
        "lt" | "le" | "gt" | "ge" => fault.with_help("XPath 1.0 writes `<`, `<=`, `>`, `>=`"),
        "to" | "then" | "else" | "return" | "in" | "satisfies" | "union" | "intersect" | "except" | "idiv" => {
            fault.with_help(format!("`{name}` is an operator of XPath 2.0; this is XPath 1.0"))
        }
        _ if is_exponent => fault.with_help("numbers of XPath 1.0 have no exponent"),
        _ => fault.with_help("between two operands stands an operator: and, or, =, !=, <, >, +, -, *, div, mod, |"),
    }
}

fn strange(rest: &str, c: char, at: usize) -> Fault {
    let fault = Fault::new("syntax", at..at + c.len_utf8(), format!("`{}` can stand nowhere in an expression", c.escape_debug()));
    match c {
        '&' if rest.starts_with("&lt;") || rest.starts_with("&gt;") || rest.starts_with("&amp;") || rest.starts_with("&quot;") => {
            fault.with_help("references are of XML; write the character itself")
        }
        '&' => fault.with_help("write `and`"),
        '!' => fault.with_help("write `not(…)`, or `!=`"),
        ':' => fault.with_help("a prefix and its colon stand together with the name: `prefix:name`"),
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Token<'_>> {
        tokens(text).into_iter().map(|(token, _)| token).collect()
    }

    #[test]
    fn a_star_and_a_name_are_operators_behind_an_operand_only() {
        let name = |local| Token::Name(Name { prefix: None, local });
        assert_eq!(kinds("* * *"), [Token::Star, Token::Operator(Operator::Times), Token::Star, Token::End]);
        assert_eq!(kinds("div div div"), [name("div"), Token::Operator(Operator::Div), name("div"), Token::End]);
        assert_eq!(kinds("@*"), [Token::At, Token::Star, Token::End]);
    }

    #[test]
    fn a_name_takes_hyphens_and_dots_along() {
        assert_eq!(kinds("a-b.c")[0], Token::Name(Name { prefix: None, local: "a-b.c" }));
        assert_eq!(kinds("$http.x-y")[0], Token::Variable("http.x-y"));
    }

    #[test]
    fn a_fault_is_the_last_token() {
        assert!(matches!(kinds("a # b")[..], [Token::Name(_), Token::Bad(_)]));
        assert!(matches!(kinds("'open")[..], [Token::Bad(_)]));
    }
}
