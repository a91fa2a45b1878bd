//! From tokens to syntax: the grammar of sections 2 and 3.
//!
//! Recursion is by brackets alone, and their depth is limited; operators of a bracket are read as one list and then split by
//! how tightly they bind.

use crate::diagnostic::nearest;
use crate::xpath::fault::Fault;
use crate::xpath::lex::Token;
use crate::xpath::lex::tokens;
use crate::xpath::syntax::AXES;
use crate::xpath::syntax::Axis;
use crate::xpath::syntax::Call;
use crate::xpath::syntax::Expr;
use crate::xpath::syntax::Kind;
use crate::xpath::syntax::LEVELS;
use crate::xpath::syntax::Name;
use crate::xpath::syntax::Operator;
use crate::xpath::syntax::Path;
use crate::xpath::syntax::Span;
use crate::xpath::syntax::Start;
use crate::xpath::syntax::Step;
use crate::xpath::syntax::Test;

/// Bytes of an expression.
const MOST_BYTES: usize = 64 << 10;
/// Brackets within brackets.
const MOST_DEPTH: usize = 100;
const NODE_TEST: &str = "a node test: a name, `*`, `text()` or `node()`";
/// What a location step is called by when it is asked for.
const STEP: &str = "a step: a name, `*`, `@name`, `.`, `..` or `text()`";

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expr<'_>, Fault> {
    if text.len() > MOST_BYTES {
        let message = format!("the expression has {} bytes, {MOST_BYTES} are allowed", text.len());
        return Err(Fault::new("limit-expression", 0..0, message));
    }
    let mut parser = Parser { text, tokens: tokens(text), at: 0, depth: 0 };
    let expr = parser.expr()?;
    if *parser.peek() == Token::End {
        return Ok(expr);
    }
    let closes = matches!(parser.peek(), Token::Close | Token::CloseBracket);
    Err(if closes { parser.fault("the end", Some("no bracket is open here")) } else { parser.fault("an operator or the end", None) })
}

struct Parser<'e> {
    text: &'e str,
    tokens: Vec<(Token<'e>, Span)>,
    at: usize,
    depth: usize,
}

impl<'e> Parser<'e> {
    fn peek(&self) -> &Token<'e> {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |(_, span)| span.clone())
    }

    /// Where the last token ended.
    fn behind(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |(_, span)| span.end)
    }

    fn take(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.peek() == wanted;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &Token<'_>, name: &str) -> Result<(), Fault> {
        if self.take(wanted) { Ok(()) } else { Err(self.fault(name, None)) }
    }

    /// What is wrong at this token, where something else is expected.
    fn fault(&self, expected: &str, help: Option<&str>) -> Fault {
        let span = self.span();
        if let Token::Bad(fault) = self.peek() {
            return fault.clone();
        }
        let found: String = self.text.get(span.clone()).unwrap_or_default().chars().take(40).collect();
        let message = match found.as_str() {
            "" if self.at == 0 => String::from("the expression is empty"),
            "" => format!("expected {expected}, found the end"),
            found => format!("expected {expected}, found `{found}`"),
        };
        let fault = Fault::new("syntax", span, message);
        match help {
            Some(help) => fault.with_help(help),
            None => fault,
        }
    }

    /// One bracket deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == MOST_DEPTH {
            return Err(Fault::new("limit-depth", self.span(), format!("brackets are nested more than {MOST_DEPTH} deep")));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn expr(&mut self) -> Result<Expr<'e>, Fault> {
        let first = self.operand()?;
        let mut rest = Vec::new();
        while let Token::Operator(operator) = *self.peek() {
            self.at += 1;
            rest.push((operator, self.operand()?));
        }
        Ok(fold(first, rest, 0))
    }

    /// `UnaryExpr`, production \[27\].
    fn operand(&mut self) -> Result<Expr<'e>, Fault> {
        let from = self.span().start;
        let mut minuses = 0;
        while self.take(&Token::Operator(Operator::Minus)) {
            minuses += 1;
        }
        let operand = self.union()?;
        if minuses == 0 {
            return Ok(operand);
        }
        Ok(Expr { span: from..operand.span.end, kind: Kind::Negation(minuses, Box::new(operand)) })
    }

    fn union(&mut self) -> Result<Expr<'e>, Fault> {
        let from = self.span().start;
        let first = self.path()?;
        if *self.peek() != Token::Pipe {
            return Ok(first);
        }
        let mut members = vec![first];
        while self.take(&Token::Pipe) {
            if *self.peek() == Token::Pipe {
                return Err(self.fault("a path", Some("write `or` between conditions, one `|` between node-sets")));
            }
            members.push(self.path()?);
        }
        Ok(Expr { span: from..self.behind(), kind: Kind::Union(members) })
    }

    /// `PathExpr`, production \[19\].
    fn path(&mut self) -> Result<Expr<'e>, Fault> {
        let from = self.span().start;
        let mut steps = Vec::new();
        let start = if self.begins_primary() {
            let primary = self.primary()?;
            let predicates = self.predicates()?;
            let is_path = matches!(self.peek(), Token::Slash | Token::DoubleSlash);
            if predicates.is_empty() && !is_path {
                return Ok(primary);
            }
            self.more_steps(&mut steps)?;
            Start::Filter(Box::new(primary), predicates)
        } else if self.take(&Token::Slash) {
            if self.begins_step() {
                self.step(&mut steps)?;
                self.more_steps(&mut steps)?;
            }
            Start::Root
        } else if *self.peek() == Token::DoubleSlash {
            self.more_steps(&mut steps)?;
            Start::Root
        } else if self.begins_step() {
            self.step(&mut steps)?;
            self.more_steps(&mut steps)?;
            Start::Context
        } else {
            return Err(self.fault("an expression", None));
        };
        Ok(Expr { span: from..self.behind(), kind: Kind::Path(Path { start, steps }) })
    }

    fn begins_primary(&self) -> bool {
        match self.function_name() {
            Some(name) => !is_node_type(name),
            None => matches!(self.peek(), Token::Open | Token::Literal(_) | Token::Number(_) | Token::Variable(_)),
        }
    }

    fn begins_step(&self) -> bool {
        match self.function_name() {
            Some(name) => is_node_type(name),
            None => matches!(
                self.peek(),
                Token::Dot | Token::DotDot | Token::At | Token::Axis(_) | Token::Star | Token::PrefixStar(_) | Token::Name(_)
            ),
        }
    }

    /// The name, if a function or a node type is called here.
    fn function_name(&self) -> Option<Name<'e>> {
        if let Token::Function(name) = self.peek() { Some(*name) } else { None }
    }

    fn primary(&mut self) -> Result<Expr<'e>, Fault> {
        let span = self.span();
        if let Some(name) = self.function_name() {
            self.at += 1;
            let call = Call { name, name_span: span.clone(), arguments: self.arguments()? };
            return Ok(Expr { span: span.start..self.behind(), kind: Kind::Call(call) });
        }
        if self.take(&Token::Open) {
            let inner = self.deeper(Self::expr)?;
            self.expect(&Token::Close, "`)`")?;
            return Ok(Expr { span: span.start..self.behind(), kind: inner.kind });
        }
        let kind = if let Token::Literal(text) = *self.peek() {
            Kind::Literal(text)
        } else if let Token::Number(digits) = *self.peek() {
            Kind::Number(digits)
        } else if let Token::Variable(name) = *self.peek() {
            Kind::Variable(name)
        } else {
            return Err(self.fault("an expression", None));
        };
        self.at += 1;
        Ok(Expr { span, kind })
    }

    fn arguments(&mut self) -> Result<Vec<Expr<'e>>, Fault> {
        self.expect(&Token::Open, "`(`")?;
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.deeper(Self::expr)?);
            if self.take(&Token::Close) {
                return Ok(arguments);
            }
            self.expect(&Token::Comma, "`,` or `)`")?;
        }
    }

    fn predicates(&mut self) -> Result<Vec<Expr<'e>>, Fault> {
        let mut predicates = Vec::new();
        while self.take(&Token::OpenBracket) {
            predicates.push(self.deeper(Self::expr)?);
            self.expect(&Token::CloseBracket, "`]`")?;
        }
        Ok(predicates)
    }

    fn more_steps(&mut self, steps: &mut Vec<Step<'e>>) -> Result<(), Fault> {
        loop {
            let span = self.span();
            if self.take(&Token::DoubleSlash) {
                steps.push(Step { axis: Axis::DescendantOrSelf, test: Test::Node, test_span: span, predicates: Vec::new() });
            } else if !self.take(&Token::Slash) {
                return Ok(());
            }
            self.step(steps)?;
        }
    }

    fn step(&mut self, steps: &mut Vec<Step<'e>>) -> Result<(), Fault> {
        let span = self.span();
        for (token, axis) in [(Token::Dot, Axis::Itself), (Token::DotDot, Axis::Parent)] {
            if self.take(&token) {
                steps.push(Step { axis, test: Test::Node, test_span: span.clone(), predicates: Vec::new() });
                return self.no_predicate(&span);
            }
        }
        let axis = self.axis()?;
        let test_span = self.span();
        let test = self.test()?;
        let predicates = self.predicates()?;
        steps.push(Step { axis, test, test_span, predicates });
        Ok(())
    }

    fn no_predicate(&self, step: &Span) -> Result<(), Fault> {
        if *self.peek() != Token::OpenBracket {
            return Ok(());
        }
        let written = self.text.get(step.clone()).unwrap_or_default();
        let long = if written == "." { "self::node()[…]" } else { "parent::node()[…]" };
        let help = format!("`{written}` takes no predicate; write `{long}`");
        Err(self.fault("`/`, an operator or the end", Some(&help)))
    }

    fn axis(&mut self) -> Result<Axis, Fault> {
        if self.take(&Token::At) {
            return Ok(Axis::Attribute);
        }
        let Token::Axis(name) = *self.peek() else { return Ok(Axis::Child) };
        let Some((_, axis)) = AXES.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = AXES.iter().map(|(name, _)| *name).collect();
            let help = nearest(name, &known)
                .map_or_else(|| format!("the axes are {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
            return Err(Fault::new("unknown-axis", self.span(), format!("unknown axis `{name}`")).with_help(help));
        };
        self.at += 2;
        Ok(*axis)
    }

    fn test(&mut self) -> Result<Test<'e>, Fault> {
        if let Some(name) = self.function_name() {
            if is_node_type(name) {
                return self.node_type(name.local);
            }
            let help = "XPath 1.0 has no function calls as steps; put the path into the call: `string(//a)`";
            return Err(self.fault(STEP, Some(help)));
        }
        let test = if *self.peek() == Token::Star {
            Test::Any
        } else if let Token::PrefixStar(prefix) = *self.peek() {
            Test::Namespace(prefix)
        } else if let Token::Name(name) = *self.peek() {
            Test::Name(name)
        } else {
            return Err(self.fault(if self.after_axis() { NODE_TEST } else { STEP }, None));
        };
        self.at += 1;
        Ok(test)
    }

    fn after_axis(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        matches!(before, Some((Token::At | Token::ColonColon, _)))
    }

    fn node_type(&mut self, name: &str) -> Result<Test<'e>, Fault> {
        self.at += 1;
        self.expect(&Token::Open, "`(`")?;
        let test = match name {
            "text" => Test::Text,
            "comment" => Test::Comment,
            "node" => Test::Node,
            _ => {
                let target = if let Token::Literal(target) = *self.peek() { Some(target) } else { None };
                self.at += usize::from(target.is_some());
                Test::Instruction(target)
            }
        };
        let expected = if matches!(test, Test::Instruction(None)) { "`)` or the target in quotes" } else { "`)`" };
        self.expect(&Token::Close, expected)?;
        Ok(test)
    }
}

/// `NodeType`, production \[38\].
fn is_node_type(name: Name<'_>) -> bool {
    name.prefix.is_none() && matches!(name.local, "comment" | "text" | "processing-instruction" | "node")
}

/// Splits a list of operands at the operators of a level, and its parts at those that bind tighter.
fn fold<'e>(first: Expr<'e>, rest: Vec<(Operator, Expr<'e>)>, level: usize) -> Expr<'e> {
    if rest.is_empty() || level == LEVELS {
        return first;
    }
    let mut lead = Vec::new();
    // Each operator of the level with what stands behind it: an operand and what binds tighter.
    let mut parts = Vec::new();
    for (operator, operand) in rest {
        if operator.level() == level {
            parts.push((operator, operand, Vec::new()));
        } else {
            let tail = parts.last_mut().map_or(&mut lead, |(_, _, tail)| tail);
            tail.push((operator, operand));
        }
    }
    let first = fold(first, lead, level + 1);
    let rest: Vec<_> = parts.into_iter().map(|(operator, operand, tail)| (operator, fold(operand, tail, level + 1))).collect();
    match rest.last() {
        Some((_, last)) => Expr { span: first.span.start..last.span.end, kind: Kind::Chain(Box::new(first), rest) },
        None => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let fault = parse(text).expect_err(text);
        format!("{}: {fault}", fault.span.start)
    }

    #[test]
    fn the_leftmost_fault_is_told() {
        assert_eq!(refused("//a[@id=] # 'open"), "8: expected an expression, found `]`");
        assert_eq!(refused("count(//a"), "9: expected `,` or `)`, found the end");
        assert!(refused("a b").starts_with("2: expected an operator or the end, found `b`"));
        assert!(refused("").starts_with("0: the expression is empty"));
        assert!(refused("child::foo::bar").starts_with("7: expected a node test"));
        assert!(refused("//").starts_with("2: expected a step"));
        assert!(refused("..[1]").starts_with("2: expected `/`, an operator or the end, found `[`; `..` takes no predicate"));
        assert!(refused("//a/string()").starts_with("4: expected a step"));
        assert!(refused("1e3").contains("no exponent"));
        assert!(refused("ancestr::a").contains("did you mean `ancestor`?"));
    }

    #[test]
    fn brackets_are_limited_and_operators_are_not() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(100)).is_ok());
        assert!(refused(&nested(101)).contains("nested more than 100 deep"));
        assert!(refused(&"[".repeat(10_000)).starts_with("0: expected an expression"));
        assert!(parse(&format!("1{}", " + 1".repeat(15_000))).is_ok());
        assert!(parse(&format!("{}1", "-".repeat(60_000))).is_ok());
        assert!(parse(&format!("a{}", "/a".repeat(30_000))).is_ok());
        assert!(refused(&" ".repeat(70_000)).contains("70000 bytes"));
    }

    #[test]
    fn operators_bind_by_level_and_from_the_left() {
        let Kind::Chain(first, rest) = parse("1 + 2 * 3 - 4").expect("good").kind else { panic!("no chain") };
        assert!(matches!(first.kind, Kind::Number("1")));
        assert!(matches!(&rest[..], [(Operator::Plus, Expr { kind: Kind::Chain(..), .. }), (Operator::Minus, _)]));
    }
}
