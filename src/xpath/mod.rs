//! XPath 1.0, by the letter of the recommendation: <https://www.w3.org/TR/1999/REC-xpath-19991116/>.
//!
//! Text -> syntax (as written, with places) -> model (names resolved, typed). All faults are found when an expression is compiled;
//! at run time only a budget can run out. Knows XML; nothing of SOAP, contracts or configuration: prefixes and the names of
//! variables are given.

mod budget;
mod compile;
mod document;
mod environment;
mod evaluate;
mod expression;
mod fault;
mod function;
mod lex;
mod model;
mod number;
mod parse;
mod scalar;
mod stream;
mod syntax;
mod text;
mod value;

pub use crate::xpath::budget::Budget;
pub use crate::xpath::budget::DEFAULT_BUDGET;
pub use crate::xpath::budget::EvaluationError;
pub use crate::xpath::document::Document;
pub use crate::xpath::document::NodeId;
pub use crate::xpath::document::NodeKind;
pub use crate::xpath::environment::Environment;
pub use crate::xpath::environment::Variables;
pub use crate::xpath::expression::Expression;
pub use crate::xpath::expression::Type;
pub use crate::xpath::fault::Fault;
pub use crate::xpath::stream::Found;
pub use crate::xpath::stream::NeedsTree;
pub use crate::xpath::stream::Program;
pub use crate::xpath::stream::StreamError;
pub use crate::xpath::stream::Streamed;
pub use crate::xpath::value::Value;
pub use crate::xpath::value::number_to_string;
