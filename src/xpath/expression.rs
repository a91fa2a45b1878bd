//! A compiled expression: what its users hold.

use std::sync::Arc;

use crate::xml::name::QName;
use crate::xpath::compile::compile;
use crate::xpath::environment::Environment;
use crate::xpath::fault::Fault;
use crate::xpath::model::Expr;
use crate::xpath::parse::parse;

/// An XPath 1.0 expression, compiled once and shared between threads.
///
/// ```
/// use castile::xpath::Environment;
/// use castile::xpath::Expression;
///
/// let environment = Environment::default().with_namespace("o", "urn:orders").with_family("http");
/// assert!(Expression::compile("//o:Line[@no = $http.line]", &environment).is_ok());
///
/// let faults = Expression::compile("cout(//x:Line)", &environment).unwrap_err();
/// assert_eq!(faults[0].to_string(), "unknown function `cout`; did you mean `count`?");
/// assert_eq!(faults[1].message, "unknown namespace prefix `x`");
/// ```
#[derive(Clone, Debug)]
pub struct Expression {
    text: Arc<str>,
    pub(super) root: Expr,
    /// The expanded names that tests refer to.
    pub(super) names: Vec<QName>,
    pub(super) variables: Vec<Arc<str>>,
}

/// What an expression yields.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// Nodes of the document.
    NodeSet,
    /// True or false.
    Boolean,
    /// A double.
    Number,
    /// Text.
    Text,
}

impl Expression {
    /// Reads, resolves and checks an expression.
    ///
    /// # Errors
    /// With the first fault of syntax, or with all faults of names and types.
    pub fn compile(text: &str, environment: &Environment) -> Result<Self, Vec<Fault>> {
        let syntax = parse(text).map_err(|fault| vec![fault])?;
        let compiled = compile(&syntax, environment)?;
        Ok(Self { text: text.into(), root: compiled.root, names: compiled.names, variables: compiled.variables })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it yields.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self.root {
            Expr::Nodes(_) => Type::NodeSet,
            Expr::Boolean(_) => Type::Boolean,
            Expr::Number(_) => Type::Number,
            Expr::Text(_) => Type::Text,
        }
    }

    /// The variables that it refers to, without `$`.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let environment = Environment::default().with_namespace("ord", "urn:o").with_variable("operation").with_family("http");
        let faults = Expression::compile(text, &environment).err().unwrap_or_default();
        faults.iter().map(|fault| format!("{}..{}: {fault}", fault.span.start, fault.span.end)).collect()
    }

    #[test]
    fn unknown_names_are_told_with_the_nearest_known_one() {
        assert_eq!(faults("starts-wth(//a, 'x')"), ["0..10: unknown function `starts-wth`; did you mean `starts-with`?"]);
        assert_eq!(faults("//od:a"), ["2..6: unknown namespace prefix `od`; did you mean `ord`?"]);
        assert_eq!(faults("$opration"), ["0..9: unknown variable `$opration`; did you mean `$operation`?"]);
        assert_eq!(faults("$http.x-y = 'a' or $operation"), [""; 0]);
        assert_eq!(faults("$http."), ["0..6: unknown variable `$http.`; did you mean `$http`?"]);
    }

    #[test]
    fn all_faults_of_names_and_types_are_told_at_once() {
        let found = faults("count('a') + sum(//q:b[nope()]) + string-length(1, 2, 3)");
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0], "6..9: `count()` takes a node-set, this is a string");
        assert!(found[1].starts_with("19..22: unknown namespace prefix `q`"), "{}", found[1]);
        assert!(found[2].starts_with("23..27: unknown function `nope`"), "{}", found[2]);
        assert_eq!(found[3], "51..52: `string-length()` takes 0 or 1 argument, it is given 3");
    }

    #[test]
    fn what_is_no_node_set_takes_no_predicate_path_or_union() {
        assert_eq!(faults("//a | 'x'"), ["6..9: a union takes node-sets, this is a string"]);
        assert_eq!(faults("'x'[1]"), ["0..3: a predicate filters a node-set, this is a string"]);
        assert_eq!(faults("(1 + 2)/a"), ["0..7: a path leads on from a node-set, this is a number"]);
        assert_eq!(faults("substring('abc')"), ["0..9: `substring()` takes 2 or 3 arguments, it is given 1"]);
    }

    #[test]
    fn the_type_is_known_without_a_document() {
        let kind = |text| Expression::compile(text, &Environment::default()).expect(text).kind();
        assert_eq!(kind("//a | //b"), Type::NodeSet);
        assert_eq!(kind("//a = 1 = 2"), Type::Boolean);
        assert_eq!(kind("--//a"), Type::Number);
        assert_eq!(kind("name()"), Type::Text);
    }

    #[test]
    fn a_deep_expression_compiles_on_a_small_stack() {
        let deep = format!("{}1{}", "a[1 + b * not(c = d and e < ".repeat(49), ")]".repeat(49));
        let environment = Environment::default();
        std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || assert!(Expression::compile(&deep, &environment).is_ok()))
            .expect("a thread")
            .join()
            .expect("no overflow");
    }

    #[test]
    fn an_expression_is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Expression>();
    }
}
